"""The table of `detector explain`."""

from __future__ import annotations

import sys
from typing import Any, Literal

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detector.features.coherence import NAME as COHERENCE
from detector.features.registry import SCHEMA
from detector.sinks.console import Console
from detector.sinks.printable import printable
from detector.sinks.table import shortened
from detector.verdict import Verdict

_QUOTE = 100
# Where there is no terminal to measure.
_WIDTH = 120


def show(verdict: Verdict, families: dict[str, dict[str, Any]]) -> None:
    """Print verdict, families in order of their share where there is one, witnesses and features, unknown ones by name alone."""
    terminal = sys.stdout.isatty()
    colours: Literal["auto"] | None = "auto" if terminal else None
    console = Console(width=None if terminal else _WIDTH, force_terminal=terminal, color_system=colours, highlight=False)
    for line in _head(verdict):
        console.print(line, soft_wrap=True)
    docs = {spec.name: spec for spec in SCHEMA}
    for name, family in sorted(families.items(), key=lambda item: -(item[1]["share"] or 0)):
        console.print()
        if _unread(family):
            why = "--semantic always reads it" if name == COHERENCE else "this model brings nothing to read it with"
            console.print(Text.assemble((name, "bold"), f"   not read; {why}"), soft_wrap=True)
            continue
        mismatch = "unknown" if family["mismatch"] is None else f"{family['mismatch']:.2f}"
        share = "" if family["share"] is None else f"   share of the decision {family['share']:.0%}"
        console.print(Text(f"{name}   mismatch {mismatch}{share}", "bold"), soft_wrap=True)
        for witness in family["witnesses"]:
            console.print(Padding(_witness(witness), (0, 0, 0, 2)))
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 2), pad_edge=True)
        table.add_column(no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column()
        for feature, value in family["features"].items():
            spec = docs[f"{name}.{feature}"]
            if value is not None:
                table.add_row(Text(feature), Text(f"{value:.4g}"), Text(spec.unit, "dim"), Text(spec.doc))
        console.print(table)
        # One line for what the page has nothing of: on a small page that is more than half of the features.
        unknown = ", ".join(feature for feature, value in family["features"].items() if value is None)
        if unknown:
            console.print(Padding(Text(f"unknown: {unknown}", "dim"), (0, 0, 0, 2)))


def _unread(family: dict[str, Any]) -> bool:
    return family["mismatch"] is None and not any(value is not None for value in family["features"].values())


def _head(verdict: Verdict) -> list[Text]:
    lines = [Text(printable(verdict.id), "bold")]
    if verdict.url and verdict.url != verdict.id:
        lines.append(Text(printable(verdict.url)))
    if verdict.abstained is not None or verdict.flag_probability is None or verdict.probabilities is None:
        lines.append(Text(f"abstained: {verdict.abstained}; that is neither yes nor no, the page goes to review", "yellow"))
    else:
        each = ", ".join(f"{name} {value:.3f}" for name, value in verdict.probabilities.items())
        style = "red" if verdict.flagged else "green"
        lines.append(Text.assemble((str(verdict.label), style), f", flag probability {verdict.flag_probability:.3f} ({each})"))
    if verdict.partial:
        lines.append(Text(f"{verdict.partial}: judged on a part of the page", "yellow"))
    lines.append(Text(f"{verdict.operating_point}, threshold {verdict.threshold:.4f}, {verdict.model}", "dim"))
    return lines


def _witness(witness: dict[str, Any]) -> Text:
    place = witness["source"] if witness["start"] is None else f"{witness['source']} {witness['start']}–{witness['end']}"
    quote = shortened(printable(witness["quote"]), _QUOTE, 0.7)
    message = printable(witness["message"])
    known = f"  {place}, {witness['role']}, strength {witness['strength']:.2f}"
    return Text.assemble(("• ", "yellow"), message, "" if quote in message else f"  “{quote}”", (known, "dim"))
