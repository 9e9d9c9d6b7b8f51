"""The composed set: every kind, labels by the rubric, whole pairs, one fold a source, the same bytes for the same seed."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from html import escape
from pathlib import Path
from typing import Any

import pytest

from detector.errors import CorpusError, DetectorError
from detector.training import corpus
from detector.validation import controls, hijacking, pairs, scraping, spamming
from detector.validation.build import bank_digest, build, manifest_of
from detector.validation.material import folds_of, gather
from detector.validation.rendering import EXCERPT, RENDERINGS, text_of
from detector.validation.verify import read_rows, verify

SEED, BAD = 3, 130
# What the rubric says of a kind: its label with the address, and without.
LABELS = {
    **dict.fromkeys(scraping.KINDS, ("scraped", "scraped")),
    **dict.fromkeys(hijacking.KINDS, ("hijacked", "hijacked")),
    **dict.fromkeys(spamming.KINDS, ("spam", "spam")),
    **dict.fromkeys(controls.KINDS, ("clean", "clean")),
    "hijacked-address-only": ("hijacked", "spam"),
}


def quiet(message: str) -> None:
    """Progress is not what is tested."""


@pytest.fixture(scope="module")
def built(tiny_corpus: Path, tiny_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("set") / "set.jsonl"
    build(path, tiny_corpus, tiny_bank, bad=BAD, seed=SEED, workers=1, say=quiet)
    return path


@pytest.fixture(scope="module")
def rows(built: Path) -> list[dict[str, Any]]:
    return [row for _, row in read_rows(built)]


def test_every_kind_and_rendering_is_made(rows: list[dict[str, Any]]) -> None:
    assert {row["kind"] for row in rows} == {*LABELS, *pairs.KINDS}
    assert {row["rendering"] for row in rows} == set(RENDERINGS)
    assert sum(row["label"] != "clean" for row in rows) >= BAD
    assert Counter(row["label"] for row in rows)["clean"] > BAD / 2


def test_labels_follow_the_rubric(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["kind"] not in pairs.KINDS:
            assert row["label"] == LABELS[row["kind"]][row["url"] is None], row["id"]


def test_foreign_strings_stand_where_the_row_says(rows: list[dict[str, Any]]) -> None:
    """Each is found at its offset, and a bad page has one at least; a clean page has none."""
    for row in rows:
        body = row.get("html") or row["text"]
        assert bool(row["foreign"]) == (row["label"] != "clean"), row["id"]
        assert len(row["foreign"]) == len(row["foreign_at"]) == len(row["foreign_where"])
        for text, at in zip(row["foreign"], row["foreign_at"], strict=True):
            written = escape(text, quote=False) if "html" in row else text
            assert len(text) <= 200
            assert body[at : at + len(written)] == written


def test_foreign_strings_of_html_are_text(rows: list[dict[str, Any]]) -> None:
    """Not in an attribute alone: evidence points into the page's text."""
    for row in rows:
        if "html" in row:
            text = text_of(row["html"])
            assert all(foreign in text for foreign in row["foreign"]), row["id"]


