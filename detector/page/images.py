"""What images tell: the hosts they come from, and the alternative text of the logo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detector.page.address import host_of

if TYPE_CHECKING:
    from detector.page.walk import Walk

_MAX_IMAGES = 60
_LOGO_WITHIN = 12


def note_image(found: Walk, attributes: dict[str, str | None], number: int) -> bool:
    """The host of an image, and the alternative text of the logo. Whether the image has no word of its own."""
    source = attributes.get("src") or attributes.get("data-src") or ""
    if source and len(found.image_hosts) < _MAX_IMAGES:
        host = host_of(source[:300])
        if host:
            found.image_hosts.append(host)
    if not found.logo and number < _LOGO_WITHIN:
        alt = (attributes.get("alt") or "")[:120]
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {source[:200]}".lower()
        if alt and ("logo" in names or "brand" in names):
            found.logo = alt
    return not (attributes.get("alt") or "").strip()
