"""The whole exception tree, and the exit codes of programs.

DetectorError
├── UsageError        the call itself is wrong (an unknown option, a bad threshold); CLI exit 2
├── ModelError        an artefact is missing, foreign, damaged or of another schema; CLI exit 2
├── InputError        a source could not be read; CLI exit 3, the other sources are answered
│   └── RecordError   one record of a source could not be read, with its place
├── OutputError       an output cannot be written; CLI exit 2
├── WorkerError      a worker process cannot be started; CLI exit 2
└── CorpusError       a corpus or data set is missing or does not match its digests

Every message names the input, what is wrong with it, and what to do. A page that cannot be judged raises nothing:
its verdict abstains and says why.
"""

from __future__ import annotations

#: Exit codes, besides 0; Ctrl-C ends with what shells say of SIGINT.
FLAGGED, MISUSE, UNREADABLE, INTERRUPTED = 1, 2, 3, 130


class DetectorError(Exception):
    """Base of everything this package raises on purpose."""


class UsageError(DetectorError):
    """The call itself is wrong: an unknown option, a threshold outside 0 to 1."""


class ModelError(DetectorError):
    """An artefact is missing, foreign, damaged, or was made for another feature schema."""


class InputError(DetectorError):
    """A source could not be read."""


class RecordError(InputError):
    """One record of a source could not be read; its place is part of the message."""


class OutputError(DetectorError):
    """An output could not be written."""


class WorkerError(DetectorError):
    """A worker process could not be started."""


class CorpusError(DetectorError):
    """A corpus or data set is missing or does not match its digests."""
