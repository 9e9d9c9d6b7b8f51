"""The report of `detector evaluate`: figures, charts, slices, worst errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from detector.reports import curves
from detector.reports.svg import Line, histogram, line_chart
from detector.reports.writing import drawn, render
from detector.verdict import LABELS, Verdict

WORST = 20
_QUOTE = 200


def evaluation_report(metrics: dict[str, Any], truths: Sequence[str], verdicts: Sequence[Verdict]) -> str:
    """HTML of a measured set; `truths` are labels in the order of `verdicts`."""
    judged = [(truth, verdict) for truth, verdict in zip(truths, verdicts, strict=True) if verdict.flag_probability is not None]
    scores = np.array([verdict.flag_probability for _, verdict in judged], dtype=float)
    bad = np.array([truth != "clean" for truth, _ in judged], dtype=bool)
    return render(
        "evaluation.html",
        metrics=metrics,
        charts=_charts(metrics, scores, bad) if bad.any() and not bad.all() else [],
        tiles=_tiles(metrics),
        worst=_worst(judged),
        labels=[str(label) for label in LABELS],
        quote=_QUOTE,
    )


def _tiles(metrics: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(name, value, interval) of the figures that are read first."""
    tiles = [("pages", f"{metrics['pages']:,}", f"{metrics['abstained']:,} not judged")]
    for name, said in (("recall", "bad pages flagged"), ("false_positives", "clean pages flagged")):
        rate = metrics.get(name)
        if rate is not None and rate["rate"] is not None:
            low, high = rate["interval"]
            between = "" if low is None else f"{low:.1%} to {high:.1%}, {rate['flagged']} of {rate['pages']}"
            tiles.append((said, f"{rate['rate']:.1%}", between))
    for name, said, why in (
        ("auc", "area under ROC", "1 is perfect, 0.5 is chance"),
        ("average_precision", "average precision", ""),
        ("calibration_error", "calibration error", "0 is perfect"),
        ("label_right_among_flagged", "label right", "among bad pages flagged"),
    ):
        value = metrics.get(name)
        if value is not None:
            tiles.append((said, f"{value:.3f}", why))
    return tiles


def _charts(metrics: dict[str, Any], scores: np.ndarray, bad: np.ndarray) -> list[dict[str, Any]]:
    threshold = metrics["threshold"]
    flags = scores >= threshold
    false, recall = float(flags[~bad].mean()), float(flags[bad].mean())
    precision = float(bad[flags].mean()) if flags.any() else 1.0
    point = metrics["operating_point"]
    roc = line_chart(
        "ROC curve", "clean pages flagged", "bad pages flagged", [Line("ROC", curves.roc(scores, bad))], [(false, recall, point)], True
    )
    pairs = curves.precision_recall(scores, bad)
    pr = line_chart("Precision and recall", "recall", "precision", [Line("precision", pairs)], [(recall, precision, point)])
    line = Line("pages", curves.reliability(scores, bad), dots=True)
    reliable = line_chart("Reliability", "flag probability said", "share that is bad", [line], diagonal=True)
    series = [("clean", "clean", curves.counts(scores[~bad])), ("bad", "bad", curves.counts(scores[bad]))]
    spread = histogram("Flag probabilities by truth", "flag probability", series, threshold)
    return [
        {
            "title": "Flag probabilities",
            "svg": drawn(spread),
            "note": "Clean pages belong on the left, bad ones on the right.",
            "legend": True,
        },
        {"title": "Reliability", "svg": drawn(reliable), "note": "On the dashed line, what is said is what happens.", "legend": False},
        {"title": "ROC", "svg": drawn(roc), "note": "The dot is the operating point; the dashed line is chance.", "legend": False},
        {"title": "Precision and recall", "svg": drawn(pr), "note": "Precision depends on this set’s share of bad pages.", "legend": False},
    ]


def _worst(judged: Sequence[tuple[str, Verdict]]) -> list[tuple[str, Verdict]]:
    """Errors, the surest first."""
    wrong = [(truth, verdict) for truth, verdict in judged if verdict.flagged != (truth != "clean")]
    return sorted(wrong, key=lambda pair: -abs((pair[1].flag_probability or 0.0) - pair[1].threshold))[:WORST]
