"""A tiny corpus in the format of the real one, written here, and pools made of it."""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from detector.training import pool
from detector.training.banks import Bank
from detector.training.content import Article, Shell, take_apart
from detector.training.corpus import FOLDS, clean_pages, fold_of
from detector.training.pool import Pool

TOPICS = {
    "bridge": (
        "The council agreed to repair the old bridge over the river",
        "Lorries have used the long way by the mill since the flood, and the bus company has asked for a date",
    ),
    "school": (
        "The primary school on the hill will teach in two languages from autumn",
        "Parents were told at a meeting in the gymnasium, where the head teacher answered questions for two hours",
    ),
    "market": (
        "The weekly market moves to the square behind the town hall",
        "Traders had complained that the wind in the harbour street carried off their awnings three times this year",
    ),
    "choir": (
        "The choir of the parish sings the passion on Good Friday",
        "Forty singers have practised since January, and the organ, which was silent for six years, has been mended",
    ),
}
# In turn within each fold, so that every fold has articles and pages of other matter.
KINDS = ("news", "org", "blog", "product", "news", "org")


def page_of(host: str, kind: str, number: int, language: str) -> dict[str, object]:
    """One corpus row: an article of six paragraphs in a page with menu, related links and owner."""
    topic, (first, second) = list(TOPICS.items())[number % len(TOPICS)]
    name = host.split(".")[0].title()
    paragraphs = "".join(
        (
            f"<p>{first} of {name}, as was said in number {number} on day {day}. {second}, a reader "
            f"of {host} writes in letter {number * 10 + day}.</p>"
        )
        for day in range(6)
    )
    html = (
        f'<html lang="{language}"><head><title>{topic.title()} {number} - {name}</title>'
        f'<meta property="og:site_name" content="{name}"></head>'
        f'<body><nav><a href="/">Home</a> <a href="/{topic}">{topic.title()}</a></nav>'
        f'<div class="wrap"><h1>{first} of {name}, part {number}</h1><div class="text">{paragraphs}</div></div>'
        f'<ul class="related"><li><a href="/1">More about the {topic}</a></li></ul><footer>© 2024 {name}</footer></body></html>'
    )
    return {
        "id": hashlib.sha256(html.encode()).hexdigest()[:16],
        "repo": "tests",
        "commit": "0",
        "path": f"{host}/{number}.html",
        "url": f"https://{host}/{topic}/{number}",
        "host": host,
        "lang": language,
        "kind": kind,
        "label": "clean",
        "title": topic,
        "text_len": len(html),
        "links": 4,
        "html": html,
    }


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ninety pages of thirty hosts, three each."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "clean").mkdir()
    rows: list[dict[str, object]] = []
    turn = [0] * FOLDS
    for number, host in enumerate(
        f"{word}{place}-gazette.org" for word in ("wend", "mill", "harbour", "abbey", "market", "lake") for place in range(5)
    ):
        fold = fold_of(host)
        rows += (page_of(host, KINDS[turn[fold] % len(KINDS)], 3 * number + part, ("en", "de")[number % 2]) for part in range(3))
        turn[fold] += 1
    with lzma.open(folder / "clean" / "pages-00.jsonl.xz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    (folder / "SHA256SUMS").write_text("0  clean/pages-00.jsonl.xz\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def materials(tiny_corpus: Path) -> tuple[list[Article], list[Shell]]:
    """Articles and shells of the tiny corpus."""
    pairs = [take_apart(page) for page in clean_pages(tiny_corpus)]
    return [article for article, _ in pairs if article], [shell for _, shell in pairs if shell]


@pytest.fixture(scope="session")
def make(bank: Bank, banks_folder: Path, materials: tuple[list[Article], list[Shell]]) -> Callable[[int], list[Pool]]:
    """Fresh pools for a seed, of the checkout's banks and templates."""
    return lambda seed: pool.make_pools(bank, banks_folder / "templates", *materials, seed)


@pytest.fixture
def validation_rows() -> list[dict[str, object]]:
    """Rows as `detector dataset build` writes them: a pair of a clean page and one with a foreign block in each fold and form."""
    rows: list[dict[str, object]] = []
    for fold in range(FOLDS):
        for form in ("html", "text"):
            honest = f"The choir of parish {fold} sings on Good Friday, and the organ has been mended after six years. " * 6
            foreign = "Best online casino bonus with free spins at the slot machines"
            for label in ("clean", "hijacked"):
                said = honest if label == "clean" else f"{honest}\n\n{foreign}"
                body = f"<h1>Choir</h1><p>{said}</p>" if form == "html" else said
                kind = "own-page" if label == "clean" else "injected-block"
                rows.append({
                    "id": f"{label}-{form}-{fold}", "url": f"https://parish{fold}.example/choir", form: body, "label": label, "group": f"parish{fold}",
                    "fold": fold, "kind": kind, "language": "en", "rendering": form, "pair": f"{form}-{fold}", "choices": {},
                    "foreign": [] if label == "clean" else [foreign],
                })  # fmt: skip
    return rows
