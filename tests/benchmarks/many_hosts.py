"""A million verdicts through `detector hosts`: seconds and peak memory.

`python -m tests.benchmarks.many_hosts [--verdicts 1000000] [--hosts 50000] [--facts]`. Rows are as `detector classify` writes them, a tenth
of them flagged with evidence; sizes of hosts fall off as they do on the web, the largest first.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from detector.verdict import LABELS, Evidence, Verdict

from .measured import process

MODEL = "default@2026.11+sha256:0123456789abcdef"
PIECE = Evidence(
    "identity.owner-unrelated", "text", "copyright", "Harbour Pumps Ltd", 5120, 5137, 0.41, "the copyright holder sells pumps; " * 3
)
FLAGGED = 0.1
# Hosts of one owner.
OWNED = 3


def drawn(draw: random.Random, hosts: int) -> int:
    """The number of a host, by Zipf's law with exponent one: as likely between 1 and 10 as between 10 and 100."""
    return int(hosts ** draw.random())


def verdict(number: int, host: int, draw: random.Random) -> Verdict:
    bad = draw.random() < FLAGGED
    flag = draw.uniform(0.7, 1.0) if bad else draw.uniform(0.0, 0.6)
    probabilities = {"clean": 1 - flag, "scraped": flag * 0.5, "hijacked": flag * 0.3, "spam": flag * 0.2}
    evidence = (PIECE,) * 5 if bad else ()
    label, url = LABELS[bad], f"https://www.host{host}.example.org/news/{draw.randrange(10**8)}.html"
    return Verdict(f"crawl-{number:09}", url, label, bad, flag, probabilities, evidence, None, None, "default", 0.62, MODEL)


def facts(row: Verdict, host: int, draw: random.Random) -> dict[str, Any]:
    owner = host // OWNED
    shared = {"licences": [], "outbound": [f"out{draw.randrange(1000)}.example" for _ in range(5)], "analytics": [f"google:G-{owner:08}"]}
    return {"id": row.id, "url": row.url, "owner": f"Firm number {owner}", "template": f"{owner % 997:016x}", **shared}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verdicts", type=int, default=1_000_000)
    parser.add_argument("--hosts", type=int, default=50_000)
    parser.add_argument("--facts", action="store_true", help="read facts of every page too")
    arguments = parser.parse_args()
    draw = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        rows, beside = Path(folder) / "verdicts.jsonl", Path(folder) / "facts.jsonl"
        with rows.open("w") as lines, beside.open("w") as fact_lines:
            for number in range(arguments.verdicts):
                host = drawn(draw, arguments.hosts)
                row = verdict(number, host, draw)
                lines.write(json.dumps(row.to_dict()) + "\n")
                if arguments.facts:
                    fact_lines.write(json.dumps(facts(row, host, draw)) + "\n")
        more = ["--facts", str(beside)] if arguments.facts else []
        command = [sys.executable, "-m", "detector", "hosts", str(rows), "--format", "jsonl", "-o", f"{folder}/hosts.jsonl", *more]
        used = process(command)
        made = sum(1 for _ in (Path(folder) / "hosts.jsonl").open())
        print(
            f"{arguments.verdicts:,} verdicts ({rows.stat().st_size / 1e6:,.0f} MB){' with facts' if arguments.facts else ''}: {made:,} hosts"
        )
        print(f"{used.clock:.1f} s ({used.processor:.1f} s of processor time), peak memory {used.peak:,.0f} MB")


if __name__ == "__main__":
    main()
