"""`detector explain`: every feature of one page, by family, and where on the page it was read."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detector.cli import options
from detector.errors import InputError, UsageError
from detector.page.page import Page
from detector.sources import Failure, Options, open_pages

if TYPE_CHECKING:
    from detector.verdict import Verdict

FORMATS = ("table", "json")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict and the row that it came from; `families` is empty for a page that could not be read at all."""

    verdict: Verdict
    families: dict[str, dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        whole = self.verdict.to_dict()
        del whole["evidence"]
        return {**whole, "families": self.families}


def explain(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="One page: a file, an address, or - for standard input.")],
    format: Annotated[str, typer.Option(metavar="|".join(FORMATS), help="A table for people, JSON for programs.")] = "table",
    url: options.Url = None,
    operating_point: options.OperatingPoint = None,
    threshold: options.Threshold = None,
    model: options.Model = None,
    column: options.Column = None,
    allow_private: options.AllowPrivate = False,
) -> None:
    """Show what the verdict on one page rests on.

    Every feature by family, each family's mismatch and share of the decision, and the words on the page that it was read from.

    \b
    Examples:
      detector explain page.html --url https://example.org/a
      detector explain https://example.org/a --operating-point high-recall
      detector explain page.html --format json | jq .families.identity.witnesses

    \b
    Exit: 0 done; 2 misuse; 3 the page could not be read.
    """
    if format not in FORMATS:
        raise UsageError(f"--format {format!r} is none of {', '.join(FORMATS)}")
    options.check_point(operating_point, threshold)
    page = only_page(source, options.reading([source], url, column, allow_private))
    found = explained(page, model, operating_point, threshold)
    if format == "json":
        print(json.dumps(found.to_dict(), ensure_ascii=True, allow_nan=False))
        return
    from detector.cli.explanation import show

    show(found.verdict, found.families)


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


def explained(page: Page, model: Path | None, operating_point: str | None, threshold: float | None) -> Explanation:
    """Judge a page and keep the row.

    Raises:
        ModelError, UsageError: as `Detector.load`.
    """
    from detector.detector import Detector, default_model
    from detector.evidence import family_shares
    from detector.features.registry import FAMILIES
    from detector.model.artefact import load

    artefact = load(model or default_model())
    detector = Detector(artefact, "custom", 0.5, "auto").at(operating_point or "default")
    detector = detector if threshold is None else detector.at_threshold(threshold)
    verdict = detector.classify(page)
    try:
        row = detector.row(page)
    except UsageError:
        # Empty, not text, over the limits: the verdict abstains and says which.
        return Explanation(verdict, {})
    values = dict(zip((spec.name for family in FAMILIES for spec in family.specs), row.values.tolist(), strict=True))
    shares = family_shares(artefact, row)
    families: dict[str, dict[str, Any]] = {}
    for family in FAMILIES:
        own = {spec.name.partition(".")[2]: _number(values[spec.name]) for spec in family.specs}
        families[family.name] = {
            "mismatch": own.pop("mismatch"),
            "share": round(shares[family.name], 4),
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
    return Explanation(verdict, families)


def _number(value: float) -> float | None:
    """JSON has no NaN: unknown is null."""
    return None if math.isnan(value) else round(float(value), 6)
