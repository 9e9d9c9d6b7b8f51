"""Spark: a frame of pages to a frame of verdicts, by Arrow batches (`DataFrame.mapInArrow`). The extra is `spark`.

    from detector.integrations.spark import classify_frame

    verdicts = classify_frame(spark.read.parquet("pages"), columns={"html": "content"}, keep=["crawl"])

Each Python worker of Spark's loads the model once. A batch of Spark's holds up to 10,000 rows: with large pages set
`spark.sql.execution.arrow.maxRecordsPerBatch` to a few hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detector.detector import Detector
from detector.errors import UsageError
from detector.page.page import Page
from detector.sinks.arrow import sound, verdict_schema
from detector.sources.item import COLUMNS, Options
from detector.sources.row import has_pages, no_pages, row_page
from detector.verdict import LABELS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# Rows that leave together.
_ROWS = 256
# Spark's names of the types that a page's columns may have; void is a column of nulls. What is missing here would be a row of its own that
# is no page, and a frame has nowhere to say so.
_TEXT = frozenset({"string", "varchar", "char", "binary", "void"})
_KEYS = frozenset({"byte", "short", "integer", "long", "float", "double", "decimal", "date", "timestamp", "timestamp_ntz"})
#: The columns of the interface as Spark writes a schema.
SCHEMA = (
    "id string, url string, label string, flagged boolean, flag_probability double, "
    f"probabilities struct<{', '.join(f'{label}: double' for label in LABELS)}>, "
    "evidence array<struct<code: string, source: string, role: string, quote: string, `start`: bigint, `end`: bigint, weight: double, "
    "message: string>>, abstained string, partial string, operating_point string, threshold double, model string"
)


def classify_frame(
    frame: DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    model: str | None = None,
    operating_point: str = "default",
    threshold: float | None = None,
) -> DataFrame:
    """A verdict for every row, in the columns of the interface.

    Args:
        frame: rows with `html` or `text`, and `url` (all string or binary) and `id` (a number, date or timestamp too) where there are any.
            A row with neither `html` nor `text` abstains: `empty`. Where there is no `id`, or none in a row, the verdict's is empty.
        columns: the frame's own name for one of these.
        keep: columns of the frame that stand before the verdict's; none may have the name of one of them.
        model: a folder with an artefact that every worker can read; the shipped model if left out.
        threshold: flag at this flag probability instead of the operating point's.

    Raises:
        UsageError: no column holds pages, a column has a type that no page has, or a kept column is missing or has the name of a verdict's.
    """
    options = Options(columns=dict(columns or {}))
    if not has_pages(frame.columns, options):
        raise UsageError(f"the frame {no_pages(options).partition(';')[0]}; name the column with columns={{'html': COLUMN}}")
    for name in COLUMNS:
        theirs = options.column(name)
        if theirs in frame.columns and (kind := frame.schema[theirs].dataType.typeName()) not in (_TEXT | _KEYS if name == "id" else _TEXT):
            raise UsageError(f"the frame's column {theirs!r} for {name} is of type {kind}; cast it to string")
    taken = {part.split()[0] for part in SCHEMA.split(", ")}
    for name in keep:
        if name not in frame.columns:
            raise UsageError(f"the frame has no column {name!r} to keep")
        if name in taken:
            raise UsageError(f"the verdict has a column {name!r} of its own; rename the frame's")
    used = [name for name in map(options.column, COLUMNS) if name in frame.columns]
    kept = [f"`{field.name}` {field.dataType.simpleString()}" for name in keep for field in [frame.schema[name]]]
    task = _task(options, tuple(keep), model, operating_point, threshold)
    return frame.select(*dict.fromkeys([*used, *keep])).mapInArrow(task, ", ".join([*kept, SCHEMA]))


def _task(
    options: Options, keep: tuple[str, ...], model: str | None, operating_point: str, threshold: float | None
) -> Callable[[Iterator[Any]], Iterator[Any]]:
    def judge(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa

        detector = Detector.load(model, operating_point=operating_point)
        if threshold is not None:
            detector = detector.at_threshold(threshold)
        schema = verdict_schema()
        for whole in batches:
            for start in range(0, whole.num_rows, _ROWS):
                batch = whole.slice(start, _ROWS)
                verdicts = detector.classify_many([_page(row, options) for row in batch.to_pylist()])
                judged = pa.RecordBatch.from_pylist([sound(verdict.to_dict()) for verdict in verdicts], schema=schema)
                yield pa.RecordBatch.from_arrays([*map(batch.column, keep), *judged.columns], names=[*keep, *schema.names])

    return judge


def _page(row: dict[str, Any], options: Options) -> Page:
    values = {name: bytes(value) if isinstance(value, bytearray) else value for name, value in row.items()}
    # Spark has no row numbers: without one of its own the id is empty; and without a body so is the page.
    for name, other in (("id", "id"), ("html", "text")):
        if values.get(options.column(name)) is None and values.get(options.column(other)) is None:
            values[options.column(name)] = ""
    item = row_page(values, "", "", 0, options)
    # The frame's types were checked before.
    assert isinstance(item, Page)
    return item
