"""Previous and next in one block: it is split, so that each link stands in a block of its own."""

from __future__ import annotations

from bisect import bisect_left

from detector.page.document import Link
from detector.page.walk import RawBlock
from detector.terms import Hit


def split_prevnext(text: str, blocks: list[RawBlock], links: list[Link], markers: dict[int, list[tuple[str, Hit]]]) -> list[RawBlock]:
    """Split a block at a "next" marker that follows a "previous" marker, so each link stands in a block of its own."""
    result: list[RawBlock] = []
    for block in blocks:
        place = _next_place(text, block, markers[block.start]) if block.start in markers and block.end - block.start < 700 else None
        if place is None:
            result.append(block)
            continue
        end = place
        while end > block.start and text[end - 1] in " |/　":
            end -= 1
        last_link = block.first_link + block.links
        own = [_on_one_side(link, end, place) for link in links[block.first_link : last_link]]
        links[block.first_link : last_link] = own
        head = RawBlock(block.start, end, block.hint, block.content, block.tag, block.path, block.hidden, block.first_link)
        tail = RawBlock(place, block.end, block.hint, block.content, block.tag, block.path, block.hidden, block.first_link)
        for part in (head, tail):
            inside = [link for link in own if link.start < part.end and link.end > part.start]
            part.links = len(inside)
            part.linked = sum(min(link.end, part.end) - max(link.start, part.start) for link in inside)
            part.words = text.count(" ", part.start, part.end) + 1
        tail.first_link = block.first_link + head.links
        result += [head, tail]
    if len(result) != len(blocks):
        _renumber(result, links)
    return result


def _on_one_side(link: Link, end: int, place: int) -> Link:
    """The link without what is left out between `end` and `place`. One anchor round both parts ends with the first."""
    if link.start >= place or link.end <= end:
        return link
    return link._replace(end=end) if link.start < end else link._replace(start=place, end=max(place, link.end))


def _renumber(blocks: list[RawBlock], links: list[Link]) -> None:
    ends = [block.end for block in blocks]
    links[:] = [link._replace(block=min(bisect_left(ends, link.start + 1), len(blocks) - 1)) for link in links]


def _next_place(text: str, block: RawBlock, markers: list[tuple[str, Hit]]) -> int | None:
    previous = False
    for category, hit in markers:
        if category == "previous" and hit.start - block.start <= 4:
            previous = True
        elif category == "next" and previous and hit.start - block.start > 6:
            follows = text[hit.start : hit.end + 10]
            if block.links or colon_follows(follows, hit.end - hit.start):
                return hit.start
    return None


def colon_follows(line: str, place: int) -> bool:
    """Whether a colon, an arrow or a word such as "post" comes after `place`, as it does where a line leads somewhere."""
    rest = line[place : place + 8].lstrip()
    return rest[:1] in (":", "：", "»", "›", "→", "|", ">", "—", "–") or rest.lower().startswith(("post", "article", "篇", "条", "條"))
