"""The process that judges pages: reads jobs from a pipe, writes answers. Whatever a page does to it, it does to it alone."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from detector.page.page import Page

_SENTENCES = "The council met on Tuesday. Der Rat tagte am Dienstag. Le conseil a voté. El consejo votó. 理事会于周二开会。 Совет собрался во вторник. "
_WARM_UP = (
    Page.from_text(_SENTENCES * 4, "https://herald.example/news/a"),
    Page.from_html(
        f"<title>Council</title><nav><a href='/a'>News</a></nav><h1>Council</h1><p>{_SENTENCES * 4}</p><footer>© Herald</footer>",
        "https://www.herald.co.uk/a",
    ),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service keeps and shows of a judged page; `text` to `features` are empty where it could not be read.

    `blocks` are (start, end, role, why hidden or None); `features` the row as float32 bytes.
    """

    verdict: dict[str, Any]
    shares: dict[str, float]
    text: str = ""
    blocks: tuple[tuple[int, int, str, str | None], ...] = ()
    features: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker's first message: the model that it has loaded, or why it has none."""

    model: str
    operating_points: dict[str, float]
    threshold: float
    manifest: dict[str, Any]
    schema_digest: str
    error: str | None = None


def run(pipe: Connection, model: Path | None, operating_point: str) -> None:
    """Serve until the other end closes. Signals are the parent's business: it drains, then closes the pipe."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # Here, and not above: the service's own process needs neither numpy nor a parser.
    from detector.detector import Detector
    from detector.errors import DetectorError
    from detector.model.artefact import default_model, load, schema_digest

    try:
        detector = Detector.load(model, operating_point=operating_point)
        manifest = load(model or default_model()).manifest
        # The first pages load word lists and language models; nobody should wait for that.
        threshold = [detector.examine(page) for page in _WARM_UP][-1].verdict.threshold
        # The first tier may be sure of all of these; the encoder of the second is what takes longest to load.
        Detector.load(model, operating_point=operating_point, semantic="always").examine(_WARM_UP[-1])
        ready = Ready(detector.model, detector.operating_points, threshold, manifest, schema_digest())
    except DetectorError as error:
        pipe.send(Ready("", {}, 0.5, {}, "", str(error)))
        return
    pipe.send(ready)
    while True:
        try:
            page: Page = pipe.recv()
            # Before it is parsed: should this process die without having said so, the page was not the cause.
            pipe.send_bytes(b"")
            pipe.send(_answer(detector, page))
        except (EOFError, OSError):
            return


def _answer(detector: Any, page: Page) -> Answer:
    found = detector.examine(page)
    if found.document is None or found.row is None:
        return Answer(found.verdict.to_dict(), {})
    shares = {name: round(share, 4) for name, share in found.shares.items()}
    blocks = tuple((block.start, block.end, block.role, block.hidden) for block in found.document.blocks)
    return Answer(found.verdict.to_dict(), shares, found.document.text, blocks, found.row.values.astype("float32").tobytes())
