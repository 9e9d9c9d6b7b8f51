"""Requests made up from the OpenAPI document, and against it: no server error, and answers as promised."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.service.conftest import running

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_no_request_brings_a_server_error(tmp_path: Path) -> None:
    with running("--workers", 1) as service:
        options = ["--checks", CHECKS, "--max-examples", "25", "--generation-deterministic", "--no-color"]
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{service.url}/openapi.json", *options]
        made_up = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert made_up.returncode == 0, made_up.stdout
    assert "No issues found" in made_up.stdout
