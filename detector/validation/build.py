"""The whole run: corpus and second bank to a set of rows, the same for the same seed."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detector.errors import UsageError
from detector.sinks.output import Output
from detector.training import corpus, reviews
from detector.training.corpus import FOLDS, CorpusPage
from detector.validation import bank, controls, hijacking, material, pairs, scraping, spamming
from detector.validation.draft import Draft, Fold
from detector.validation.rendering import drawn, row_of

Say = Callable[[str], None]
BAD = {**scraping.KINDS, **hijacking.KINDS, **spamming.KINDS}
# Clean controls for each bad page that is in no pair.
_CONTROLS = 0.7
# Real pages read for each bad page wanted, and how many of them at most are English: it is most of the corpus.
_PAGES, _FEWEST, _ENGLISH = 1.2, 500, 0.55
# Attempts for each row wanted: a fold may hold no page that fits a kind's draw.
_PATIENCE = 8


@dataclass(frozen=True, slots=True)
class Built:
    """What a run made: rows by kind and by language and label, kinds that fell short, the digest of the rows."""

    rows: int
    bad: int
    kinds: Counter[str]
    languages: Counter[tuple[str, str]]
    short: dict[str, int]
    digest: str


def build(output: Path, corpus_folder: Path, banks: Path, *, bad: int, seed: int, workers: int, say: Say) -> Built:
    """Compose at least `bad` bad pages (where the corpus allows) with their controls and pairs, and write them and a manifest.

    Args:
        output: JSON Lines, compressed where the name ends in .gz; `OUT.manifest.json` is written beside it.
        banks: the folder of the second bank; corrections of the corpus are read from `../corpus/reviews.tsv` beside it.

    Raises:
        CorpusError, OutputError: as their names say. UsageError: `bad` is too small for one row of each kind.
    """
    if bad < FOLDS:
        raise UsageError(f"--bad {bad} is less than one page a fold; give {FOLDS} or more")
    out = Output(output)
    try:
        written = bank.load(banks)
        say(
            f"{len(written.passages)} passages, {len(written.identities)} identities, {len(written.honest)} honest pages, {len(written.templates)} templates"
        )
        relabelled = reviews.load(banks.parent / "corpus" / "reviews.tsv")
        say("reading the corpus")
        pages = [page for page in corpus.clean_pages(corpus_folder) if relabelled.get(page.id, "clean") == "clean"]
        say(f"{len(pages):,} real pages; folds as in training")
        folds = material.folds_of(pages, workers)
        chosen = chosen_pages(pages, max(_FEWEST, int(_PAGES * bad)), seed)
        say(f"taking {len(chosen):,} pages apart")
        articles, hosts = material.gather(chosen, folds, workers)
        say(f"{len(articles):,} articles, {len(hosts):,} pages to edit")
        made = _write(out, output, rows(articles, hosts, written, bad, seed, say), say)
        manifest = {
            "digest": made.digest, "rows": made.rows, "bad": made.bad, "seed": seed, "kinds": dict(sorted(made.kinds.items())),
            "corpus_digest": corpus.digest(corpus_folder), "bank_digest": bank_digest(written), "short": made.short,
        }  # fmt: skip
        beside = Output(manifest_of(output))
        beside.write((json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())
        beside.finish()
        out.finish()
    except BaseException:
        out.stop(keep=False)
        raise
    return made


def manifest_of(output: Path) -> Path:
    """Where the manifest of a set stands."""
    return output.with_name(f"{output.name}.manifest.json")


def bank_digest(written: bank.SecondBank) -> str:
    """Digest of everything in the bank."""
    entries = [*written.passages, *written.identities, *(e for h in written.honest for e in (h.page, h.owner))]
    told = [bank.digest_of(entry) for entry in entries] + [f"{name}\x00{source}" for name, source in sorted(written.templates.items())]
    return hashlib.sha256("\x00".join(told).encode()).hexdigest()


def chosen_pages(pages: Sequence[CorpusPage], count: int, seed: int) -> list[CorpusPage]:
    """Some of the pages, in their order: drawn by digest, English kept to its share."""
    ranked = sorted(pages, key=lambda page: hashlib.sha256(f"{seed}-{page.id}".encode()).digest())
    english = [page for page in ranked if page.language == "en"]
    others = [page for page in ranked if page.language != "en"][:count]
    taken = {page.id for page in (*others, *english[: max(int(_ENGLISH * count), count - len(others))])}
    return [page for page in pages if page.id in taken]


Row = dict[str, Any]


def rows(
    articles: Sequence[material.Article], hosts: Sequence[material.Host], written: bank.SecondBank, bad: int, seed: int, say: Say
) -> Iterator[Row | tuple[str, int]]:
    """The rows, fold by fold; (kind, missing) where a kind fell short of its share."""
    seen: set[str] = set()
    paired = sum(weight for _, weight in pairs.KINDS.values())
    weights = sum(weight for _, weight in BAD.values()) + paired
    for number in range(FOLDS):
        fold = Fold(number, random.Random(), [a for a in articles if a.fold == number], [h for h in hosts if h.fold == number], written)
        share = bad / FOLDS
        for kind, (compose, weight) in BAD.items():
            yield from _singles(fold, kind, compose, _rounded(share * weight / weights), seed, seen)
        held = sum(weight for _, weight in controls.KINDS.values())
        for kind, (compose, weight) in controls.KINDS.items():
            wanted = _CONTROLS * share * (1 - paired / weights) * weight / held
            yield from _singles(fold, kind, compose, _rounded(wanted), seed, seen)
        for kind, (compose_pair, weight) in pairs.KINDS.items():
            yield from _doubles(fold, kind, compose_pair, _rounded(share * weight / weights), seed, seen)
        say(f"fold {number + 1} of {FOLDS}: {len(seen):,} rows so far")


def _rounded(wanted: float) -> int:
    return max(1, -int(-wanted // 1))


def _singles(
    fold: Fold, kind: str, compose: Callable[[Fold], Draft | None], wanted: int, seed: int, seen: set[str]
) -> Iterator[Row | tuple[str, int]]:
    fold.rng = random.Random(f"{seed}-{fold.number}-{kind}")
    made = 0
    for _ in range(_PATIENCE * wanted + _PATIENCE):
        if made == wanted:
            return
        draft = compose(fold)
        row = draft and row_of(draft, kind, drawn(fold.rng, draft), fold.number, fold.rng)
        if row and row["id"] not in seen:
            seen.add(row["id"])
            made += 1
            yield row
    yield kind, wanted - made


def _doubles(
    fold: Fold, kind: str, compose: Callable[[Fold], pairs.Pair | None], wanted: int, seed: int, seen: set[str]
) -> Iterator[Row | tuple[str, int]]:
    fold.rng = random.Random(f"{seed}-{fold.number}-{kind}")
    made = 0
    for _ in range(_PATIENCE * wanted + _PATIENCE):
        if made == wanted:
            return
        both = compose(fold)
        if both is None:
            continue
        rendering = drawn(fold.rng, both[1])
        clean, foreign = (row_of(draft, kind, rendering, fold.number, fold.rng) for draft in both)
        if clean is None or foreign is None or {clean["id"], foreign["id"]} & seen:
            continue
        seen |= {clean["id"], foreign["id"]}
        made += 1
        pair = f"{kind}-{fold.number}-{made}"
        yield {**clean, "pair": pair}
        yield {**foreign, "pair": pair}
    yield kind, wanted - made


def _write(out: Output, path: Path, stream: Iterator[Row | tuple[str, int]], say: Say) -> Built:
    kinds: Counter[str] = Counter()
    spoken: Counter[tuple[str, str]] = Counter()
    short: Counter[str] = Counter()
    bad = 0
    digest = hashlib.sha256()
    # No name and no time in the header: the same rows make the same bytes.
    packed = gzip.GzipFile("", "wb", 6, out.stream, mtime=0) if path.name.endswith(".gz") else None
    for row in stream:
        if isinstance(row, tuple):
            short[row[0]] += row[1]
            continue
        line = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        digest.update(line)
        (packed or out).write(line)
        kinds[row["kind"]] += 1
        spoken[row["language"][:2], row["label"]] += 1
        bad += row["label"] != "clean"
    if packed is not None:
        packed.close()
    for kind, missing in sorted(short.items()):
        say(f"{kind}: {missing} fewer than wanted; the corpus or the bank holds too little that fits")
    return Built(kinds.total(), bad, kinds, spoken, dict(sorted(short.items())), digest.hexdigest())
