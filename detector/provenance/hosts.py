"""From verdicts to hosts: the share flagged with its interval, and hosts that belong together by what their pages give away.

Streams: memory grows with the hosts, not with the pages. networkx (BSD, the extra `provenance`) holds the graph and writes GraphML; it is
imported only where facts are given.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from detector.addressed import is_address
from detector.features.owners import key
from detector.page.address import host_of, read_address

# Different values of one kind that a host keeps; what is told of them.
_KEPT, _TOLD = 200, 5
_NEIGHBOURS = 10
# What more hosts share than this is a platform's or an agency's, and ties nobody together.
_MOST_SHARED = 50
# Kinds that tie hosts together. Templates and outbound links are told, but honest hosts share those with strangers.
TIES = ("owner", "licence", "analytics")
# 95 %.
_Z = 1.959964


@dataclass(slots=True)
class Host:
    """Counts of one host. `found` has a counter of values for each kind of fact."""

    pages: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    abstained: int = 0
    flagged: int = 0
    found: dict[str, Counter[str]] = field(default_factory=dict)

    def see(self, kind: str, value: str) -> None:
        counter = self.found.setdefault(kind, Counter())
        if value in counter or len(counter) < _KEPT:
            counter[value] += 1


def interval(flagged: int, judged: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; 0 to 1 where nothing was judged."""
    if not judged:
        return 0.0, 1.0
    share, z2 = flagged / judged, _Z * _Z
    middle = (share + z2 / (2 * judged)) / (1 + z2 / judged)
    half = _Z * math.sqrt(share * (1 - share) / judged + z2 / (4 * judged * judged)) / (1 + z2 / judged)
    return max(0.0, middle - half), min(1.0, middle + half)


def host_name(url: str | None) -> str | None:
    """The host of an address, without www.; None where there is none, or what stands there is none."""
    return (host_of(url) or read_address(url).host or None) if url and is_address(url) else None


class Hosts:
    """All hosts of a run."""

    def __init__(self) -> None:
        self._hosts: dict[str | None, Host] = {}

    def add_verdicts(self, rows: Iterable[dict[str, Any]]) -> None:
        """Rows with url, label, flagged and abstained. Pages without an address share a row whose host is None."""
        for row in rows:
            host = self._host(row["url"])
            host.pages += 1
            if row["label"] is None:
                host.abstained += 1
            else:
                host.labels[row["label"]] += 1
                host.flagged += bool(row["flagged"])

    def add_facts(self, rows: Iterable[dict[str, Any]]) -> None:
        """Rows as `Facts.to_dict` writes them; hosts that no verdict is of are passed over."""
        for row in rows:
            host = self._hosts.get(host_name(row["url"]))
            if host is None:
                continue
            # Spellings of one owner are one; what is left of a name without letters is none.
            if row["owner"] and len(key(row["owner"])) > 2:
                host.see("owner", row["owner"])
            if row["template"]:
                host.see("template", row["template"])
            for kind, values in (("licence", row["licences"]), ("outbound", row["outbound"]), ("analytics", row["analytics"])):
                for value in values:
                    host.see(kind, value)

    def _host(self, url: str | None) -> Host:
        return self._hosts.setdefault(host_name(url), Host())

    def graph(self) -> Any:
        """Hosts and what ties them, as a networkx graph: a host's node is its name, a tie's `KIND:VALUE`; only ties of two hosts or more.

        A host's node has pages, flagged, low and high as its row, share where a page was judged, and cluster where a tie is.
        """
        import networkx as nx

        ties: dict[str, set[str]] = {}
        for name, host in self._hosts.items():
            if name is None:
                continue
            for kind in TIES:
                for value in host.found.get(kind, ()):
                    ties.setdefault(f"{kind}:{key(value) if kind == 'owner' else value}", set()).add(name)
        graph = nx.Graph()
        for name, host in self._hosts.items():
            if name is not None:
                rate = {figure: value for figure, value in _rate(host).items() if value is not None}
                graph.add_node(name, kind="host", pages=host.pages, flagged=host.flagged, **rate)
        for tie, names in sorted(ties.items()):
            if 2 <= len(names) <= _MOST_SHARED:
                graph.add_node(tie, kind=tie.partition(":")[0])
                graph.add_edges_from((tie, name) for name in sorted(names))
        _number_clusters(graph)
        return graph

    def rows(self, graph: Any = None) -> list[dict[str, Any]]:
        """One row a host, the surest offenders first: by the lower end of the interval, then by pages, then by name."""
        places = {} if graph is None else _places(graph)
        rows = [self._row(name, host, places.get(name)) for name, host in self._hosts.items()]
        return sorted(rows, key=lambda row: (-row["low"], -row["pages"], row["host"] or ""))

    def _row(self, name: str | None, host: Host, place: tuple[int, list[str], list[str]] | None) -> dict[str, Any]:
        cluster, neighbours, shared = place or (None, [], [])
        told = {kind: _most(host.found.get(kind)) for kind in ("owner", "licence", "template", "outbound", "analytics")}
        return {
            "host": name,
            "pages": host.pages,
            "flagged": host.flagged,
            "abstained": host.abstained,
            **_rate(host),
            "labels": dict(sorted(host.labels.items())),
            "owners": told["owner"],
            "licences": told["licence"],
            "templates": told["template"],
            "outbound": told["outbound"],
            "analytics": told["analytics"],
            "cluster": cluster,
            "neighbours": neighbours,
            "shared": shared,
        }


def _most(counter: Counter[str] | None) -> list[str]:
    return [] if counter is None else [value for value, _ in sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))[:_TOLD]]


def _rate(host: Host) -> dict[str, float | None]:
    """Share flagged of the judged pages, None where none was, and the ends of its interval."""
    judged = host.pages - host.abstained
    low, high = interval(host.flagged, judged)
    return {"share": round(host.flagged / judged, 4) if judged else None, "low": round(low, 4), "high": round(high, 4)}


def _number_clusters(graph: Any) -> None:
    """Give the node of every host that has a tie its cluster: from 1, the largest first."""
    import networkx as nx

    clusters = [sorted(name for name in part if graph.nodes[name]["kind"] == "host") for part in nx.connected_components(graph)]
    for number, names in enumerate(sorted((names for names in clusters if len(names) > 1), key=lambda names: (-len(names), names)), 1):
        for name in names:
            graph.nodes[name]["cluster"] = number


def _places(graph: Any) -> dict[str | None, tuple[int, list[str], list[str]]]:
    """(cluster, neighbours, what they share) of every host that has a tie."""
    places: dict[str | None, tuple[int, list[str], list[str]]] = {}
    for name, number in graph.nodes(data="cluster"):
        if number is not None:
            ties = sorted(graph[name])
            near = Counter(other for tie in ties for other in graph[tie] if other != name)
            places[name] = number, sorted(near, key=lambda other: (-near[other], other))[:_NEIGHBOURS], ties[:_NEIGHBOURS]
    return places
