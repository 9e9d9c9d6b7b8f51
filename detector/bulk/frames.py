"""Objects over a pipe between this program and a process that it started: a length, then a pickle."""

from __future__ import annotations

import pickle
import struct
from typing import IO, Any

_LENGTH = struct.Struct("!Q")


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


def receive(stream: IO[bytes]) -> Any:
    """The next object.

    Raises:
        EOFError: the other side is gone.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    content = stream.read(_LENGTH.unpack(head)[0])
    if len(content) < _LENGTH.unpack(head)[0]:
        raise EOFError
    # Both ends are this program: nothing from a page or a file is unpickled. What a worker sends is trusted as it is itself (SECURITY.md).
    return pickle.loads(content)  # noqa: S301
