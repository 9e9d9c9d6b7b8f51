"""`detector drift`: whether the pages of today are still those that the model was made for."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from detector.cli import options
from detector.cli.extras import needs


def drift(
    store: Annotated[str, typer.Argument(metavar="STORE", help="A service's store: a file, sqlite:///FILE or postgresql://…")],
    model: options.Model = None,
    format: options.Format = "table",
) -> None:
    """Show by week what a service was sent, how much it flagged and abstained on, how often people disagreed, and what has moved.

    Features are compared with the model's training pages (population stability index; 0.25 and more is a lot), or with the store's
    first week where the model does not say how those were.

    \b
    Examples:
      detector drift verdicts.db
      detector drift postgresql://detector@db/detector --format json

    \b
    Exit: 0 done; 2 misuse: a store that is none.
    """
    options.check_format(format)
    with needs("store"):
        from detector.reports.drift import drift as compared
        from detector.reports.drift import weeks_of
        from detector.store.store import Store
    from detector.model.artefact import default_model, load, schema_digest

    reference = load(model or default_model()).manifest.get("reference")
    kept = Store(store, existing=True)
    try:
        found = compared(weeks_of(kept.rows(), schema_digest()), reference)
    finally:
        kept.close()
    if format == "json":
        print(json.dumps(found, ensure_ascii=True, allow_nan=False))
    else:
        _show(found)


def _show(found: dict[str, Any]) -> None:
    from rich.table import Table

    from detector.sinks.console import Console

    table = Table("week", "pages", "flagged", "abstained", "decided", "overruled", f"moved since {found['against']}")
    for week in found["weeks"]:
        moved = "too few pages" if week["moved"] is None else ", ".join(f"{name} {value:.2f}" for name, value in week["moved"].items())
        shares = [_percent(week[name]) for name in ("flagged", "abstained")]
        table.add_row(week["week"], f"{week['pages']:,}", *shares, f"{week['decided']:,}", _percent(week["overruled"]), moved)
    Console(highlight=False).print(table)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
