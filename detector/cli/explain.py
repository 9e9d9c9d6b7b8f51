"""`detector explain`: every feature of one page, by family, and where on the page it was read."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detector.cli import options
from detector.cli.extras import needs
from detector.errors import InputError, UsageError
from detector.page.page import Page
from detector.sinks.output import Output
from detector.sources import Failure, Options, open_pages

if TYPE_CHECKING:
    from detector.page.document import Document
    from detector.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict and the row that it came from.

    `families` is empty for a page that could not be read at all; a family's `share` is None where nothing was decided.
    """

    verdict: Verdict
    families: dict[str, dict[str, Any]]
    document: Document | None = None

    def to_dict(self) -> dict[str, Any]:
        whole = self.verdict.to_dict()
        del whole["evidence"]
        return {**whole, "families": self.families}


def explain(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="One page: a file, an address, or - for standard input.")],
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.html", help="Write it as one HTML file too, the page's text with the evidence marked.", show_default=False
        ),
    ] = None,
    format: options.Format = "table",
    url: options.Url = None,
    operating_point: options.OperatingPoint = None,
    threshold: options.Threshold = None,
    semantic: Annotated[
        options.Semantic, typer.Option(help="Read meaning, the family coherence, where the rest leaves it open, always, or never.")
    ] = options.Semantic.AUTO,
    model: options.Model = None,
    column: options.Column = None,
    allow_private: options.AllowPrivate = False,
) -> None:
    """Show what the verdict on one page rests on.

    Every feature by family, each family's mismatch and share of the decision, and the words on the page that it was read from.

    \b
    Examples:
      detector explain page.html --url https://example.org/a
      detector explain https://example.org/a --semantic always
      detector explain page.html --report page-report.html
      detector explain page.html --format json | jq .families.identity.witnesses

    \b
    Exit: 0 done; 2 misuse; 3 the page could not be read.
    """
    options.check_format(format)
    options.check_point(operating_point, threshold)
    page = only_page(source, options.reading([source], url, column, allow_private))
    # Before the page is judged: an output that cannot be written is known at once.
    out = None if report is None else Output(report, option="--report")
    found = explained(page, model, operating_point, threshold, semantic)
    if out is not None:
        out.write(_report(found).encode("utf-8", "replace"))
        out.finish()
    if format == "json":
        print(json.dumps(found.to_dict(), ensure_ascii=True, allow_nan=False))
        return
    from detector.cli.explanation import show

    show(found.verdict, found.families)


def _report(found: Explanation) -> str:
    with needs("report"):
        from detector.reports.explanation import explanation_report

        document = found.document
        blocks = () if document is None else [(block.start, block.end, block.role, block.hidden) for block in document.blocks]
        return explanation_report(found.verdict.to_dict(), found.families, None if document is None else document.text, blocks)


def only_page(source: str, how: Options) -> Page:
    """The page of a source that holds one.

    Raises:
        InputError: it could not be read.
        UsageError: it holds more than one.
    """
    items = open_pages([source], how)
    first = next(items, None)
    if first is None:
        raise InputError(f"{source}: holds no page")
    if isinstance(first, Failure):
        raise InputError(str(first))
    if next(items, None) is not None:
        raise UsageError(f"{source}: holds more than one page; give explain one of them")
    return first


def explained(page: Page, model: Path | None, operating_point: str | None, threshold: float | None, semantic: str) -> Explanation:
    """Judge a page and keep the row.

    Raises:
        ModelError, UsageError: as `Detector.load`.
    """
    from detector.features.registry import FAMILIES

    found = options.load(model, operating_point, threshold, semantic).examine(page)
    if found.row is None or found.document is None:
        # Empty, not text, over the limits: the verdict abstains and says which.
        return Explanation(found.verdict, {})
    row, shares = found.row, found.shares
    values = dict(zip((spec.name for family in FAMILIES for spec in family.specs), row.values.tolist(), strict=True))
    families: dict[str, dict[str, Any]] = {}
    for family in FAMILIES:
        own = {spec.name.partition(".")[2]: _number(values[spec.name]) for spec in family.specs}
        families[family.name] = {
            "mismatch": own.pop("mismatch"),
            "share": None if found.verdict.abstained else round(shares[family.name], 4),
            "features": own,
            "witnesses": [
                {
                    "code": witness.code,
                    "source": witness.source,
                    "role": witness.role,
                    "quote": witness.quote,
                    "start": witness.start,
                    "end": witness.end,
                    "strength": _number(witness.strength),
                    "message": witness.message,
                }
                for witness in row.witnesses
                if witness.code.partition(".")[0] == family.name
            ],
        }
    return Explanation(found.verdict, families, found.document)


def _number(value: float) -> float | None:
    """JSON has no NaN: unknown is null."""
    return None if math.isnan(value) else round(float(value), 6)
