"""Where verdicts go: one sink a format. `open_sink` finds it and checks that it can be written before any page is judged."""

from detector.sinks.registry import FORMATS, format_of, open_sink
from detector.sinks.sink import Sink

__all__ = ["FORMATS", "Sink", "format_of", "open_sink"]
