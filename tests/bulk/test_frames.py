"""What a worker sends back: answers are read whole, and nothing else is called, made or believed."""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector import Detector, Page
from detector.bulk import judge_in_workers
from detector.bulk.frames import _RECORDS, answer_in, packed, receive_from_worker
from detector.errors import InputError
from detector.provenance.facts import Facts
from detector.service.pool import Worker
from detector.service.worker import Answer, Ready
from detector.verdict import Label

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


@pytest.mark.parametrize("record", [f"{module}\n{name}" for module, names in _RECORDS.items() for name in sorted(names)])
def test_no_pickle_changes_a_record_for_others(record: str) -> None:
    """Attributes of the class itself stay what they are; nor does a label, of which there is one for all verdicts, change its value."""
    with pytest.raises(EOFError):
        answer_in(f"c{record}\nN}}X\x04\0\0\0evilNs\x86b.".encode())
    with pytest.raises(EOFError, match="no state"):
        answer_in(b"cdetector.verdict\nLabel\n(X\x04\0\0\0spamtR}X\x07\0\0\0_value_X\x05\0\0\0cleansb.")
    assert Label.SPAM.value == "spam"


@pytest.mark.parametrize("length", [2**40, 2**62, 2**64 - 1])
def test_a_length_that_no_memory_holds_is_no_answer(length: int) -> None:
    with pytest.raises(EOFError):
        receive_from_worker(io.BufferedReader(io.BytesIO(length.to_bytes(8, "big"))))


def test_strings_and_numbers_of_other_libraries_make_plain_verdicts(detector: Detector) -> None:
    """A threshold out of numpy's quantile, ids and addresses out of an array: their verdicts come back from workers."""
    page = Page.from_text("The council met. " * 20, np.str_("https://example.org/a"), np.str_("1"))
    for asked in (detector.at_threshold(np.float64(0.5)), detector.at(np.str_("high-recall"))):
        verdict = asked.classify(page)
        assert answer_in(pickle.dumps(verdict)) == verdict
    assert answer_in(pickle.dumps(detector.timed_out(page))).id == "1"


def test_a_worker_that_answers_not_each_page_loses_none() -> None:
    """Its pages are asked one by one."""
    assert list(judge_in_workers(obey, [["a", "leave out", "b"]], 1, lambda page: "given up")) == ["answer to a", "given up", "answer to b"]


def test_a_worker_that_sends_code_is_given_up_and_the_code_not_run(tmp_path: Path) -> None:
    """In bulk the page is given up and the next one answered; in the service its worker is of no more use."""
    made = tmp_path / "made"
    pages = [["a", f"strange {made}", "b"]]
    assert list(judge_in_workers(obey, pages, 1, lambda page: "given up")) == ["answer to a", "given up", "answer to b"]
    worker = Worker.__new__(Worker)
    worker._pipe, theirs = multiprocessing.Pipe()
    for sent in (Executed(str(made)), "no answer"):
        theirs.send(sent)
        assert worker.judge(Page.from_text("a"), 1.0) is None
    assert not made.exists()


def test_an_exception_of_a_foreign_class_is_told_in_words() -> None:
    """It ends the run as any, and its page is not taken for one that killed its worker."""
    with pytest.raises(RuntimeError, match="OwnError: own fault"):
        list(judge_in_workers(obey, [["own fault"]], 1, lambda page: "given up"))
