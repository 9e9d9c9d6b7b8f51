"""Charts as inline SVG: lines and bars with axes, in the colours of the page around them.

Own code, a hundred lines: a plotting library would bring tens of megabytes and draw letters as outlines, which nobody can select or read aloud.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 460, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 22, 14, 46
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
# A line of more points is thinned: the eye has no more.
_MAX_POINTS = 300


@dataclass(frozen=True, slots=True)
class Line:
    """Points with both coordinates in 0 to 1; `dots` draws each of them; `style` is a class of the page's style sheet."""

    name: str
    points: Sequence[tuple[float, float]]
    style: str = "one"
    dots: bool = False


def line_chart(
    title: str, x: str, y: str, lines: Sequence[Line], marks: Sequence[tuple[float, float, str]] = (), diagonal: bool = False
) -> str:
    """A chart over the unit square; `marks` are (x, y, words) shown as larger dots."""
    parts = [_frame(x, y, _TICKS, _TICKS, "{:.0%}")]
    if diagonal:
        parts.append(f'<line class="diagonal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>')
    for line in lines:
        thinned = _thinned(line.points)
        path = " ".join(f"{_x(a)},{_y(b)}" for a, b in thinned)
        parts.append(f'<polyline class="line {line.style}" points="{path}"><title>{escape(line.name)}</title></polyline>')
        if line.dots:
            parts += [f'<circle class="dot {line.style}" cx="{_x(a)}" cy="{_y(b)}" r="3.5"/>' for a, b in thinned]
    for a, b, words in marks:
        anchor, shift = ("end", -8) if a > 0.6 else ("start", 8)
        parts.append(f'<circle class="mark" cx="{_x(a)}" cy="{_y(b)}" r="4.5"><title>{escape(words)}</title></circle>')
        parts.append(f'<text class="note" x="{_x(a) + shift}" y="{_y(b) + 14}" text-anchor="{anchor}">{escape(words)}</text>')
    return _svg(title, parts)


def histogram(title: str, x: str, series: Sequence[tuple[str, str, Sequence[int]]], line_at: float | None = None) -> str:
    """Counts in equal bins over 0 to 1, the bars of a bin side by side; `series` are (name, style, counts). Heights are shares of each series."""
    shares = [(name, style, [count / max(1, sum(counts)) for count in counts], counts) for name, style, counts in series]
    top = max((max(values, default=0) for _, _, values, _ in shares), default=0) or 1.0
    ticks = [top * step / 4 for step in range(5)]
    parts = [_frame(x, "share of pages", _TICKS, ticks, "{:.0%}", top)]
    for index, (name, style, values, counts) in enumerate(shares):
        width = (_WIDTH - _LEFT - _RIGHT) / max(1, len(values))
        each = width * 0.86 / len(shares)
        for bin, (value, count) in enumerate(zip(values, counts, strict=True)):
            left = _LEFT + bin * width + width * 0.07 + index * each
            height = (_HEIGHT - _TOP - _BOTTOM) * value / top
            said = f"{name}: {count} of {sum(counts)} pages from {bin / len(values):.0%} to {(bin + 1) / len(values):.0%}"
            parts.append(
                f'<rect class="bar {style}" x="{left:.1f}" y="{_HEIGHT - _BOTTOM - height:.1f}" width="{each:.1f}" height="{height:.1f}"><title>{escape(said)}</title></rect>'
            )
    if line_at is not None:
        parts.append(f'<line class="threshold" x1="{_x(line_at)}" x2="{_x(line_at)}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>')
        parts.append(f'<text class="note" x="{_x(line_at) - 6}" y="{_TOP + 10}" text-anchor="end">threshold</text>')
    return _svg(title, parts)


def _svg(title: str, parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'


def _frame(x: str, y: str, x_ticks: Sequence[float], y_ticks: Sequence[float], form: str, top: float = 1.0) -> str:
    parts = []
    for tick in x_ticks:
        parts.append(f'<text class="tick" x="{_x(tick)}" y="{_HEIGHT - _BOTTOM + 17}" text-anchor="middle">{form.format(tick)}</text>')
    for tick in y_ticks:
        at = _y(tick / top)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at}" y2="{at}"/>')
        parts.append(f'<text class="tick" x="{_LEFT - 7}" y="{at + 4}" text-anchor="end">{form.format(tick)}</text>')
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    across = (_TOP + _HEIGHT - _BOTTOM) / 2
    parts.append(f'<text class="axis" x="{middle}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(x)}</text>')
    parts.append(f'<text class="axis" transform="translate(14 {across}) rotate(-90)" text-anchor="middle">{escape(y)}</text>')
    return "".join(parts)


def _thinned(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    if len(points) <= _MAX_POINTS:
        return points
    step = (len(points) - 1) / (_MAX_POINTS - 1)
    return [points[round(index * step)] for index in range(_MAX_POINTS)]


def _x(value: float) -> float:
    return round(_LEFT + value * (_WIDTH - _LEFT - _RIGHT), 1)


def _y(value: float) -> float:
    return round(_HEIGHT - _BOTTOM - value * (_HEIGHT - _TOP - _BOTTOM), 1)
