"""Rendering a report into one HTML file. Nothing in it runs or loads: its own policy forbids both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from detector.reports import direction

_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: Any) -> str:
    """The HTML of a report; whatever is given is text unless it is Markup."""
    # Jinja2: escaping is on for everything, which is what keeps a hostile page harmless in its own report.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=direction.plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percentage"] = percentage
    environment.filters["marked"] = direction.marked
    return environment.get_template(template).render(**values)


def percentage(probability: float) -> str:
    """Never 0 or 100: nothing is that sure."""
    return "< 0.1 %" if probability < 0.001 else "> 99.9 %" if probability > 0.999 else f"{probability:.1%}".replace("%", " %")


def drawn(svg: str) -> Markup:
    """A chart of `detector.reports.svg`, whose words are escaped already."""
    return Markup(svg)
