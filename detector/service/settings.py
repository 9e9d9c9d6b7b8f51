"""How the service runs: one frozen record, checked before anything starts."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from detector.errors import UsageError
from detector.store.opening import MEMORY

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_MIN_TOKEN = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """Attributes:
    host, port: where it listens; port 0 takes any free one.
    token: what programs and people sign in with; None only on loopback.
    store: the store's address; None keeps verdicts in memory, without the pages' text.
    model: the artefact's folder; None is the shipped one.
    operating_point: what verdicts are decided at.
    allowed_hosts: names that the Host header may give, besides the loopback names and `host`.
    workers: processes that judge pages.
    queue: pages that may wait or be judged at once; more is answered with 429.
    page_seconds: how long one page may take before its worker is replaced and the verdict says `timed-out`.
    request_seconds: how long the pages of one request may take together; what has no verdict by then is `timed-out`. Below `drain_seconds`,
        or the end of the service may cut an accepted request off.
    max_body: bytes of a request.
    body_seconds: how long a request may take to arrive.
    keep_days: how long submitted pages are kept in a store.
    drain_seconds: how long accepted requests may take after SIGTERM.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    token: str | None = None
    store: str | None = None
    model: Path | None = None
    operating_point: str = "default"
    allowed_hosts: tuple[str, ...] = ()
    workers: int = 2
    queue: int = 128
    page_seconds: float = 20.0
    request_seconds: float = 50.0
    max_body: int = 32 * 1024 * 1024
    body_seconds: float = 30.0
    keep_days: float = 30.0
    drain_seconds: int = 60

    def checked(self) -> Settings:
        """These settings.

        Raises:
            UsageError: a number is out of range, or a token is missing where others can reach the service.
        """
        for name, low in (
            ("workers", 1),
            ("queue", 1),
            ("page_seconds", 0.001),
            ("request_seconds", 0.001),
            ("max_body", 1024),
            ("body_seconds", 0.1),
            ("keep_days", 0),
        ):
            if not getattr(self, name) >= low:
                raise UsageError(f"{name.replace('_', '-')} {getattr(self, name)!r} is below {low}")
        if self.token is None and not is_loopback(self.host):
            raise UsageError(f"--host {self.host} can be reached by others; give --token-file FILE with a token of your own")
        return self

    @property
    def keeps_pages(self) -> bool:
        return self.store is not None

    @property
    def address(self) -> str:
        return self.store or MEMORY

    def host_names(self) -> frozenset[str]:
        """What the Host header may name, without port, lower case."""
        own = () if self.host in ("0.0.0.0", "::") else (f"[{self.host}]" if ":" in self.host else self.host,)
        return frozenset(name.lower() for name in (*LOOPBACK_NAMES, *own, *self.allowed_hosts))


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_token(path: Path) -> str:
    """The token in a file: its first line.

    Raises:
        UsageError: the file cannot be read, others may read it, or the token is too short to withstand guessing.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        mode = path.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--token-file {path}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})") from error
    if os.name == "posix" and mode & 0o004:
        raise UsageError(f"--token-file {path}: everyone on this machine can read it; chmod 600 {path}")
    token = lines[0].strip() if lines else ""
    if len(token) < _MIN_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError(
            f"--token-file {path}: needs {_MIN_TOKEN} or more ASCII characters without spaces; `openssl rand -hex 32` makes one"
        )
    return token
