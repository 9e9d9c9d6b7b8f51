"""`detector evaluate`: figures of a model on a labelled set, with intervals and slices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detector.detector import Detector
from detector.errors import InputError, RecordError
from detector.features.languages import language_of
from detector.page.page import HTML, Page
from detector.reports.evaluation import evaluation_report
from detector.sinks.output import Output
from detector.sources.item import Failure
from detector.sources.labelled import open_labelled
from detector.training.metrics import area_under_curve, average_precision, calibration_error, rate
from detector.verdict import LABELS, Label, Verdict

# Recall is quoted at these false-positive rates, measured on the set itself.
RATES = (0.005, 0.01, 0.05)
# Bad rows named in a message.
_NAMED = 10
_LABELS = tuple(map(str, Label))


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page of an evaluated set."""

    page: Page
    label: str
    group: str
    language: str


def read_set(path: Path) -> Iterator[Labelled]:
    """Rows of a JSONL or Parquet set (`id url html|text label group`, and `language` or `lang`), or the files of a folder with front
    matter (`label`, `language`, `url`).

    Raises:
        InputError: the path cannot be read; RecordError: rows without a page or a known label, named after the good ones were given.
    """
    if path.is_dir():
        yield from _folder(path)
        return
    if not path.exists():
        raise InputError(f"{path}: cannot be read (no such file or folder)")
    bad: list[str] = []
    for item in open_labelled(path, ("label", "group", "language", "lang")):
        if isinstance(item, Failure):
            bad.append(str(item))
            continue
        page, place, beside = item
        if beside.get("label") not in _LABELS:
            bad.append(f"{path}: {place}: label {beside.get('label')!r} is none of {', '.join(Label)}")
            continue
        yield Labelled(page, beside["label"], str(beside.get("group", page.id)), str(beside.get("language", beside.get("lang", ""))))
    if bad:
        more = f"\n… and {len(bad) - _NAMED:,} more" if len(bad) > _NAMED else ""
        raise RecordError(f"{len(bad):,} row{'' if len(bad) == 1 else 's'} of the set cannot be used:\n" + "\n".join(bad[:_NAMED]) + more)


def _folder(folder: Path) -> Iterator[Labelled]:
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".txt"))
    if not files:
        raise InputError(f"{folder}: holds no .html or .txt pages")
    for path in files:
        facts = front_matter(path)
        if facts.get("label") not in _LABELS:
            raise RecordError(f"{path}: front matter needs a label of {', '.join(Label)}")
        yield Labelled(Page.from_file(path), facts["label"], str(path), facts.get("language", ""))


def front_matter(path: Path) -> dict[str, str]:
    """The `key: value` lines at the head of a hand-written page."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if not text.startswith("---"):
        return {}
    head = text.split("---", 2)[1]
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines()) if value.strip()}


def run(
    dataset: Path, model: Path | None, report: Path | None, workers: int = 1, operating_point: str = "default", attacks: bool = False
) -> dict[str, Any]:
    """Judge the set and measure; with `report`, also write a self-contained HTML file; with `attacks`, also under attack (`evasion`).

    Raises:
        InputError, ModelError, OutputError: as their names say.
    """
    detector = Detector.load(model, operating_point=operating_point)
    pages = list(read_set(dataset))
    out = Output(report, option="--report") if report is not None else None
    verdicts = list(detector.classify_many((item.page for item in pages), workers=workers))
    result = measure(pages, verdicts)
    result["model"] = detector.model
    if attacks:
        from detector.training.evasion import resist

        result["evasion"] = resist(detector, pages, workers)
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
