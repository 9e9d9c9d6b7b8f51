"""Reading a corpus: rows, groups that must not be split, folds, and what is said when there is none."""

from __future__ import annotations

import base64
import json
import lzma
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from detector.errors import CorpusError
from detector.training.corpus import ENVIRONMENT, FOLDS, clean_pages, digest, farm_pages, fold_of, locate, require

ROW = {
    "id": "0" * 16,
    "repo": "r",
    "commit": "c",
    "path": "a/b.html",
    "url": None,
    "host": None,
    "lang": "en",
    "kind": "news",
    "label": "clean",
    "html": "<p>x",
}


def corpus(folder: Path, *rows: dict[str, Any], name: str = "clean/pages-0.jsonl.xz") -> Path:
    (folder / name).parent.mkdir(exist_ok=True)
    with lzma.open(folder / name, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(ROW | row) + "\n" for row in rows)
    return folder


def test_folds_are_the_same_on_every_machine() -> None:
    """A fold is a digest, not a hash of the process: these are written down."""
    assert [fold_of(group) for group in ("example.org", "koreatimes.co.kr", "a", "")] == [3, 2, 0, 0]
    assert {fold_of(f"host{number}.example") for number in range(200)} == set(range(FOLDS))


def test_pages_of_one_registrable_domain_share_a_fold(tmp_path: Path) -> None:
    """Subdomains go together; accounts on a platform are hosts of their own."""
    hosts = ["news.wend.org", "www.wend.org", "shop.wend.org", "anna.github.io", "bert.github.io"]
    pages = list(clean_pages(corpus(tmp_path, *({"id": str(number), "host": host} for number, host in enumerate(hosts)))))
    assert [page.group for page in pages] == ["wend.org", "wend.org", "wend.org", "anna.github.io", "bert.github.io"]
    assert len({page.fold for page in pages[:3]}) == 1


def test_pages_without_a_host_are_grouped_by_where_they_were_kept(tmp_path: Path) -> None:
    """A folder of a repository is a group; a farm family is one too."""
    first, second, third = clean_pages(corpus(tmp_path, {}, {"path": "a/c.html"}, {"path": "d/e.html"}))
    assert first.group == second.group != third.group
    (farm,) = farm_pages(corpus(tmp_path, {"family": "zh-portal", "host": "x.example", "label": "hijacked"}, name="farm/pages.jsonl.xz"))
    assert (farm.group, farm.label) == ("zh-portal", "hijacked")


def test_bytes_text_and_inferred_hosts_are_read_as_the_card_says(tmp_path: Path) -> None:
    """`html_b64` are bytes, `text` is text, a host alone gives an address, a guessed one gives none and still groups its pages."""
    rows = [
        {"html_b64": base64.b64encode("дом".encode("cp1251")).decode()},
        {"text": "plain", "html": None},
        {"host": "ad.doubleclick.net", "host_inferred": True, "url": "http://ad.doubleclick.net/x"},
        {"host": "wend.org", "host_inferred": True},
        {"host": "wend.org", "url": "https://wend.org/a"},
        {"host": "wend.org"},
    ]
    encoded, text, advert, inferred, known, bare = clean_pages(corpus(tmp_path, *rows))
    assert encoded.body == "дом".encode("cp1251")
    assert text.is_text
    assert (advert.url, advert.host) == (None, None)
    assert (inferred.url, inferred.host) == (None, None)
    assert (known.url, bare.url) == ("https://wend.org/a", "http://wend.org/")
    assert inferred.group == known.group == bare.group


def test_the_corpus_is_found_by_argument_then_by_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--corpus`, then `$DETECTOR_CORPUS`, then none."""
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    assert locate(None) is None
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "there"))
    assert locate(None) == tmp_path / "there"
    assert locate(tmp_path) == tmp_path


def test_a_missing_or_broken_corpus_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No corpus, a folder that is none, and a damaged file are errors with advice."""
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    with pytest.raises(CorpusError, match="--corpus"):
        require(None)
    with pytest.raises(CorpusError, match="no corpus"):
        require(tmp_path)
    with pytest.raises(CorpusError, match="SHA256SUMS"):
        digest(tmp_path)
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "pages-0.jsonl.xz").write_bytes(b"not xz")
    with pytest.raises(CorpusError, match="SHA256SUMS"):
        list(clean_pages(tmp_path))
    (tmp_path / "clean" / "pages-0.jsonl.xz").write_bytes(lzma.compress(b'{"id": '))
    with pytest.raises(CorpusError, match="SHA256SUMS"):
        list(clean_pages(tmp_path))


def test_the_tiny_corpus_has_pages_in_every_fold(tiny_corpus: Path) -> None:
    """What the other tests here rest on."""
    pages = list(clean_pages(tiny_corpus))
    folds = Counter(page.fold for page in pages)
    assert set(folds) == set(range(FOLDS))
    for kind in ("news", "org"):
        assert {page.fold for page in pages if page.kind == kind} == set(range(FOLDS))
