"""Headers of archives and saved pages, as the email package reads them."""

from __future__ import annotations

import email
from email._policybase import Compat32
from email.message import Message

# Characters of a content type that are read: its parameters take the email package time in the square of their number.
MAX_TYPE = 1_000


class _Bounded(Compat32):
    """As every message is read by default, but for very long content types, which are cut."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_TYPE] if name.lower() == "content-type" else value


def message_of(data: bytes) -> Message:
    """Headers, and what follows them as the message's parts."""
    return email.message_from_bytes(data, policy=_Bounded())
