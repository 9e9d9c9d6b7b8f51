"""The steps in a real datatrove pipeline: readers, writers, statistics, several tasks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("datatrove", reason="needs the extra datatrove: pip install 'contentfarm-detector[datatrove]'")

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

import detector
from detector import Detector, Page, UsageError, Verdict
from detector.integrations.datatrove import DetectorAnnotator, DetectorFilter

DEMO = Path(detector.__file__).parent.parent / "tests" / "pages" / "demo"


def pages() -> list[Page]:
    found = [Page.from_file(path) for path in sorted(DEMO.iterdir())]
    return [Page(bytes(page.body).decode(), page.url, Path(page.id).name) for page in found] + [Page("short", None, "short")]


@pytest.fixture
def verdicts(detector: Detector) -> dict[str, Verdict]:
    return {page.id: detector.classify(page) for page in pages()}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two files, one a task."""
    (tmp_path / "in").mkdir()
    for task in range(2):
        rows = [{"id": page.id, "text": page.body, "url": page.url} for page in pages()[task::2]]
        (tmp_path / "in" / f"{task}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path / "in"


def rows(folder: Path) -> dict[str, dict[str, object]]:
    found = [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]
    assert len({row["id"] for row in found}) == len(found)
    return {row["id"]: row["metadata"] for row in found}


def run(folder: Path, source: Path, *steps: object) -> Path:
    writer = JsonlWriter(str(folder / "out"), compression=None)
    executor = LocalPipelineExecutor(
        [JsonlReader(str(source)), *steps, writer], tasks=2, workers=1, logging_dir=str(folder / "logs"), start_method="spawn"
    )
    executor.run()
    return folder / "out"


def test_the_filter_keeps_what_is_not_flagged_and_writes_out_the_rest(tmp_path: Path, source: Path, verdicts: dict[str, Verdict]) -> None:
    """Kept and dropped are the detector's own verdicts; the label is the reason; abstained documents are kept."""
    kept = rows(run(tmp_path, source, DetectorFilter(JsonlWriter(str(tmp_path / "dropped"), compression=None))))
    dropped = rows(tmp_path / "dropped")
    assert set(kept) == {id for id, verdict in verdicts.items() if not verdict.flagged}
    assert {id: row["filter_reason"] for id, row in dropped.items()} == {id: v.label for id, v in verdicts.items() if v.flagged}
    assert dropped and "short" in kept
    (stats,) = [step["stats"] for step in json.loads((tmp_path / "logs" / "stats.json").read_text()) if "FILTER" in step["name"]]
    assert (stats["total"], stats["dropped"]) == (len(verdicts), len(dropped))


def test_abstained_documents_can_be_dropped(tmp_path: Path, source: Path) -> None:
    """For whoever needs a yes: the reason says that nothing was found."""
    writer = JsonlWriter(str(tmp_path / "dropped"), compression=None)
    kept = rows(run(tmp_path, source, DetectorFilter(writer, keep_abstained=False)))
    assert "short" not in kept
    assert rows(tmp_path / "dropped")["short"]["filter_reason"] == "abstained-too-little-text"


def test_the_annotator_passes_everything_on_with_label_probability_and_reason(
    tmp_path: Path, source: Path, verdicts: dict[str, Verdict]
) -> None:
    """Metadata says what a verdict says; nothing is dropped."""
    found = rows(run(tmp_path, source, DetectorAnnotator()))
    assert set(found) == set(verdicts)
    for id, verdict in verdicts.items():
        row = verdict.to_dict()
        assert found[id]["detector_label"] == row["label"]
        assert found[id]["detector_probability"] == row["flag_probability"]
        assert found[id]["detector_model"] == row["model"]
        assert found[id]["detector_reason"] == (row["abstained"] or (row["evidence"][0]["message"] if row["evidence"] else None))


def test_misuse_is_told_where_the_pipeline_is_put_together() -> None:
    """An unknown operating point does not wait for the cluster."""
    with pytest.raises(UsageError, match="operating point"):
        DetectorFilter(operating_point="nonsense")
