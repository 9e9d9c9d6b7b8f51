"""`detector evaluate`: figures of a model on a labelled set, with intervals and slices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detector.detector import Detector
from detector.errors import InputError, RecordError
from detector.features.languages import language_of
from detector.page.page import HTML, TEXT, Page
from detector.reports.evaluation import evaluation_report
from detector.sinks.output import Output
from detector.training.metrics import area_under_curve, average_precision, calibration_error, rate
from detector.verdict import LABELS, Label, Verdict

# Recall is quoted at these false-positive rates, measured on the set itself.
RATES = (0.005, 0.01, 0.05)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page of an evaluated set."""

    page: Page
    label: str
    group: str
    language: str


def read_set(path: Path) -> Iterator[Labelled]:
    """Rows of a JSONL set (`id url html|text label group`), or the files of a folder with front matter (`label`, `language`, `url`).

    Raises:
        InputError: the path cannot be read; RecordError: a row has no text or no known label.
    """
    if path.is_dir():
        yield from _folder(path)
        return
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(f"{path}:{number}", line)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 ({error.reason} at byte {error.start}); give JSON Lines") from error


def _row(place: str, line: str) -> Labelled:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise RecordError(f"{place}: is not JSON ({error})") from error
    if not isinstance(row, dict) or not isinstance(row.get("url"), (str, type(None))) or not isinstance(row.get("label"), str):
        raise RecordError(f"{place}: needs an object with html or text, a label, and a url that is text or null")
    body = row.get("html") or row.get("text")
    if not isinstance(body, str) or row.get("label") not in set(map(str, Label)):
        raise RecordError(f"{place}: needs html or text, and a label of {', '.join(Label)}")
    page = Page(body, row.get("url"), str(row.get("id") or place), HTML if row.get("html") else TEXT)
    return Labelled(page, row["label"], str(row.get("group") or page.id), str(row.get("lang") or row.get("language") or ""))


def _folder(folder: Path) -> Iterator[Labelled]:
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".txt"))
    if not files:
        raise InputError(f"{folder}: holds no .html or .txt pages")
    for path in files:
        facts = front_matter(path)
        if facts.get("label") not in set(map(str, Label)):
            raise RecordError(f"{path}: front matter needs a label of {', '.join(Label)}")
        yield Labelled(Page.from_file(path), facts["label"], str(path), facts.get("language", ""))


def front_matter(path: Path) -> dict[str, str]:
    """The `key: value` lines at the head of a hand-written page."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if not text.startswith("---"):
        return {}
    head = text.split("---", 2)[1]
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines()) if value.strip()}


def run(dataset: Path, model: Path | None, report: Path | None, workers: int = 1, operating_point: str = "default") -> dict[str, Any]:
    """Judge the set and measure; with `report`, also write a self-contained HTML file.

    Raises:
        InputError, ModelError, OutputError: as their names say.
    """
    detector = Detector.load(model, operating_point=operating_point)
    pages = list(read_set(dataset))
    out = Output(report) if report is not None else None
    verdicts = list(detector.classify_many((item.page for item in pages), workers=workers))
    result = measure(pages, verdicts)
    result["model"] = detector.model
    if out is not None:
        out.write(evaluation_report(result, [item.label for item in pages], verdicts).encode("utf-8", "replace"))
        out.finish()
    return result


def measure(pages: list[Labelled], verdicts: list[Verdict]) -> dict[str, Any]:
    """All figures; abstaining verdicts are counted apart and in no rate."""
    judged = [(item, verdict) for item, verdict in zip(pages, verdicts, strict=True) if verdict.flag_probability is not None]
    result: dict[str, Any] = {"pages": len(pages), "abstained": len(pages) - len(judged)}
    if not judged:
        return result
    scores = np.array([verdict.flag_probability for _, verdict in judged], dtype=float)
    bad = np.array([item.label != "clean" for item, _ in judged])
    flags = np.array([bool(verdict.flagged) for _, verdict in judged])
    groups = [item.group for item, _ in judged]
    result["operating_point"] = judged[0][1].operating_point
    result["threshold"] = judged[0][1].threshold
    result["auc"] = _rounded(area_under_curve(scores, bad))
    result["average_precision"] = _rounded(average_precision(scores, bad))
    result["calibration_error"] = _rounded(calibration_error(scores, bad))
    result["right"] = _rounded(float((flags == bad).mean()))
    result["recall"] = rate(flags[bad], [group for group, is_bad in zip(groups, bad, strict=True) if is_bad])
    result["false_positives"] = rate(flags[~bad], [group for group, is_bad in zip(groups, bad, strict=True) if not is_bad])
    result["recall_at"] = {f"{share:.3f}": _rounded(_recall_at(scores, bad, share)) for share in RATES}
    caught = [
        (item.label, str(verdict.label)) for (item, verdict), flag in zip(judged, flags, strict=True) if flag and item.label != "clean"
    ]
    result["label_right_among_flagged"] = _rounded(sum(a == b for a, b in caught) / len(caught)) if caught else None
    result["confusion"] = {
        str(truth): {str(said): sum(item.label == truth and verdict.label == said for item, verdict in judged) for said in LABELS}
        for truth in LABELS
    }
    result["slices"] = {
        "label": _slices(judged, flags, lambda item: item.label),
        "language": _slices(judged, flags, lambda item: item.language or language_of(_sample(item.page)) or "unknown"),
        "form": _slices(judged, flags, lambda item: "html" if item.page.with_media_type().media_type == HTML else "text"),
        "address": _slices(judged, flags, lambda item: "known" if item.page.url else "unknown"),
    }
    return result


def _sample(page: Page) -> str:
    return page.body[:2000] if isinstance(page.body, str) else page.body[:2000].decode("utf-8", "replace")


def _recall_at(scores: np.ndarray, bad: np.ndarray, share: float) -> float:
    if bad.all() or not bad.any():
        return float("nan")
    clean = np.sort(scores[~bad])[::-1]
    threshold = clean[min(int(share * len(clean)), len(clean) - 1)]
    return float((scores[bad] > threshold).mean())


def _slices(judged: list[tuple[Labelled, Verdict]], flags: np.ndarray, key: Any) -> dict[str, dict[str, Any]]:
    """Pages, share flagged and share right, by slice and truth."""
    result: dict[str, dict[str, Any]] = {}
    for (item, _), flag in zip(judged, flags, strict=True):
        entry = result.setdefault(str(key(item)), {"pages": 0, "bad": 0, "bad_flagged": 0, "clean_flagged": 0})
        is_bad = item.label != "clean"
        entry["pages"] += 1
        entry["bad"] += is_bad
        entry["bad_flagged"] += bool(is_bad and flag)
        entry["clean_flagged"] += bool(not is_bad and flag)
    return dict(sorted(result.items(), key=lambda pair: -pair[1]["pages"]))


def _rounded(value: float) -> float | None:
    return None if value != value else round(value, 4)
