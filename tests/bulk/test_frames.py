"""What a worker sends back: answers are read whole, and nothing else is called, made or believed."""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from detector import Detector, Page
from detector.bulk import judge_in_workers
from detector.bulk.frames import answer_in, packed, receive_from_worker
from detector.errors import InputError
from detector.provenance.facts import Facts
from detector.service.pool import Worker
from detector.service.worker import Answer, Ready

from .judges import Executed, OwnError, obey


def test_every_answer_comes_back_as_it_was(detector: Detector) -> None:
    """Verdicts with all that they can be asked again, facts, the service's answers, exceptions."""
    verdict = detector.at_threshold(0.0).classify(Page.from_html("<p>online slot gacor casino bonus " * 40, "https://example.org/a"))
    assert verdict.evidence
    answers: list[Any] = [
        (True, [verdict, (verdict, Facts("a", None, licences=("x",)))]),
        Answer(verdict.to_dict(), {"voice": 0.5}, "text", ((0, 4, "body", None),), b"1234"),
        Ready("m", {"default": 0.5}, 0.5, {"a": [1, None]}, "d"),
    ]
    for answer in answers:
        assert receive_from_worker(io.BytesIO(packed(answer))) == answer
    again = answer_in(pickle.dumps(verdict))
    assert again.at(0.9) == verdict.at(0.9) and again.at(0.9).flagged is verdict.at(0.9).flagged
    for error in (InputError("a: cannot be read"), MemoryError(), ValueError("a")):
        assert repr(answer_in(pickle.dumps(error))) == repr(error)


@pytest.mark.parametrize(
    "content",
    [
        pickle.dumps(os.system), pickle.dumps(eval), pickle.dumps(Path("a")), pickle.dumps(Detector), pickle.dumps(OwnError("a")), pickle.dumps(SystemExit()), pickle.dumps(getattr),
        b"cdetector.verdict\nreplace\n.", b"\x80\x04\x8c\x10detector.verdict\x8c\x10Verdict.__init__\x93.", b"", b"\x80\x05", b"cdetector.errors\n__builtins__\n.", pickle.dumps([1, 2])[:-3],
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(content: bytes) -> None:
    """Functions, other classes, parts of classes, broken pickles."""
    with pytest.raises(EOFError):
        answer_in(content)


def test_a_worker_that_sends_code_is_given_up_and_the_code_not_run(tmp_path: Path) -> None:
    """In bulk the page is given up and the next one answered; in the service its worker is of no more use."""
    made = tmp_path / "made"
    pages = [["a", f"strange {made}", "b"]]
    assert list(judge_in_workers(obey, pages, 1, lambda page: "given up")) == ["answer to a", "given up", "answer to b"]
    worker = Worker.__new__(Worker)
    worker._pipe, theirs = multiprocessing.Pipe()
    theirs.send(Executed(str(made)))
    assert worker.judge(Page.from_text("a"), 1.0) is None
    assert not made.exists()


def test_an_exception_of_a_foreign_class_is_told_in_words() -> None:
    """It ends the run as any, and its page is not taken for one that killed its worker."""
    with pytest.raises(RuntimeError, match="OwnError: own fault"):
        list(judge_in_workers(obey, [["own fault"]], 1, lambda page: "given up"))
