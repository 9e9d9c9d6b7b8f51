"""The public surface: exactly the documented names, one exception tree, and a light import."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

import detector
from detector import errors

DOCUMENTED = {"Detector", "Page", "Verdict", "Evidence", "Label", "DetectorError", "UsageError", "ModelError", "InputError"}


def python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter that imports the same `detector` as this one."""
    environment = os.environ | {"PYTHONPATH": str(Path(detector.__file__).parent.parent)}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, env=environment, timeout=60, check=False
    )


def test_the_public_names_are_exactly_those_documented() -> None:
    """Nothing more is promised, nothing less is there."""
    assert set(detector.__all__) == DOCUMENTED
    assert len(detector.__all__) == len(DOCUMENTED) <= 10
    assert all(getattr(detector, name) is not None for name in detector.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """`from detector import Nonsense` fails as usual."""
    with pytest.raises(AttributeError, match="Nonsense"):
        detector.Nonsense  # noqa: B018


def test_the_methods_of_the_interface_are_there() -> None:
    """load, classify, classify_many, at, features, document, with the documented parameters."""
    parameters = {
        name: list(inspect.signature(getattr(detector.Detector, name)).parameters)
        for name in ("load", "classify", "classify_many", "at", "features", "document")
    }
    assert parameters["load"] == ["path", "operating_point", "semantic", "embedder"]
    assert parameters["classify"] == ["self", "page"]
    assert parameters["classify_many"] == ["self", "pages", "workers"]
    assert parameters["features"] == parameters["document"] == ["self", "page"]
    for maker in ("from_html", "from_text", "from_file", "from_soup"):
        assert callable(getattr(detector.Page, maker))


def test_every_error_is_a_detector_error() -> None:
    """One `except DetectorError` catches all that the package raises on purpose, and the docstring draws the tree."""
    tree = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)]
    assert {error.__name__ for error in tree} == {
        "DetectorError",
        "UsageError",
        "ModelError",
        "InputError",
        "RecordError",
        "OutputError",
        "CorpusError",
        "WorkerError",
    }
    for error in tree:
        assert issubclass(error, detector.DetectorError)
        assert error.__name__ in (errors.__doc__ or "")
    assert issubclass(errors.RecordError, errors.InputError)


def test_importing_the_package_brings_no_numpy(tmp_path: Path) -> None:
    """`import detector` stays fast: parsers, numpy and scikit-learn come with the first Detector."""
    run = python("import sys, detector; print(sorted({'numpy', 'sklearn', 'selectolax', 'bs4', 'joblib'} & set(sys.modules)))", tmp_path)
    assert (run.stdout.strip(), run.stderr) == ("[]", "")


def test_the_version_is_one_of_a_release() -> None:
    """`detector.__version__` has three numbers."""
    assert len(detector.__version__.split(".")) == 3
