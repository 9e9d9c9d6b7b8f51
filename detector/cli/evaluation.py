"""The tables of `detector evaluate`: figures, what was said of what, slices; with an artefact to compare, what differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from rich.table import Table
from rich.text import Text

from detector.sinks.console import Console
from detector.sinks.printable import printable

_UNKNOWN = "unknown"
_NAMES = {
    "auc": "area under the ROC curve",
    "average_precision": "average precision",
    "calibration_error": "calibration error",
}
_SHARES = {"right": "pages judged right", "label_right_among_flagged": "label right among bad pages flagged"}
_RATES = {"recall": "bad pages flagged", "false_positives": "clean pages flagged"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it is told: a count, a score, or a share of one; `more` follows it."""

    value: float | None
    form: Literal["count", "score", "share"]
    more: str = ""

    def __str__(self) -> str:
        if self.value is None:
            return _UNKNOWN
        told = {"count": f"{self.value:,.0f}", "score": f"{self.value:.4f}", "share": f"{self.value:.1%}"}[self.form]
        return f"{told} {self.more}".rstrip()

    def since(self, before: Figure) -> str:
        """How far it moved, with its sign; shares in points of a hundred."""
        if self.value is None or before.value is None:
            return ""
        moved = self.value - before.value
        return {"count": f"{moved:+,.0f}", "score": f"{moved:+.4f}", "share": f"{100 * moved:+.1f} points"}[self.form]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table; `head` names what its rows are, and a row has a figure a column."""

    title: str
    head: str
    columns: tuple[str, ...]
    rows: dict[str, tuple[Figure, ...]]


def show(metrics: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Print the figures of a set, or how they differ from those of `before`; then those under attack, where attacks were tried."""
    console = Console(highlight=False)
    for said, measured in (("before: ", before), ("after:  ", metrics)) if before is not None else (("", metrics),):
        console.print(Text(said + _model(measured or {})), soft_wrap=True)
    sections = _sections(metrics)
    tables = [_plain(section) for section in sections] if before is None else list(_compared(_sections(before), sections))
    for table in tables:
        console.print()
        console.print(table)
    if before is not None:
        console.print("What reads the same before and after is left out." if tables else "No figure differs.")
    if "evasion" in metrics:
        _show_evasion(console, metrics["evasion"])


def _model(metrics: dict[str, Any]) -> str:
    at = f" at {metrics['operating_point']}, threshold {metrics['threshold']:.4f}" if "threshold" in metrics else ""
    return printable(f"{metrics['model']}{at}")


def _sections(metrics: dict[str, Any]) -> list[Section]:
    sections = [Section("Figures, with intervals of 95 %", "figure", ("value",), {name: (one,) for name, one in _figures(metrics)})]
    if "confusion" in metrics:
        said = tuple(metrics["confusion"])
        counts = {truth: tuple(Figure(row[label], "count") for label in said) for truth, row in metrics["confusion"].items()}
        sections.append(Section("What was said of what", "truth", tuple(f"said {label}" for label in said), counts))
    for name, slices in metrics.get("slices", {}).items():
        rows: dict[str, tuple[Figure, ...]] = {
            key: (
                Figure(entry["pages"], "count"),
                Figure(entry["bad_flagged"], "count", f"of {entry['bad']:,}"),
                Figure(entry["clean_flagged"], "count", f"of {entry['pages'] - entry['bad']:,}"),
            )
            for key, entry in slices.items()
        }
        sections.append(Section(f"By {name}", name, ("pages", "bad flagged", "clean flagged"), rows))
    return sections


def _figures(metrics: dict[str, Any]) -> Iterator[tuple[str, Figure]]:
    yield "pages", Figure(metrics["pages"], "count")
    yield "pages not judged", Figure(metrics["abstained"], "count")
    for key, name in _RATES.items():
        if key in metrics:
            found, (low, high) = metrics[key], metrics[key]["interval"]
            between = "" if low is None or high is None else f"({low:.1%} to {high:.1%}; {found['flagged']:,} of {found['pages']:,})"
            yield name, Figure(found["rate"], "share", between)
    for share, recall in metrics.get("recall_at", {}).items():
        yield f"bad pages flagged, with {float(share):.1%} of clean", Figure(recall, "share")
    for key, name in _SHARES.items():
        if key in metrics:
            yield name, Figure(metrics[key], "share")
    for key, name in _NAMES.items():
        if key in metrics:
            yield name, Figure(metrics[key], "score")


def _table(title: str, heads: tuple[str, ...], numbers: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in heads:
        table.add_column(name, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", overflow="fold")
    return table


def _plain(section: Section) -> Table:
    table = _table(section.title, (section.head,), section.columns)
    for name, figures in section.rows.items():
        table.add_row(Text(printable(name)), *(Text(str(figure)) for figure in figures))
    return table


def _compared(before: list[Section], after: list[Section]) -> Iterator[Table]:
    """A table for each section in which something differs, a row for each figure that does."""
    old = {section.title: section for section in before}
    new = {section.title: section for section in after}
    for title, section in (old | new).items():
        then, now = (_by_place(one.get(title)) for one in (old, new))
        # A single column's name says nothing that the title does not.
        heads = (section.head,) if len(section.columns) == 1 else (section.head, "figure")
        table = _table(title, heads, ("before", "after", "difference"))
        for place in then | now:
            first, second = then.get(place), now.get(place)
            told = [_UNKNOWN if figure is None else str(figure) for figure in (first, second)]
            if told[0] != told[1]:
                difference = "" if first is None or second is None else second.since(first)
                table.add_row(*(Text(printable(cell)) for cell in (*place[: len(heads)], *told, difference)))
        if table.row_count:
            yield table


def _by_place(section: Section | None) -> dict[tuple[str, str], Figure]:
    if section is None:
        return {}
    return {(name, column): figure for name, row in section.rows.items() for column, figure in zip(section.columns, row, strict=True)}


def _show_evasion(console: Console, evasion: dict[str, Any]) -> None:
    """A line for each attack and strength: recall before and after, or for honest tools the share of clean pages flagged."""
    for kind, title, what in (("attacks", "Under attack", "bad pages"), ("tools", "After honest tools", "clean pages")):
        numbers = ("strength", what, "flagged before", "flagged after", "of before", "abstained")
        table = _table(title, (kind[:-1], "half"), numbers)
        for name, found in evasion[kind].items():
            for strength, entry in found["strengths"].items():
                shares = (found["before"], entry["flagged"], entry["of_before"])
                cells = (str(Figure(share, "share")) for share in shares)
                table.add_row(name, found["half"], strength, str(found["pages"]), *cells, str(entry["abstained"]))
        console.print()
        console.print(table)
    summary = evasion["summary"]
    table = _table("Over all attacks and strengths", ("figure",), ("value",))
    for half, which in (("unseen", "attacks that training never sees"), ("all", "all attacks")):
        for key, said in (("mean", "mean"), ("least", "least")):
            table.add_row(f"flagged after, of those flagged before: {said} over {which}", str(Figure(summary[half][key], "share")))
    table.add_row("clean pages flagged after an honest tool, at most", str(Figure(summary["clean_flagged_most"], "share")))
    console.print()
    console.print(table)
