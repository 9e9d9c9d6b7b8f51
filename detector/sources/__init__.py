"""Where pages come from: one reader a kind, found by suffix. `open_pages` yields pages and what could not be read, lazily and in order."""

from detector.sources.item import Failure, Item, Options
from detector.sources.registry import open_pages

__all__ = ["Failure", "Item", "Options", "open_pages"]
