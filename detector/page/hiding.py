"""Why a reader does not see a text: inline styles, a page's own style rules, and what is hidden for honest reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# Off the screen by more than this many pixels, or smaller than this, is not read by anybody.
_OFFSCREEN = re.compile(
    r"(?:left|top|right|bottom|margin-left|margin-top|text-indent)\s*:\s*-\s*(?:[2-9]\d{2}|\d{4,7})(?:\.\d+)?\s*(?:px|pt|em|rem)?"
)
_OFFSCREEN_FAR = re.compile(r"(?:left|top)\s*:\s*-\s*(?:\d{2,3})\s*(?:em|rem)\b|translate[xy]?\(\s*-\s*\d{4,7}px")
_NO_DISPLAY = re.compile(r"display\s*:\s*none")
_INVISIBLE = re.compile(r"visibility\s*:\s*(?:hidden|collapse)")
_TRANSPARENT = re.compile(r"opacity\s*:\s*0?\.?0*(?:;|$|\s|!)|color\s*:\s*transparent")
_TINY_FONT = re.compile(
    r"font-size\s*:\s*(?:0(?:\.0{1,4})?(?:px|pt|em|rem|%)?|[01](?:\.\d{1,4})?(?:px|pt)|0?\.[012]\d{0,3}(?:em|rem)|[0-9](?:\.\d{1,4})?%)\s*(?:;|$|!)"
    r"|line-height\s*:\s*0(?:px)?\s*(?:;|$|!)"
)
_TINY_BOX = re.compile(r"(?:^|[;\s])(?:height|width|max-height)\s*:\s*(?:0|1|2)(?:px|pt|%)?\s*(?:;|$|!)")
_OVERFLOW = re.compile(r"overflow(?:-[xy])?\s*:\s*(?:hidden|scroll|auto)|position\s*:\s*absolute")
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*(#[0-9a-f]{3,8}|white|rgba?\([\d\s,.%]{3,40}\))")
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*(#[0-9a-f]{3,8}|white|black|rgba?\([\d\s,.%]{3,40}\))")
_WHITE = frozenset(("#fff", "#ffffff", "white", "#fefefe", "#fdfdfd", "#fcfcfc", "#fbfbfb", "#fafafa", "#f9f9f9", "rgb(255,255,255)"))


@lru_cache(maxsize=4_096)
def hidden_by_style(style: str) -> str | None:
    """Why a style hides its element: display, visibility, offscreen, size, opacity or colour; None when it does not.

    ``colour`` is near-white text without a background of its own, or text in its own background's colour.
    """
    style = style.lower()[:1000]
    # Each pattern is tried only where its own words stand: most styles have none of them.
    if "-" in style and (_OFFSCREEN.search(style) or _OFFSCREEN_FAR.search(style)):
        return "offscreen"
    if "none" in style and _NO_DISPLAY.search(style):
        return "display"
    if "visibility" in style and _INVISIBLE.search(style):
        return "visibility"
    if ("font-size" in style or "line-height" in style) and _TINY_FONT.search(style):
        return "size"
    if ("height" in style or "width" in style) and _TINY_BOX.search(style) and _OVERFLOW.search(style):
        return "size"
    if ("opacity" in style or "transparent" in style) and _TRANSPARENT.search(style):
        return "opacity"
    colour = _COLOUR.search(style) if "color" in style else None
    if colour:
        background = _BACKGROUND.search(style)
        shade = colour[1].replace(" ", "")
        if background is not None and background[1].replace(" ", "") == shade:
            return "colour"
        if background is None and shade in _WHITE and "background" not in style:
            return "colour"
    return None


_SUSPECT = re.compile(
    r"(?:left|top|indent|right|bottom)\s*:\s*-\s*\d{3}|font-size\s*:\s*[01](?:p|\s*[;}!])|(?:height|width)\s*:\s*[01](?:px)?\s*[;}!]|translate[xy]?\(\s*-\s*\d{4}"
)
_SIMPLE_SELECTOR = re.compile(r"^\s*(?:[a-z0-9]{1,10})?([.#][a-z_][\w-]{0,60})\s*$", re.IGNORECASE)
_STYLE_REACH = 25_000


def offscreen_rules(stylesheet: str) -> frozenset[str]:
    """Selectors `.name` and `#name` that a page's own style element moves off the screen or shrinks to nothing.

    `display: none` in a stylesheet is everyday work (menus, dialogs) and is left alone.
    """
    found = set()
    stylesheet = stylesheet[:_STYLE_REACH]
    for suspect in _suspects(stylesheet):
        opened = stylesheet.rfind("{", max(0, suspect.start() - 600), suspect.start())
        closed = stylesheet.find("}", suspect.start(), suspect.end() + 600)
        if opened < 0 or "}" in stylesheet[opened : suspect.start()]:
            continue
        if hidden_by_style(stylesheet[opened + 1 : closed if closed > 0 else suspect.end() + 1].strip()) in ("offscreen", "size"):
            comment = stylesheet.rfind("*/", 0, opened)
            begin = max(stylesheet.rfind("}", 0, opened) + 1, stylesheet.rfind("{", 0, opened) + 1, comment + 2 if comment >= 0 else 0)
            for selector in stylesheet[begin:opened][-300:].split(","):
                simple = _SIMPLE_SELECTOR.match(selector)
                if simple and not _SCREEN_READER.search(simple[1]):
                    found.add(simple[1])
    return frozenset(found)


# How the value of a suspect begins, and how its property ends. The values are few and begin with a sign that is quickly found.
_SUSPECT_VALUES = tuple(map(re.compile, (r":\s*(?:-\s*\d{3}|[01](?:p|\s*[;}!]))", r"\(\s*-\s*\d{4}")))
_SUSPECT_NAMES = ("left", "top", "indent", "right", "bottom", "font-size", "height", "width", "translate", "translatex", "translatey")
# White space before a value is seldom longer.
_NAME_REACH = 20


def _suspects(stylesheet: str) -> Iterator[re.Match[str]]:
    """All that `_SUSPECT` fits, looked for from the value back to its property."""
    for pattern in _SUSPECT_VALUES:
        for value in pattern.finditer(stylesheet):
            start = max(0, value.start() - _NAME_REACH)
            end = start + len(stylesheet[start : value.start()].rstrip())
            if end == start:
                end = len(stylesheet[: value.start()].rstrip())
            if stylesheet.endswith(_SUSPECT_NAMES, 0, end):
                name = next(name for name in _SUSPECT_NAMES if stylesheet.endswith(name, 0, end))
                suspect = _SUSPECT.match(stylesheet, end - len(name))
                if suspect is not None:
                    yield suspect


# Text for screen readers is off screen by design, on honest pages everywhere.
_SCREEN_READER = re.compile(
    r"sr-?only|screen-?reader|visually-?hidden|assistive|skip|a11y|accessib|offscreen|clip|hidden-?text|element-invisible|icon|logo",
    re.IGNORECASE,
)


@lru_cache(maxsize=8_192)
def is_for_screen_readers(names: str) -> bool:
    """Whether class or id say that the text is there for screen readers."""
    return _SCREEN_READER.search(names) is not None
