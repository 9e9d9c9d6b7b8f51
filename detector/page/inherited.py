"""What an element hands down to all inside it: the role its names hint at, whether it holds the main text, why it is hidden."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from detector.page import hints
from detector.page.hiding import hidden_by_style, is_for_screen_readers

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class State:
    """What descendants inherit. Replaced, never changed."""

    __slots__ = ("content", "hidden", "hint", "path", "tag")

    def __init__(self, hint: str | None, content: bool, hidden: str | None, tag: str, path: str) -> None:
        self.hint, self.content, self.hidden = hint, content, hidden
        self.tag, self.path = tag, path


@lru_cache(maxsize=4_096)
def state_of(hint: str | None, content: bool, hidden: str | None, tag: str, path: str) -> State:
    """One object for equal states, so that what an element does to a state is looked up and not worked out again."""
    return State(hint, content, hidden, tag, path)


def entered(
    tag: str, class_: str | None, id_: str | None, style: str | None, bare: tuple[str | None, bool] | Literal[False],
    state: State, rules: frozenset[str],
) -> tuple[State, bool]:  # fmt: skip
    """(the state inside an element, whether its name is noise). `bare` is its `itemprop` and whether it has the `hidden` attribute."""
    hint, content, hidden = state.hint, state.content, state.hidden
    itemprop, is_hidden = bare or (None, False)
    names = f"{class_ or ''} {id_ or ''}"
    if tag not in ("html", "body"):
        named = hints.role_of_names(names) if len(names) > 1 else None
        if named == "content" or tag in hints.CONTENT_TAGS or itemprop == "articleBody":
            hint, content = None, True
        elif tag in _HEADINGS:
            pass
        elif named is not None and not (content and named in ("nav", "other", "footer", "products") and tag != "nav"):
            hint = named
        elif tag in hints.TAG_ROLES and not (tag in ("header", "footer") and content):
            hint = hint if hint in ("prevnext", "breadcrumb", "comments", "related") else hints.TAG_ROLES[tag]
    if hidden is None:
        if style:
            hidden = hidden_by_style(style)
        if hidden is None and is_hidden:
            hidden = "attribute"
        if hidden is None and rules and len(names) > 1:
            for name in (class_ or "").split():
                if f".{name}" in rules:
                    hidden = "offscreen"
            if f"#{id_}" in rules:
                hidden = "offscreen"
        if hidden in ("offscreen", "size", "visibility", "display") and is_for_screen_readers(names):
            hidden = None
    noise = hints.is_noise_name(id_ or class_ or "")
    if tag in hints.BLOCK_TAGS:
        return state_of(hint, content, hidden, tag, _path(state.path, tag)), noise
    if hint is state.hint and content is state.content and hidden is state.hidden:
        return state, noise
    return state_of(hint, content, hidden, state.tag, state.path), noise


@lru_cache(maxsize=4096)
def _path(path: str, tag: str) -> str:
    """The chain of the three nearest elements, one further in."""
    return "/".join([*path.split("/")[-2:], tag])
