"""Editing a real page's tree: its main content replaced, strings spliced in, lists appended, blocks hidden.

Every method that inserts returns what it inserted as `Foreign`; callers decide whether it is. Controls go through the same methods.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from detector.validation.draft import Foreign
from detector.validation.material import Host, at_slot, parsed
from detector.validation.phrases import phrases

_SEPARATOR = re.compile(r"\s{1,20}[-–—|·:»]\s{1,20}")
_OWNER = re.compile(r"©|\(c\)\s|copyright|版权所有|著作权|all rights reserved", re.IGNORECASE)
_BLOCKS = ("block", "box", "widget", "panel", "list", "items", "extra", "sec")
# How a block is kept from the reader, as style attributes; `class` is a rule in a style element.
HIDING = {
    "display": "display:none",
    "offscreen": "position:absolute;left:-9999px",
    "top": "position:fixed; top:-4000px; width:10px",
    "pixel": "width:1px;height:1px;overflow:hidden",
    "colour": "color:#ffffff;background-color:#fff;font-size:9px",
    "indent": "text-indent:-9999px;overflow:hidden",
    "visibility": "visibility:hidden;height:0",
    "opacity": "opacity:0;position:absolute",
    "size": "font-size:0;line-height:0",
    "class": "",
}


class Target(NamedTuple):
    """A link to be made."""

    text: str
    href: str


def article_strings(paragraphs: Sequence[str]) -> list[Foreign]:
    """What is recorded of a foreign article: its first two paragraphs and its last."""
    return [*(Foreign("article", text) for text in paragraphs[:2]), *(Foreign("article-end", text) for text in paragraphs[2:][-1:])]


class Canvas:
    """A host's page being edited."""

    def __init__(self, host: Host, rng: random.Random) -> None:
        self.rng = rng
        self.language = host.language
        self.tree: Any = parsed(host.html)
        self.slot: Any = at_slot(self.tree, host.slot)
        self.body: Any = self.tree.find("body")
        if self.body is None:
            self.body = self.tree

    def html(self) -> str:
        import lxml.html

        return str(lxml.html.tostring(self.tree, encoding="unicode", doctype="<!DOCTYPE html>"))

    def replace_main(self, headline: str, paragraphs: Sequence[str], *, head_follows: bool) -> list[Foreign]:
        """Headline and paragraphs take the place of the main content; with `head_follows`, title and descriptions too."""
        tag = self.rng.choice(("p", "p", "p", "div"))
        self._clear(self.slot)
        outside = self._headline()
        if outside is not None:
            self._clear(outside)
            outside.text = headline
        else:
            self._add(self.slot, self.rng.choice(("h1", "h1", "h2")), headline)
        for text in paragraphs:
            self._add(self.slot, tag, text)
        if head_follows:
            self._retitle(headline, paragraphs[0] if paragraphs else headline)
        return [Foreign("headline", headline), *article_strings(paragraphs)]

    def splice(self, paragraphs: Sequence[str], links: Sequence[Target] = ()) -> list[Foreign]:
        """Paragraphs put among those of the main content, with links in the last of them."""
        places = [e for e in self.slot.iter("p", "div") if e.getparent() is not None and e is not self.slot and len(e.text_content()) > 60]
        after = self.rng.choice(places) if places else None
        for text in reversed(paragraphs):
            element = self._element("p", text)
            if after is None:
                self.slot.append(element)
            else:
                after.addnext(element)
        if links:
            element = self._element("p")
            for target in links:
                self._anchor(element, target)
            self.slot.append(element)
        return [*(Foreign("block", text) for text in paragraphs), *(Foreign("links", target.text) for target in links)]

    def list_in(self, place: str, links: Sequence[Target], *, heading: str = "", sponsored: bool = False) -> list[Foreign]:
        """A list of links in `sidebar`, `footer`, `top`, `after` (the main content) or `inside` it."""
        box = self._element("div", cls=f"{self.rng.choice(_BLOCKS)}-{self.rng.randint(1, 99)}")
        self._fill_list(box, links, heading, sponsored)
        self._place(place, box)
        return [Foreign("links", target.text) for target in links]

    def advert(self, label: str, links: Sequence[Target], text: str) -> None:
        """A labelled advertisement where pages have them."""
        box = self._element("aside", cls=self.rng.choice(("ad-slot", "advertisement", "sponsored", "ads-banner")))
        self._add(box, "span", label)
        if text:
            self._add(box, "p", text)
        self._fill_list(box, links, "", True)
        self._place(self.rng.choice(("sidebar", "after", "top")), box)

    def comment(self, heading: str, texts: Sequence[str], links: Sequence[Target]) -> None:
        """A comment area behind the main content."""
        box = self._element("section", cls="comments")
        box.set("id", "comments")
        self._add(box, "h3", heading)
        for number, text in enumerate(texts):
            item = self._element("div", cls="comment")
            self._add(item, "p", text)
            if links:
                self._anchor(item, links[number % len(links)], "nofollow ugc")
            box.append(item)
        self._place("after", box)

    def hide(self, how: str, links: Sequence[Target], text: str = "") -> list[Foreign]:
        """A block that no reader sees."""
        box = self._element("div")
        if how == "class":
            name = "".join(self.rng.choice("abcdefghkmnprstuvwz") for _ in range(6))
            style = self._element("style", f".{name}{{position:absolute;top:-{self.rng.randint(2000, 9999)}px;}}")
            head = self.tree.find("head")
            (head if head is not None else self.body).append(style)
            box.set("class", name)
        else:
            box.set("style", HIDING[how])
        if text:
            self._add(box, "p", text)
        for target in links:
            self._anchor(box, target)
        self._place(self.rng.choice(("footer", "top", "after", "inside")), box)
        return [*([Foreign("hidden", text)] if text else []), *(Foreign("hidden", target.text) for target in links)]

    def previous_next(self, previous: Target, following: Target) -> list[Foreign]:
        """A previous/next pair behind the main content."""
        labels = phrases(self.language)
        box = self._element("div", cls=self.rng.choice(("prevnext", "pager", "post-nav", "near")))
        for label, target in ((labels.previous, previous), (labels.next, following)):
            line = self._element("p", f"{label}: ")
            self._anchor(line, target)
            box.append(line)
        self._place("after", box)
        return [Foreign("prevnext", previous.text), Foreign("prevnext", following.text)]

    def owner(self, line: str) -> list[Foreign]:
        """The copyright line says somebody else; a page without one gets it in a footer."""
        found = [e for e in self.body.iter() if isinstance(e.tag, str) and e.tag not in ("script", "style") and _OWNER.search(e.text or "")]
        if found:
            element = found[-1]
            tail = element.tail
            self._clear(element)
            element.text, element.tail = line, tail
        else:
            footer = self._element("footer")
            self._add(footer, "p", line)
            self.body.append(footer)
        return [Foreign("owner", line)]

    def _retitle(self, headline: str, description: str) -> None:
        for title in self.tree.iter("title"):
            parts = _SEPARATOR.split(" ".join(title.text_content().split()))
            title.text = f"{headline} - {parts[-1]}" if len(parts) > 1 else headline
            break
        for meta in self.tree.iter("meta"):
            name = (meta.get("name") or meta.get("property") or "").lower()
            if name in ("og:title", "twitter:title"):
                meta.set("content", headline)
            elif name in ("description", "og:description", "twitter:description"):
                meta.set("content", description[:160])
        for script in [s for s in self.tree.iter("script") if "ld+json" in (s.get("type") or "")]:
            script.drop_tree()

    def _headline(self) -> Any:
        """The page's only first-order headline, if it stands outside the main content."""
        found = [e for e in self.tree.iter("h1") if len(e.text_content().split()) >= 3]
        return found[0] if len(found) == 1 and found[0] not in list(self.slot.iter()) else None

    def _place(self, place: str, box: Any) -> None:
        aside = next((e for e in self.body.iter("aside", "div", "td") if "side" in f"{e.get('class')} {e.get('id')}".lower()), None)
        footer = next(
            (e for e in reversed(list(self.body.iter("footer", "div"))) if "foot" in f"{e.tag} {e.get('class')} {e.get('id')}".lower()),
            None,
        )
        if place == "sidebar" and aside is not None:
            aside.append(box)
        elif place == "footer" and footer is not None:
            footer.append(box)
        elif place == "top":
            self.body.insert(0, box)
        elif place == "inside" and len(self.slot):
            self.slot.insert(self.rng.randint(0, len(self.slot)), box)
        elif place == "after" and self.slot.getparent() is not None:
            self.slot.addnext(box)
        else:
            self.body.append(box)

    def _fill_list(self, box: Any, links: Sequence[Target], heading: str, sponsored: bool) -> None:
        if heading:
            self._add(box, "h4", heading)
        holder = self._element(self.rng.choice(("ul", "div", "p")))
        box.append(holder)
        for target in links:
            into = holder
            if holder.tag == "ul":
                into = self._element("li")
                holder.append(into)
            self._anchor(into, target, "sponsored" if sponsored else "")

    def _anchor(self, parent: Any, target: Target, rel: str = "") -> None:
        element = self._element("a", target.text)
        element.set("href", target.href)
        if rel:
            element.set("rel", rel)
        element.tail = " "
        parent.append(element)

    def _add(self, parent: Any, tag: str, text: str) -> None:
        element = self._element(tag, text)
        element.tail = "\n"
        parent.append(element)

    @staticmethod
    def _element(tag: str, text: str = "", cls: str = "") -> Any:
        import lxml.html

        element = lxml.html.Element(tag)
        if text:
            element.text = text
        if cls:
            element.set("class", cls)
        return element

    @staticmethod
    def _clear(element: Any) -> None:
        for child in list(element):
            element.remove(child)
        element.text = None
