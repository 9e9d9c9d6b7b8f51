from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detector.store.store import Store
from tests.databases import emptied, postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "memory", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store's address, once for each database."""
    if request.param == "postgresql":
        return emptied(request.getfixturevalue("server"))
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    store = Store(address)
    yield store
    store.close()
