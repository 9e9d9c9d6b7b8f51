"""All figures of speed in one run: peers as ratios, the scaling curve, the cost by stage, one page warm, plain text of 5 KB, start-up, import.

`python -m tests.benchmarks.all [--corpus DIR] [--pages N]` (needs the extra `benchmark`). One benchmark after the other, each in a process of its
own, so that none warms another up; at the end what a month of Common Crawl costs. Exit 1 if one failed; the others are printed.
Not here, for they take long and measure something else: `memory`, `bulk_warc`, `index_size`, `many_hosts`, `load`.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys

# (module, its options, whether it takes --corpus and --pages).
RUNS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("peers", ("--kind", "all"), True),
    ("scaling", (), True),
    ("stages", ("--kind", "all"), True),
    ("single", (), True),
    ("startup", (), False),
)
# Pages of a monthly crawl (commoncrawl.org has 2.1 to 2.7 billion a crawl since 2023).
MONTH = 2_500_000_000
# A row of `peers` that is ours: the name, milliseconds, pages a second.
_OURS = re.compile(r"^(detector, semantic \w+) +[\d.]+ +([\d.]+)", re.MULTILINE)


def core_hours(rate: float) -> float:
    """Of a month's crawl at so many pages a second on one core."""
    return MONTH / rate / 3600


def month(table: str) -> str:
    """The closing lines, out of what `peers` printed: processor time, so that other work on the machine counts little."""
    return "".join(
        f"{name}: {MONTH / 1e9:.1f} billion pages at {rate} a second on one core are {core_hours(float(rate)):,.0f} core-hours\n"
        for name, rate in _OURS.findall(table)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus")
    parser.add_argument("--pages", type=int, help="of each benchmark; their own numbers if left out")
    arguments = parser.parse_args()
    shared = [
        part
        for name, value in (("--corpus", arguments.corpus), ("--pages", arguments.pages))
        if value is not None
        for part in (name, str(value))
    ]
    printed, failed = {}, []
    for name, own, takes in RUNS:
        print(f"\n== {name}", flush=True)
        command = [sys.executable, "-m", f"tests.benchmarks.{name}", *own, *(shared if takes else ())]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        print(done.stdout, end="", flush=True)
        printed[name] = done.stdout
        if done.returncode:
            failed.append(name)
    print(f"\n== a month of Common Crawl\n{month(printed['peers']) or 'not known: peers failed'}", end="")
    if failed:
        print(f"failed: {', '.join(failed)}; see above", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
