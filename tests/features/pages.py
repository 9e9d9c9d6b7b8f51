"""Pages about three matters, for the tests of single families, and what a family said of one."""

from __future__ import annotations

from collections.abc import Callable

from detector.features.base import FamilyResult, Witness
from detector.features.reading import Reading

Read = Callable[..., Reading]

DIPLOMACY = (
    (
        "The ambassador spoke on Tuesday in the library of the embassy about trade, tariffs and "
        "the treaty that both governments signed in spring."
    ),
    (
        "The foreign minister is expected to visit in October, and the two presidents will meet "
        "at the summit of the United Nations, diplomats said."
    ),
    "Relations between the two countries have improved since the peace talks, and the embassy has opened a second consulate in the south.",
)
DENTAL = (
    "Our dentists welcome new patients, and a hygienist is at the practice on three days of the week for check-ups and for cleaning.",
    "A root canal treatment takes about an hour; the doctor explains every step, and the health insurance pays most of the fee.",
    "Children under twelve are seen in the afternoon, and an emergency appointment can be had on the same day if you ring before ten.",
)
CASINO = (
    "Play online slots at the best online casino, claim a welcome bonus of two hundred free spins and win the jackpot tonight.",
    "The live casino has roulette, blackjack and baccarat tables, and the sportsbook pays out betting wins within the hour.",
    "Register, use the promo code, deposit and bet: slot machines with high RTP, poker rooms and a lottery wait for every player.",
)


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(texts: tuple[str, ...], *, title: str = "", head: str = "", before: str = "", after: str = "", headline: str = "") -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head><body>{before}<article><h1>{headline or title}</h1>"
        f"{paragraphs(texts)}</article>{after}</body></html>"
    )


def value(result: FamilyResult, name: str) -> float:
    return next(number for key, number in result.values.items() if key.split(".", 1)[1] == name)


def witnesses(result: FamilyResult, code: str) -> list[Witness]:
    return [witness for witness in result.witnesses if witness.code == code]
