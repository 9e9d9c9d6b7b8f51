"""datatrove: a filter that drops flagged documents, and a step that only writes what it found. The extra is `datatrove`.

    pipeline = [WarcReader(…), DetectorFilter(exclusion_writer=JsonlWriter("dropped")), Trafilatura(), JsonlWriter("kept")]

Put it before the text extractor where there is one: what does not belong to a page is mostly what extractors throw away. Metadata gets
`detector_label`, `detector_probability`, `detector_reason` (why it abstained, else what speaks most for the label) and `detector_model`.
"""

from __future__ import annotations

from collections.abc import Sequence

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.batching import batched

from detector.detector import Detector
from detector.given import BATCH
from detector.page.page import HTML, TEXT, Page
from detector.verdict import Verdict

_KINDS = {"html": HTML, "text": TEXT, None: None}


class _Judge:
    """Judges documents and writes to their metadata. Loads the model in the process that works, so that steps stay small to send."""

    def __init__(self, kind: str | None, url_key: str, model: str | None, operating_point: str) -> None:
        self._media_type, self._url_key, self._model, self._operating_point = _KINDS[kind], url_key, model, operating_point
        # Misuse is told where the pipeline is put together.
        Detector.load(model, operating_point=operating_point)

    def __call__(self, documents: Sequence[Document]) -> list[Verdict]:
        detector = Detector.load(self._model, operating_point=self._operating_point)
        pages = [Page(document.text, document.metadata.get(self._url_key), document.id, self._media_type) for document in documents]
        verdicts = list(detector.classify_many(pages))
        for document, verdict in zip(documents, verdicts, strict=True):
            document.metadata["detector_label"] = None if verdict.label is None else str(verdict.label)
            document.metadata["detector_probability"] = None if verdict.flag_probability is None else round(verdict.flag_probability, 6)
            document.metadata["detector_reason"] = verdict.abstained or (verdict.evidence[0].message if verdict.evidence else None)
            document.metadata["detector_model"] = verdict.model
        return verdicts


class DetectorFilter(BaseFilter):  # type: ignore[misc, unused-ignore]
    """Keeps what is not flagged; drops with the label as the reason, or with `abstained-CODE` where `keep_abstained` is false.

    Args:
        exclusion_writer: takes what is dropped, as in all of datatrove's filters.
        kind: `html` or `text`, what `Document.text` holds; None lets each document decide.
        url_key: where in the metadata the address is.
        keep_abstained: null is neither yes nor no; kept, it can still be told by its metadata.

    Raises:
        ModelError, UsageError: as `Detector.load`.
    """

    name = "🕵 contentfarm-detector"

    def __init__(
        self,
        exclusion_writer: DiskWriter | None = None,
        *,
        kind: str | None = None,
        url_key: str = "url",
        model: str | None = None,
        operating_point: str = "default",
        keep_abstained: bool = True,
        batch_size: int = BATCH,
    ) -> None:
        super().__init__(exclusion_writer, batch_size)
        self._judge = _Judge(kind, url_key, model, operating_point)
        self._keep_abstained = keep_abstained

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        return [self._kept(verdict) for verdict in self._judge(batch)]

    def _kept(self, verdict: Verdict) -> bool | tuple[bool, str]:
        if verdict.flagged is None:
            return True if self._keep_abstained else (False, f"abstained-{verdict.abstained}")
        return (False, str(verdict.label)) if verdict.flagged else True


class DetectorAnnotator(PipelineStep):  # type: ignore[misc, unused-ignore]
    """Writes what it found into the metadata and passes every document on. Arguments as `DetectorFilter`."""

    type = "🔎 - ANNOTATOR"
    name = "🕵 contentfarm-detector"

    def __init__(
        self,
        *,
        kind: str | None = None,
        url_key: str = "url",
        model: str | None = None,
        operating_point: str = "default",
        batch_size: int = BATCH,
    ) -> None:
        super().__init__()
        self._judge = _Judge(kind, url_key, model, operating_point)
        self._batch_size = batch_size

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        for batch in batched(data, self._batch_size):
            with self.track_time("batch"):
                verdicts = self._judge(batch)
            for document, verdict in zip(batch, verdicts, strict=True):
                self.stat_update(f"abstained_{verdict.abstained}" if verdict.label is None else str(verdict.label))
                self.update_doc_stats(document)
                yield document
