"""What it costs to begin: `detector classify` on one page, and `import detector`, beside the bare interpreter.

`python -m tests.benchmarks.startup [--runs 9]`. The median by the clock and of processor time; the first run, which reads from a cold disk,
is left out.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

from .measured import process

PAGE = Path(__file__).parents[1] / "pages" / "demo" / "scraped-en-embassy-interview.txt"
COMMANDS = {
    "python, nothing": ["-c", ""],
    "import detector": ["-c", "import detector"],
    "import detector.Detector": ["-c", "from detector import Detector"],
    "detector --version": ["-m", "detector", "--version"],
    "classify one page, never": ["-m", "detector", "classify", str(PAGE), "--semantic", "never"],
    "classify one page, auto": ["-m", "detector", "classify", str(PAGE)],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    for name, arguments in COMMANDS.items():
        used = [process([sys.executable, *arguments]) for _ in range(runs + 1)][1:]
        clock, processor = statistics.median(one.clock for one in used), statistics.median(one.processor for one in used)
        print(f"{name:28}{clock:7.3f} s by the clock, {processor:6.3f} s of processor time, {max(one.peak for one in used):5.0f} MB")


if __name__ == "__main__":
    main()
