"""Many pages at once: worker processes that are replaced when a page kills or stalls one, answers in the order of the pages."""

from detector.bulk.batches import Ahead, batches
from detector.bulk.engine import PAGE_SECONDS, judge_in_workers

__all__ = ["PAGE_SECONDS", "Ahead", "batches", "judge_in_workers"]
