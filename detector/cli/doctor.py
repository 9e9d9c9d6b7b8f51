"""`detector doctor`: what is installed, and whether it works."""

from __future__ import annotations

import platform
import time
from pathlib import Path
from typing import Annotated

import typer

import detector
from detector.cli import options
from detector.cli.extras import EXTRAS, REQUIRED, install, installed, needs
from detector.errors import DetectorError
from detector.page.page import Page

BROKEN = 2
# A regional paper's article under a menu and a footer that sell something else: long enough to be judged, written for this test.
SELF_TEST = Page.from_html(
    """<!doctype html><html lang="en"><head><title>Council approves new bridge over the river</title></head><body>
<ul><li><a href="/slots">Online casino bonus</a></li><li><a href="/loans">Fast loans no credit check</a></li></ul>
<article><h1>Council approves new bridge over the river</h1>
<p>The town council approved the construction of a second bridge on Tuesday after three years of debate about its cost and its route.</p>
<p>Engineers expect work to begin in spring. Residents of the eastern bank have asked for a crossing since the old ferry was closed.</p>
<p>The mayor said that the bridge would carry buses, bicycles and pedestrians, and that cars would keep to the road upstream.</p></article>
<p>Previous: <a href="/p1">Best online casino free spins 2024</a> Next: <a href="/p2">Buy replica watches cheap</a></p>
<footer>© Buy Gmail accounts, bulk PVA accounts for sale, Telegram @accshop</footer></body></html>""",
    "https://bridge-herald.example/news/bridge",
    "self-test",
)


def doctor(
    model: options.Model = None,
    store: Annotated[str | None, typer.Option(metavar="URL", help="Look into a service's store too.", show_default=False)] = None,
) -> None:
    """Show versions, extras and model, and judge a built-in page.

    \b
    Examples:
      detector doctor
      detector doctor --model models/mine
      detector doctor --store verdicts.db

    \b
    Exit: 0 all is well; 2 the model, the store or a library it needs is not.
    """
    print(f"detector      {detector.__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    missing = [name for name in REQUIRED if installed(name) is None]
    print("libraries     " + ", ".join(f"{name} {installed(name) or 'MISSING'}" for name in REQUIRED))
    for extra, names in EXTRAS.items():
        there = all(installed(name) for name in names)
        found = ", ".join(f"{name} {installed(name)}" for name in names) if there else f"not installed; {install(extra)}"
        print(f"{f'[{extra}]':<14}{found}")
    try:
        _check_model(model)
    except DetectorError as error:
        print(f"model         NOT USABLE: {error}")
        raise typer.Exit(BROKEN) from error
    if store is not None:
        try:
            print(f"store         {_check_store(store)}")
        except DetectorError as error:
            print(f"store         NOT USABLE: {error}")
            raise typer.Exit(BROKEN) from error
    if missing:
        raise typer.Exit(BROKEN)


def _check_store(address: str) -> str:
    with needs("store"):
        from detector.store.store import Store
    store = Store(address, existing=True)
    try:
        return store.description()
    finally:
        store.close()


def _check_model(model: Path | None) -> None:
    from detector.detector import Detector
    from detector.model.artefact import default_model

    started = time.perf_counter()
    judge = Detector.load(model)
    loaded = time.perf_counter()
    print(f"model         {judge.model} in {model or default_model()}, loaded in {loaded - started:.2f} s")
    print("thresholds    " + ", ".join(f"{name} {threshold:.4f}" for name, threshold in judge.operating_points.items()))
    verdict = judge.classify(SELF_TEST)
    first = time.perf_counter()
    if verdict != judge.classify(SELF_TEST) or verdict.flag_probability is None:
        print(f"self-test     FAILED: {verdict}")
        raise typer.Exit(BROKEN)
    again = time.perf_counter()
    took = f"first page {first - loaded:.2f} s, then {again - first:.3f} s"
    print(f"self-test     {verdict.label}, flag probability {verdict.flag_probability:.3f} ({took})")
    if verdict.evidence:
        print(f"              because {verdict.evidence[0].message}")
