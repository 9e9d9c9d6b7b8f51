"""The tables under `detector/lexicons/` are data: complete, well-formed, and in every language promised."""

from __future__ import annotations

import re

import pytest

from detector.features.address import _systems
from detector.features.reading import TOPICS
from detector.terms import languages_of, read_table

LANGUAGES = (
    "en",
    "zh-Hans",
    "zh-Hant",
    "ja",
    "ko",
    "ru",
    "uk",
    "es",
    "pt",
    "fr",
    "de",
    "it",
    "pl",
    "nl",
    "tr",
    "ar",
    "fa",
    "hi",
    "id",
    "vi",
    "th",
)


@pytest.mark.parametrize("folder", ["topics", "markers", "domains"])
def test_every_promised_language_has_its_tables(folder: str) -> None:
    """At least the 21 languages, in topics, markers and domain words."""
    assert set(LANGUAGES) <= set(languages_of(folder))


@pytest.mark.parametrize("folder", ["topics", "markers", "domains"])
@pytest.mark.parametrize("language", languages_of("topics"))
def test_every_row_is_a_category_and_a_term(folder: str, language: str) -> None:
    """Two fields a row, both filled, no row twice."""
    rows = read_table(f"{folder}/{language}.tsv")
    assert len(rows) >= 100
    assert [row for row in rows if len(row) != 2 or not row[0].strip() or not row[1].strip()] == []
    assert len({tuple(row) for row in rows}) == len(rows)


@pytest.mark.parametrize("folder", ["topics", "domains"])
def test_topic_tables_name_known_topics_alone(folder: str) -> None:
    """A topic with a typing error would be read by nobody."""
    assert {row[0] for language in languages_of(folder) for row in read_table(f"{folder}/{language}.tsv")} <= set(TOPICS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_markers_that_roles_rest_on(language: str) -> None:
    """Without them a page of that language would have no previous link, no owner, no offers."""
    found = {row[0] for row in read_table(f"markers/{language}.tsv")}
    assert {
        "previous",
        "next",
        "copyright",
        "home",
        "related",
        "byline",
        "source",
        "offer",
        "promo",
        "organisation",
        "press",
        "credit",
        "leakedprompt",
        "loginwall",
    } <= found


@pytest.mark.parametrize(("table", "fields"), [("brands.tsv", 2), ("press.tsv", 3), ("marks.tsv", 3)])
def test_the_single_tables_have_their_fields(table: str, fields: int) -> None:
    """Brands, outlets and marks: as many fields as their readers take."""
    rows = read_table(table)
    assert [row for row in rows if len(row) != fields or not all(field.strip() for field in row)] == []


def test_outlets_have_domains() -> None:
    """The second field of an outlet is the domain that it is at home on."""
    assert [row for row in read_table("press.tsv") if "." not in row[1] or " " in row[1] or row[1] != row[1].lower()] == []


def test_the_table_of_endings_has_a_class_for_each() -> None:
    """An ending is cheap, generic, a country's, a government's or a school's."""
    rows = read_table("tlds.tsv")
    assert {row[2] for row in rows} <= {"cheap", "generic", "country", "government", "education"}
    assert len({row[0] for row in rows}) == len(rows)


def test_publishing_systems_are_patterns_with_owners() -> None:
    """Every signature compiles and names who may bear it, or `*`."""
    systems = _systems()
    assert len(systems) > 100
    assert [name for name, _, _, owners in systems if not owners or "" in owners] == []
    assert [name for name, _, pattern, _ in systems if re.search(pattern, "") or re.search(pattern, "/")] == []
