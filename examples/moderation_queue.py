"""A moderation queue in folders: consume, classify, route by probability band, dead letters.

    python examples/moderation_queue.py QUEUE [--once]

QUEUE/inbox/*.json hold {"id", "url", "html" or "text"}. Each message ends in one of

    publish/   below every operating point
    review/    flagged at high-recall, or not judged, or judged on a part: a person looks
    hold/      flagged at high-precision
    dead/      what cannot be a page, or failed three times, with the reason beside it

with its verdict beside the message (ID.json, ID.verdict.json). A message is claimed by renaming it into work/, so several consumers can share
a queue; what a killed consumer left there is taken up again when the next one starts (give each consumer its own --name). Routing is a
rename: a message is routed once, however often it was judged.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from detector import Detector, DetectorError, Page

QUEUES = ("publish", "review", "hold", "dead")
ATTEMPTS = 3


class BadMessage(Exception):
    """The message is no page; trying again would not help."""


def read_message(path: Path) -> Page:
    """Raises:
    BadMessage: it is not JSON, or holds no page.
    """
    try:
        message = json.loads(path.read_bytes())
    except ValueError as error:
        raise BadMessage(f"is not JSON ({error})") from error
    bodies = {kind: message[kind] for kind in ("html", "text") if message.get(kind) is not None} if isinstance(message, dict) else {}
    if not bodies:
        raise BadMessage('has neither "html" nor "text"')
    kind, body = next(iter(bodies.items()))
    if not isinstance(body, str):
        raise BadMessage(f'"{kind}" is no text')
    url = message.get("url")
    if url is not None and not isinstance(url, str):
        raise BadMessage('"url" is no text')
    id = str(message.get("id", path.stem))
    return Page.from_html(body, url, id) if kind == "html" else Page.from_text(body, url, id)


class Consumer:
    """Takes messages out of QUEUE/inbox until nobody needs it any more."""

    def __init__(self, queue: Path, name: str) -> None:
        self.inbox, self.work = queue / "inbox", queue / "work" / name
        self.out = {band: queue / band for band in QUEUES}
        for folder in (self.inbox, self.work, *self.out.values()):
            folder.mkdir(parents=True, exist_ok=True)
        # Asked at the lowest point, a verdict can be compared with the highest.
        self.detector = Detector.load(operating_point="high-recall")
        self.certain = self.detector.operating_points["high-precision"]

    def recover(self) -> None:
        """Messages that a killed consumer of this name had claimed go back, with the attempt counted."""
        for path in sorted(self.work.glob("*.json")):
            tries = Path(f"{path}.tries")
            count = int(tries.read_text() or 0) + 1 if tries.exists() else 1
            tries.write_text(str(count))
            if count >= ATTEMPTS:
                self.bury(path, f"failed {count} times")
            else:
                self.handle(path)

    def run_once(self) -> int:
        """Handle what is in the inbox now; returns how many messages."""
        handled = 0
        for path in sorted(self.inbox.glob("*.json")):
            claimed = self.work / path.name
            try:
                path.rename(claimed)
            except FileNotFoundError:
                continue  # another consumer was faster
            self.handle(claimed)
            handled += 1
        return handled

    def handle(self, path: Path) -> None:
        try:
            page = read_message(path)
        except BadMessage as error:
            self.bury(path, str(error))
            return
        verdict = self.detector.classify(page)
        if verdict.abstained or verdict.partial:
            band = "review"
        elif verdict.flag_probability is not None and verdict.flag_probability >= self.certain:
            band = "hold"
        else:
            band = "review" if verdict.flagged else "publish"
        # The verdict first: the message's rename is what counts.
        (self.out[band] / f"{path.stem}.verdict.json").write_text(json.dumps(verdict.to_dict(), ensure_ascii=False), "utf-8")
        self.route(path, band)

    def bury(self, path: Path, reason: str) -> None:
        (self.out["dead"] / f"{path.stem}.reason.txt").write_text(f"{reason}\n", "utf-8")
        self.route(path, "dead")

    def route(self, path: Path, band: str) -> None:
        path.rename(self.out[band] / path.name)
        Path(f"{path}.tries").unlink(missing_ok=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Consume a moderation queue in folders.")
    parser.add_argument("queue", type=Path, help="the folder with inbox/")
    parser.add_argument("--name", default="consumer", help="of this consumer; each needs its own")
    parser.add_argument("--once", action="store_true", help="handle what is there and leave")
    arguments = parser.parse_args()
    try:
        consumer = Consumer(arguments.queue, arguments.name)
        consumer.recover()
        while consumer.run_once() or not arguments.once:
            time.sleep(0 if arguments.once else 0.5)
    except (DetectorError, OSError) as error:
        print(f"moderation_queue: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
