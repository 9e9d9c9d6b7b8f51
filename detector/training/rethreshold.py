"""A copy of an artefact with one more operating point, chosen on a caller's own clean pages; nothing is trained."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from detector.detector import Detector
from detector.errors import InputError, ModelError, OutputError, UsageError
from detector.model.artefact import MANIFEST, default_model
from detector.training.evaluate import read_set
from detector.training.fit import threshold_for
from detector.training.metrics import rate
from detector.training.save import write_json

# None flagged of 3/R pages is what first shows a rate below R with 95 % confidence (the rule of three).
PAGES_A_RATE = 3
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")
_BESIDE = ("metrics.json", "train.toml", "CARD.md")


def run(dataset: Path, share: float, name: str, output: Path, model: Path | None = None, workers: int = 1) -> dict[str, Any]:
    """Write the copy to `output` and return its new operating point as the manifest has it.

    Arrays, their digests and so the model's version stay as they are: an operating point is a threshold in the manifest.

    Args:
        dataset: a set as `detector evaluate` reads it; its rows labelled clean are used.
        share: the false-positive rate, above 0 and below 1.
        name: of the new operating point.

    Raises:
        UsageError: the rate or the name is none, the name is taken, or the set has too few clean pages for the rate.
        InputError: the set cannot be read. ModelError: no usable artefact. OutputError: `output` cannot be written, or is not empty.
    """
    if not 0.0 < share < 1.0:
        raise UsageError(f"--false-positive-rate {share!r} is not between 0 and 1; give a share such as 0.002 for 0.2 %")
    source = model or default_model()
    detector = Detector.load(source)
    if not _NAME.match(name) or name == "custom":
        raise UsageError(f"--name {name!r} is no name for an operating point; give letters, digits and . _ - (`custom` is --threshold's)")
    if name in detector.operating_points:
        raise UsageError(f"--name {name!r} is an operating point of {source} already; give another name")
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise OutputError(f"{output}: is there and not an empty folder; give -o a new one")
    point = _chosen(detector, dataset, share, workers)
    _copy(source, output, name, point)
    return point


def _chosen(detector: Detector, dataset: Path, share: float, workers: int) -> dict[str, Any]:
    clean = [item for item in read_set(dataset) if item.label == "clean"]
    # At 0 every page is asked as if flagged: one that abstains even so can be flagged at no threshold, and is in no rate.
    verdicts = list(detector.at_threshold(0.0).classify_many((item.page for item in clean), workers))
    judged = [
        (item.group, verdict.flag_probability)
        for item, verdict in zip(clean, verdicts, strict=True)
        if verdict.flag_probability is not None
    ]
    needed = int(np.ceil(PAGES_A_RATE / share - 1e-9))
    if len(judged) < needed:
        raise UsageError(
            f"{dataset}: {len(judged):,} clean pages that can be judged are too few for a false-positive rate of {share:g}; "
            f"it takes {needed:,} ({PAGES_A_RATE} / {share:g}), or a rate of {PAGES_A_RATE / max(len(judged), 1):.2g} or more"
        )
    scores = np.array([score for _, score in judged])
    threshold = threshold_for(scores, share)
    measured = rate(scores >= threshold, [group for group, _ in judged])
    if measured["flagged"] > share * len(judged):
        raise UsageError(
            f"{dataset}: {measured['flagged']:,} of {len(judged):,} clean pages are flagged at any threshold, more than {share:g}; "
            "are they clean? `detector evaluate --report` shows them"
        )
    return {
        "threshold": threshold,
        "false_positive_rate": measured["rate"],
        "chosen_on": {
            "dataset": dataset.name,
            "dataset_digest": digest(dataset),
            "rate": share,
            "clean_pages": len(judged),
            "groups": measured["groups"],
            "flagged": measured["flagged"],
            "interval": measured["interval"],
            "not_judged": len(clean) - len(judged),
        },
    }


def digest(dataset: Path) -> str:
    """SHA-256 of a file's bytes; of a folder, of the names and digests of its files in order.

    Raises:
        InputError: it cannot be read.
    """
    try:
        if dataset.is_dir():
            files = sorted(path for path in dataset.rglob("*") if path.is_file())
            listing = "".join(f"{digest(path)}  {path.relative_to(dataset).as_posix()}\n" for path in files)
            return hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()
        with dataset.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{dataset}: cannot be read ({error.strerror})") from error


def _copy(source: Path, output: Path, name: str, point: dict[str, Any]) -> None:
    manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
    manifest["operating_points"][name] = point
    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output) as temporary:
            folder = Path(temporary)
            # An installed model has the serving half only.
            for file in (*manifest["files"], *_BESIDE):
                if (source / file).is_file():
                    shutil.copyfile(source / file, folder / file)
            for file, expected in manifest["files"].items():
                if (folder / file).exists() and digest(folder / file) != expected:
                    raise ModelError(f"{source / file}: its digest is not the one in {MANIFEST}; fetch or train the artefact again")
            if (folder / "CARD.md").exists():
                with (folder / "CARD.md").open("a", encoding="utf-8") as card:
                    card.write(_section(name, point))
            write_json(folder / MANIFEST, manifest)
            # The manifest last: without it the folder is no artefact.
            for path in sorted(folder.iterdir(), key=lambda path: (path.name == MANIFEST, path.name)):
                path.replace(output / path.name)
    except OSError as error:
        raise OutputError(f"{output}: cannot be written ({error.strerror}); give another -o folder") from error


def _section(name: str, point: dict[str, Any]) -> str:
    on = point["chosen_on"]
    return (
        f"\n## Operating point `{name}`\n\nAdded by `detector rethreshold`: threshold {point['threshold']:.4f}, for a false-positive rate of "
        f"{100 * on['rate']:g} % on the clean rows of `{on['dataset']}` (digest `{on['dataset_digest'][:16]}`): {on['flagged']:,} of "
        f"{on['clean_pages']:,} pages in {on['groups']:,} groups flagged, on the very pages that it was chosen on.\n"
    )
