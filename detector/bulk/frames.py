"""Objects over a pipe between this program and a process that it started: a length, then a pickle.

A worker believes the program that started it. The program believes no worker, which a page may have taken over: of what comes back it makes
plain data, records that are named here and exceptions, and nothing else is found or called.
"""

from __future__ import annotations

import builtins
import io
import pickle
import struct
from typing import IO, Any

from detector import errors

_LENGTH = struct.Struct("!Q")
# What an answer may hold besides plain data, by module. Each has a `__setstate__` of its own, or a pickle could set attributes of the class.
_RECORDS = {
    "detector.verdict": {"Verdict", "Evidence", "Asking", "Label"},
    "detector.provenance.facts": {"Facts"},
    "detector.service.worker": {"Answer", "Ready"},
}


def packed(value: Any) -> bytes:
    """The frame of an object, for one that is sent to several processes."""
    content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


def send(stream: IO[bytes], frame: bytes) -> None:
    """Raises:
    OSError: the other side is gone.
    """
    stream.write(frame)
    stream.flush()


def receive_from_parent(stream: IO[bytes]) -> Any:
    """The next object, in a worker.

    Raises:
        EOFError: the program is gone.
    """
    # Whoever starts a process can have it run anything: there is nothing to check.
    return pickle.loads(_content(stream))  # noqa: S301


def receive_from_worker(stream: IO[bytes]) -> Any:
    """The next answer.

    Raises:
        EOFError: the worker is gone, or sent what no worker sends; it is of no more use.
    """
    return answer_in(_content(stream))


def answer_in(content: bytes) -> Any:
    """What a worker has pickled, as in `receive_from_worker`.

    Raises:
        EOFError: it is broken, or holds something else than plain data, records and exceptions.
    """
    try:
        return _Answer(io.BytesIO(content)).load()
    except Exception as error:  # a broken pickle may raise any
        raise EOFError(str(error)) from error


class _Answer(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> type:
        if name in _RECORDS.get(module, ()):
            return super().find_class(module, name)  # type: ignore[no-any-return]
        found = vars({"builtins": builtins, "detector.errors": errors}.get(module, object)).get(name)
        if isinstance(found, type) and issubclass(found, Exception):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is in no answer")


def _content(stream: IO[bytes]) -> bytes:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    try:
        content = stream.read(length)
    except (MemoryError, OverflowError) as error:
        raise EOFError(f"a frame of {length} bytes") from error
    if len(content) < length:
        raise EOFError
    return content
