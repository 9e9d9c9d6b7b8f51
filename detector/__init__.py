"""Does what a web page says belong to the host that says it?

>>> from detector import Detector, Page
>>> detector = Detector.load()
>>> verdict = detector.classify(Page.from_html(html, url="https://example.org/a"))  # doctest: +SKIP
>>> verdict.flagged, verdict.label, verdict.flag_probability, verdict.evidence  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detector.errors import DetectorError, InputError, ModelError, UsageError
from detector.page.page import Page
from detector.verdict import Evidence, Label, Verdict

if TYPE_CHECKING:
    from detector.detector import Detector

__all__ = ["Detector", "DetectorError", "Evidence", "InputError", "Label", "ModelError", "Page", "UsageError", "Verdict"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # The class brings numpy and the parsers with it; `import detector` alone stays fast.
    if name == "Detector":
        from detector.detector import Detector

        return Detector
    raise AttributeError(f"module 'detector' has no attribute {name!r}")
