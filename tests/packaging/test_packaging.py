"""The files that others start the service from name options that it has, and are accepted by the tools that read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest
from typer.testing import CliRunner

from detector.cli.app import app

PACKAGING = Path(__file__).parents[2] / "packaging"
FILES = ("Containerfile", "compose.yaml", "detector.service")


def options() -> set[str]:
    return set(re.findall(r"--[a-z-]+", CliRunner().invoke(app, ["serve", "--help"]).stdout))


@pytest.mark.parametrize("name", FILES)
def test_every_option_is_one_that_serve_has(name: str) -> None:
    text = (PACKAGING / name).read_text()
    started = " ".join(line for line in text.splitlines() if re.match(r"\s*(CMD \[\"serve|ExecStart|- --)", line))
    used = set(re.findall(r"--[a-z-]+", started))
    assert used and used <= options()


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    program = tmp_path / "detector"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "detector.service"
    unit.write_text((PACKAGING / "detector.service").read_text().replace("/opt/detector/bin/detector", str(program)))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert done.returncode == 0 and "detector.service" not in done.stderr, done.stderr


def test_the_container_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    lines = (PACKAGING / "Containerfile").read_text().splitlines()
    assert lines.index("USER 10001") < next(number for number, line in enumerate(lines) if line.startswith("ENTRYPOINT"))
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            assert all((PACKAGING.parent / source).exists() for source in line.split()[1:-1]), line


def test_ci_fails_where_what_its_tests_need_cannot_be_installed(tmp_path: Path) -> None:
    """Their modules would skip themselves, and the run would be green."""
    for name in ("bash", "dirname", "id", "ls"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    for name, body in (("apt-get", "exit 100"), ("sudo", "exit 1"), ("python3", "echo went on >&2; exit 1")):
        (tmp_path / name).write_text(f"#!{tmp_path}/bash\n{body}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        [tmp_path / "bash", PACKAGING.parent / ".ci" / "run"], capture_output=True, text=True, env={"PATH": str(tmp_path)}
    )
    assert done.returncode == 1 and "could not install: chromium" in done.stderr and "went on" not in done.stderr


def sent(path: str) -> bool:
    """Whether an engine sends a path of the checkout: the last pattern that fits it, or a folder above it, decides."""
    lines = (PACKAGING / "Containerfile.dockerignore").read_text().splitlines()
    candidates = [path, *map(str, PurePosixPath(path).parents)][:-1]
    kept = True
    for pattern in (line for line in lines if line and not line.startswith("#")):
        bare = pattern.removeprefix("!")
        # `**/` is any number of folders, none too.
        if any(PurePosixPath("/" + candidate).match(bare.removeprefix("**/") if "**/" in bare else "/" + bare) for candidate in candidates):
            kept = pattern.startswith("!")
    return kept


def test_a_build_is_sent_what_it_copies_and_nothing_else() -> None:
    copied = [
        source
        for line in (PACKAGING / "Containerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    assert copied and all(sent(source) for source in (*copied, "detector/cli/app.py", "models/default/model.npz"))
    for path in (
        ".git/config",
        ".venv/bin/python",
        "tests/conftest.py",
        "datasets/x",
        "packaging/token",
        "packaging/password",
        "packaging/.env",
    ):
        assert not sent(path), path
    assert not sent("detector/__pycache__/app.cpython-312.pyc") and not sent("detector/old.pyc")


def test_compose_mounts_the_root_read_only_and_shows_no_secret() -> None:
    text = (PACKAGING / "compose.yaml").read_text()
    assert "read_only: true" in text and "cap_drop: [ALL]" in text
    assert not re.search(r"PASSWORD: ", text)


@pytest.mark.parametrize(
    ("shell", "words"), [("bash", {"COMP_WORDS": "detector ser", "COMP_CWORD": "1"}), ("zsh", {"_TYPER_COMPLETE_ARGS": "detector ser"})]
)
def test_the_shell_completes_commands(shell: str, words: dict[str, str]) -> None:
    done = CliRunner().invoke(app, [], prog_name="detector", env={"_DETECTOR_COMPLETE": f"complete_{shell}", **words})
    assert "serve" in done.stdout and "classify" not in done.stdout
