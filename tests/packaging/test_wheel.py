"""The wheel is reproducible, holds what serving needs and nothing that it does not; the lock names no host and pins every dependency."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements-ci.txt"


def build(source: Path, out: Path) -> Path:
    """A wheel by the project's own build back end."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000", "PYTHONHASHSEED": out.name[-1]}
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=source,
        env=environment,
        check=True,
        capture_output=True,
    )
    [wheel] = out.glob("*.whl")
    return wheel


def test_two_builds_have_the_same_bytes(tmp_path: Path) -> None:
    """From two copies of the checkout with other times of change: the date of the files and of the build leave no trace."""
    digests, names = set(), set[str]()
    for number in "12":
        copy = tmp_path / f"copy{number}"
        copy.mkdir()
        for part in ("detector", "models", "pyproject.toml", "README.md", "LICENSE"):
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile)
            else:
                shutil.copyfile(ROOT / part, copy / part)
        wheel = build(copy, tmp_path / f"out{number}")
        digests.add(hashlib.sha256(wheel.read_bytes()).hexdigest())
        names = set(zipfile.ZipFile(wheel).namelist())
    assert len(digests) == 1
    assert {"detector/models/default/model.npz", "detector/models/default/manifest.json"} <= names
    assert not [name for name in names if name.endswith(".skops") or name.startswith("tests")]


def test_the_lock_pins_every_dependency_with_digests_and_names_no_host() -> None:
    """Whatever pyproject.toml asks for is there in one version inside its bounds."""
    from packaging.requirements import Requirement

    text = LOCK.read_text(encoding="utf-8")
    assert "://" not in text and "--index-url" not in text and "--find-links" not in text
    pinned = dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;\\]+)", text, re.MULTILINE))
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pinned) > 60
    assert all("--hash=sha256:" in entry for entry in entries)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + [
        line
        for extra in ("test", "parquet", "service", "store", "train", "validation", "warc")
        for line in project["optional-dependencies"][extra]
    ]
    for line in wanted:
        requirement = Requirement(line)
        if requirement.name != "contentfarm-detector":
            assert requirement.specifier.contains(pinned[requirement.name.lower()]), line


def test_every_dependency_is_bounded_from_both_sides() -> None:
    """A new major version is somebody's decision."""
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in [*project["dependencies"], *(line for lines in project["optional-dependencies"].values() for line in lines)]:
        requirement = Requirement(line)
        operators = {specifier.operator for specifier in requirement.specifier}
        assert requirement.name == "contentfarm-detector" or {">=", "<"} <= operators, line
