"""What the head of a page says: title, meta, canonical, JSON-LD. Never trusted, only compared."""

from __future__ import annotations

import json
import re
from typing import Any

from detector.page.decode import well_formed
from detector.page.document import Head

# Characters of a field, and of JSON-LD in all; more says nothing new.
MAX_FIELD = 500
MAX_JSON = 60_000
_META = {
    "description": "description",
    "og:description": "description",
    "keywords": "keywords",
    "og:site_name": "site_name",
    "application-name": "site_name",
    "author": "author",
    "article:author": "author",
    "og:url": "og_url",
    "og:title": "og_title",
    "og:image": "og_image",
    "publisher": "publisher",
    "article:publisher": "publisher",
}
_STYLE_LIMIT = 40


def read_head(tree: Any) -> tuple[Head, str]:
    """(Head of a Lexbor tree, the text of its style elements)."""
    fields: dict[str, str] = {}
    feeds: list[str] = []
    styles: list[str] = []
    json_text: list[str] = []
    for node in tree.css("title, meta, link[rel], style, script[type='application/ld+json']"):
        tag = node.tag
        if tag == "title":
            if "title" not in fields:
                fields["title"] = " ".join((node.text() or "").split())[:MAX_FIELD]
        elif tag == "meta":
            attributes = node.attributes
            name = _META.get((attributes.get("property") or attributes.get("name") or "").lower())
            if name and name not in fields:
                fields[name] = " ".join((attributes.get("content") or "").split())[:MAX_FIELD]
        elif tag == "link":
            attributes = node.attributes
            rel = (attributes.get("rel") or "").lower()
            if rel == "canonical" and "canonical" not in fields:
                fields["canonical"] = (attributes.get("href") or "")[:MAX_FIELD]
            elif rel == "alternate" and "xml" in (attributes.get("type") or "") and len(feeds) < 4:
                feeds.append((attributes.get("href") or "")[:MAX_FIELD])
        elif tag == "style":
            if len(styles) < _STYLE_LIMIT:
                styles.append(node.text(deep=True) or "")
        elif sum(map(len, json_text)) < MAX_JSON:
            json_text.append((node.text(deep=True) or "")[:MAX_JSON])
    root = tree.root
    language = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root is not None else ""
    for name, value in _from_json(json_text).items():
        fields.setdefault(name, well_formed(value))
    return Head(language=language[:20].lower(), feeds=tuple(feeds), **fields), "\n".join(styles)


def _from_json(scripts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for script in scripts:
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            for key, name in (("headline", "json_headline"), ("publisher", "publisher")):
                match = re.search(rf'"{key}"\s*:\s*(?:\{{[^{{}}]{{0,200}}"name"\s*:\s*)?"([^"]{{1,300}})"', script)
                if match:
                    found.setdefault(name, match[1])
            continue
        for item in _objects(data):
            kind = item.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            headline = item.get("headline")
            if isinstance(headline, str):
                found.setdefault("json_headline", headline[:MAX_FIELD])
            for key, name in (("publisher", "publisher"), ("author", "author")):
                value = _name(item.get(key))
                if value:
                    found.setdefault(name, value)
            own = _name(item)
            if own and {"Organization", "NewsMediaOrganization", "LocalBusiness", "Dentist", "WebSite"} & set(map(str, kinds)):
                found.setdefault("site_name" if "WebSite" in kinds else "publisher", own)
    return found


def _objects(data: Any) -> list[dict[str, Any]]:
    """Top-level objects and those of a graph; deeper ones describe other things."""
    items = data if isinstance(data, list) else [data]
    result = []
    for item in items[:30]:
        if isinstance(item, dict):
            result.append(item)
            graph = item.get("@graph")
            if isinstance(graph, list):
                result += [entry for entry in graph[:30] if isinstance(entry, dict)]
    return result


def _name(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("name")
    return value[:MAX_FIELD] if isinstance(value, str) else ""
