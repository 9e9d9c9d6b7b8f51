"""`detector dataset`: composed sets to validate with, and a corpus out of its manifest."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

import detector
from detector.cli import options
from detector.cli.extras import needs
from detector.sinks.printable import printable

MISUSE, INCOMPLETE = 2, 3
# Missing pages that are named on standard error; the file that names all is named with them.
_TOLD = 20
dataset = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Compose sets of pages to validate with, and check them; fetch a corpus by its manifest.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
_DATASETS = Path(detector.__file__).parent.parent / "datasets"
_BANKS = _DATASETS / "second"
_MANIFEST = _DATASETS / "corpus" / "manifest.tsv.gz"
_GITHUB = "https://github.com"


@dataset.command()
def build(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="Rows: .jsonl or .jsonl.gz; a manifest goes beside it.")],
    corpus: Annotated[Path | None, typer.Option(metavar="DIR", help="The corpus; else $DETECTOR_CORPUS.", show_default=False)] = None,
    bad: Annotated[int, typer.Option(min=1, metavar="N", help="Bad pages to compose; clean controls and pairs come with them.")] = 5000,
    seed: Annotated[int, typer.Option(metavar="S", help="Another seed makes another set, the same seed the same bytes.")] = 11,
    banks: Annotated[Path, typer.Option(metavar="DIR", help="The second bank; its checkout's if left out.", show_default=False)] = _BANKS,
    workers: options.Workers = 2,
) -> None:
    """Compose a validation set from real pages and the second bank.

    \b
    Examples:
      detector dataset build -o second.jsonl.gz --corpus ../corpus
      DETECTOR_CORPUS=/data/corpus detector dataset build -o small.jsonl --bad 200 --seed 3

    \b
    Exit: 0 done; 2 misuse: no corpus, no bank, an output that cannot be written.
    """
    with needs("validation"):
        from detector.training.corpus import require
        from detector.validation.build import build as compose

        started = time.monotonic()

        def say(message: str) -> None:
            print(f"{time.monotonic() - started:6.0f} s  {message}", file=sys.stderr, flush=True)

        made = compose(output, require(corpus), banks, bad=bad, seed=seed, workers=workers, say=say)
    _table("kind", made.kinds)
    _table("language and label", Counter({f"{language} {label}": count for (language, label), count in made.languages.items()}))
    print(f"{made.rows:,} rows, {made.bad:,} bad, sha256 {made.digest}")


@dataset.command()
def verify(file: Annotated[Path, typer.Argument(metavar="FILE", help="A set made by `detector dataset build`.")]) -> None:
    """Check a composed set: digest, labels, pairs, the places of foreign strings, one fold a source.

    \b
    Examples:
      detector dataset verify second.jsonl.gz

    \b
    Exit: 0 whole; 2 something is wrong with it; 3 it cannot be read.
    """
    from detector.validation.verify import verify as check

    found = check(file)
    for name, counter in (("kind", found.kinds), ("language", found.languages), ("rendering", found.renderings), ("label", found.labels)):
        _table(name, counter)
    against = (
        "as in its manifest" if found.expected == found.digest else "no manifest" if found.expected is None else "NOT as in its manifest"
    )
    print(f"{found.rows:,} rows, {found.pairs:,} pairs, sha256 {found.digest} ({against})")
    for fault in found.faults[:20]:
        print(f"detector: {file}: {fault}", file=sys.stderr)
    if found.faults:
        print(f"detector: {file}: {len(found.faults):,} faults; build it again", file=sys.stderr)
        raise typer.Exit(MISUSE)


@dataset.command()
def fetch(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The folder of the corpus; what it holds already is kept.")],
    manifest: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the pages stand; the checkout's if left out.", show_default=False)
    ] = _MANIFEST,
    base: Annotated[str, typer.Option(metavar="URL", help="What /OWNER/NAME of a repository is put behind.")] = _GITHUB,
) -> None:
    """Fetch a corpus of real pages from the public repositories that its manifest names, with git, and check each page's sha256.

    Only the files that hold pages are asked for, and no history. A run that was cut off, or had pages missing, goes on when it is run again.

    \b
    Examples:
      detector dataset fetch -o corpus
      detector dataset fetch -o corpus --base https://mirror.example.org/github
      detector train --config models/default/train.toml --corpus corpus -o models/mine

    \b
    Exit: 0 whole; 2 misuse: no manifest, no git, a folder that cannot be written; 3 pages are missing (named, the rest is there).
    """
    from detector.cli.progress import progress
    from detector.training.fetch import MISSING
    from detector.training.fetch import fetch as fetch_corpus
    from detector.training.manifest import read

    entries = read(manifest)
    missing = fetch_corpus(entries, output, base, progress())
    for one in missing[:_TOLD]:
        place = f"{one.entry.repository} at {one.entry.commit[:10]}, {one.entry.path}"
        print(printable(f"detector: missing: {place}: {one.why}"), file=sys.stderr)
    if missing:
        print(f"detector: {len(missing):,} of {len(entries):,} pages are missing, all named in {output / MISSING}", file=sys.stderr)
    print(f"{len(entries) - len(missing):,} pages in {output}")
    if missing:
        raise typer.Exit(INCOMPLETE)


def _table(name: str, counter: Counter[str]) -> None:
    print(f"{name}:")
    for key, count in sorted(counter.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {count:7,}  {key}")