def test_rows_say_what_evidence_has_to_point_at(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["kind"] == "hijacked-links":
            assert bool(row["pointed"]) <= row["choices"]["heading"] and (not row["pointed"] or set(row["foreign"]) <= set(row["pointed"]))
            continue
        if not row["kind"].startswith(("scraped-farm-", "hijacked-block")):
            assert not row["pointed"]
            continue
        # Nothing of the owner may be left in an excerpt of the article.
        assert row["pointed"] or row["rendering"].startswith("excerpt"), row["id"]
        if row["kind"] == "hijacked-block":
            assert row["pointed"] and all(any(text in whole for whole in row["pointed"]) for text in row["foreign"])
            continue
        article = [
            text
            for text, where in zip(row["foreign"], row["foreign_where"], strict=True)
            if where in ("headline", "article", "article-end")
        ]
        assert not any(text in line or (len(line) > 40 and line in text) for line in row["pointed"] for text in article)
        if "html" in row:
            assert set(row["pointed"]) <= set(text_of(row["html"]).split("\n"))
        elif not row["rendering"].startswith("excerpt"):
            assert set(row["pointed"]) <= set(row["text"].split("\n"))


def test_pairs_are_one_article_clean_and_scraped(rows: list[dict[str, Any]]) -> None:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if "pair" in row:
            found[row["pair"]].append(row)
    assert {row["choices"]["class"] for both in found.values() for row in both} == {"cross-language", "cross-topic", "publisher"}
    for both in found.values():
        assert [row["label"] for row in both] == ["clean", "scraped"]
        for name in ("kind", "rendering", "fold", "language"):
            assert len({row[name] for row in both}) == 1
        assert both[0]["choices"]["article"] == both[1]["choices"]["article"]
        assert both[0].get("html", both[0].get("text")) != both[1].get("html", both[1].get("text"))


def test_sources_of_a_row_lie_in_its_fold(rows: list[dict[str, Any]], tiny_corpus: Path) -> None:
    pages = list(corpus.clean_pages(tiny_corpus))
    folds = folds_of(pages, 1)
    of_page = {page.id: folds[page.group] for page in pages}
    named = 0
    for row in rows:
        choices = row["choices"]
        for source in (choices.get("article"), choices.get("host"), *choices.get("articles", ())):
            if source is not None:
                named += 1
                assert of_page[source] == row["fold"], row["id"]
    assert named > len(rows) / 2


def test_renderings_are_what_they_say(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert ("html" in row) == row["rendering"].startswith("html")
        if not row["rendering"].endswith("url"):
            assert row["url"] is None
        if row["rendering"].startswith("excerpt"):
            assert len(row["text"]) <= EXCERPT[1]


def test_a_host_page_without_a_fitting_article_makes_no_row_of_itself(rows: list[dict[str, Any]]) -> None:
    """An article and the page that it was put into are of different sites, but for controls and the clean half of pairs."""
    for row in rows:
        choices = row["choices"]
        if row["label"] == "scraped" and "host" in choices and "article" in choices:
            assert choices["host"] != choices["article"]


def test_the_same_seed_makes_the_same_bytes(built: Path, tiny_corpus: Path, tiny_bank: Path, tmp_path: Path) -> None:
    again = tmp_path / "set.jsonl.gz"
    made = build(again, tiny_corpus, tiny_bank, bad=BAD, seed=SEED, workers=2, say=quiet)
    assert gzip.decompress(again.read_bytes()) == built.read_bytes()
    other = build(tmp_path / "other.jsonl", tiny_corpus, tiny_bank, bad=BAD, seed=SEED + 1, workers=1, say=quiet)
    assert other.digest != made.digest


def test_a_built_set_verifies_and_a_damaged_one_does_not(built: Path, tmp_path: Path) -> None:
    found = verify(built)
    assert found.faults == ()
    assert found.digest == found.expected
    assert found.pairs > 10
    lines = built.read_text(encoding="utf-8").splitlines()
    bad = next(number for number, line in enumerate(lines) if json.loads(line)["foreign"] and "html" in json.loads(line))
    row = json.loads(lines[bad])
    lines[bad] = json.dumps({**row, "html": row["html"][5:]}, ensure_ascii=False)
    paired = next(number for number, line in enumerate(lines) if "pair" in json.loads(line))
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text("\n".join(line for number, line in enumerate(lines) if number != paired) + "\n", encoding="utf-8")
    manifest_of(damaged).write_text(manifest_of(built).read_text(encoding="utf-8"), encoding="utf-8")
    faults = "\n".join(verify(damaged).faults)
    assert "does not stand at" in faults
    assert "pair" in faults
    assert "digest" in faults


@pytest.mark.parametrize("content", ["[1]\n", "{\n", "\x00"])
def test_what_is_no_set_is_said_so(content: str, tmp_path: Path) -> None:
    path = tmp_path / "no.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DetectorError, match=r"no\.jsonl"):
        verify(path)


def test_a_folder_that_is_no_bank_leaves_nothing_behind(tiny_corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="lacks passages"):
        build(tmp_path / "set.jsonl", tiny_corpus, tmp_path, bad=BAD, seed=1, workers=1, say=quiet)
    assert list(tmp_path.iterdir()) == []


def test_the_real_corpus_makes_hosts_of_every_sort(tmp_path: Path) -> None:
    folder = corpus.locate(None)
    if folder is None:
        pytest.skip(f"corpus part not run: ${corpus.ENVIRONMENT} is not set")
    pages = [page for number, page in enumerate(corpus.clean_pages(folder)) if number % 60 == 0]
    articles, hosts = gather(pages, {}, 2)
    assert len(articles) > len(pages) / 3
    assert {"news", "org", "blog"} <= {host.kind for host in hosts}
    assert len({article.language for article in articles}) > 5


def test_the_digest_of_a_bank_is_of_its_content(tiny_bank: Path) -> None:
    from detector.validation.bank import SecondBank, load

    whole = load(tiny_bank)
    less = SecondBank(whole.passages[1:], whole.identities, whole.honest, whole.templates)
    assert bank_digest(whole) == bank_digest(load(tiny_bank)) != bank_digest(less)
