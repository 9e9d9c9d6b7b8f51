"""The hand-written pages are complete and well-formed. How many of them are judged right is the quality gate's matter."""

from __future__ import annotations

import re
from pathlib import Path

from detector import Label, Page
from detector.page.read import read

_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")


def front_matter(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "---", "a page opens with front matter"
    end = lines.index("---", 1)
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines[1:end])}


def test_front_matter_is_complete(hand_written_page: Path) -> None:
    """Label, language and why are given; the label is one of the four, the language a code."""
    found = front_matter(hand_written_page)
    assert found["label"] in set(map(str, Label))
    assert _LANGUAGE.match(found["language"])
    assert len(found["why"]) >= 20
    assert set(found) <= {"label", "language", "why", "url", "boundary"}


def test_the_file_name_begins_with_its_label(hand_written_page: Path) -> None:
    """A listing of the folder tells what is in it."""
    assert hand_written_page.name.startswith(front_matter(hand_written_page)["label"] + "-")


def test_front_matter_is_no_part_of_the_page(hand_written_page: Path) -> None:
    """What says the answer is not read; the address is."""
    page = Page.from_file(hand_written_page)
    found = front_matter(hand_written_page)
    assert page.url == (found.get("url") if found.get("url") not in ("", "null") else None)
    assert found["why"] not in read(page).text


def test_a_page_can_be_read(hand_written_page: Path) -> None:
    """Every page has a document, whole, of the kind its name says."""
    document = read(Page.from_file(hand_written_page))
    assert document.partial is None
    assert document.kind == ("text" if hand_written_page.suffix == ".txt" else "html")
