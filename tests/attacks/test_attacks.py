"""Attacks do what they say, to every page, the same each time, and leave what sells where a reader finds it."""

from __future__ import annotations

import random
import re

import pytest

from detector import Page
from detector.attacks.base import STRENGTHS, Victim
from detector.attacks.markup import map_text
from detector.attacks.registry import ATTACKS, FOR_TRAINING, TOOLS
from detector.page.read import read
from detector.training.evasion import attacked
from tests.conftest import hand_written

HONEST = ["Town Library\nOpening hours\nContact\n" + "The reading room is open on Tuesday and Thursday evenings until nine. " * 30]
SPAM = """<!doctype html><html lang="en"><head><title>Dentist</title><meta property="og:site_name" content="Dr. Oak"></head><body>
<nav><a href="/">Home</a></nav><p>Play casino slots online: free spins &amp; a welcome bonus for every new player who signs up today.</p>
<p>Previous: <a href="/1">viagra</a> Next: <a href="/2">poker</a></p><footer>Copyright © 2024 Dr. Oak Dental</footer></body></html>"""
URL = "https://oakdental.org/a"


def after(name: str, strength: float = 1.0) -> str:
    attack = next(attack for attack in (*ATTACKS, *TOOLS) if attack.name == name)
    body = attacked(Page.from_html(SPAM, URL, "1"), attack, strength, HONEST).body
    assert isinstance(body, str)
    return body


def test_half_of_the_attacks_are_for_training_and_half_are_never_seen() -> None:
    """What is measured on the other half was seen by nobody."""
    assert len(ATTACKS) == 14 and len(FOR_TRAINING) == 7
    assert len({attack.name for attack in (*ATTACKS, *TOOLS)}) == 18


@pytest.mark.parametrize("attack", [*ATTACKS, *TOOLS], ids=lambda attack: attack.name)
def test_an_attack_changes_the_page_more_with_strength_and_the_same_each_time(attack: object) -> None:
    """Strength is a share: full strength never changes less than a quarter does."""
    from detector.attacks.base import Attack

    assert isinstance(attack, Attack)
    page = Page.from_html(SPAM, URL, "1")
    bodies = [attacked(page, attack, strength, HONEST).body for strength in STRENGTHS]
    assert bodies == [attacked(page, attack, strength, HONEST).body for strength in STRENGTHS]
    assert bodies[-1] != SPAM


@pytest.mark.parametrize("attack", [*ATTACKS, *TOOLS], ids=lambda attack: attack.name)
def test_every_hand_written_page_can_be_attacked_and_read(attack: object) -> None:
    """Plain text too, where the attack is one of words."""
    from detector.attacks.base import Attack

    assert isinstance(attack, Attack)
    for path in hand_written()[::6]:
        page = Page.from_file(path)
        if attack.html_only and page.media_type != "text/html":
            continue
        assert read(attacked(page, attack, 1.0, HONEST)).text


def test_markup_that_is_not_changed_stays_as_it_is() -> None:
    """Taking apart and putting together loses nothing."""
    assert map_text(SPAM.replace("&amp;", "and"), False, lambda text: text) == SPAM.replace("&amp;", "and")


@pytest.mark.parametrize("name", ["homoglyphs", "zero-width", "letter-spacing", "images"])
def test_words_that_sell_are_gone_from_the_text(name: str) -> None:
    """A detector that looks for the words as they are written finds none of these; the honest words stay."""
    text = read(Page.from_html(after(name))).text
    assert "casino" not in text and "viagra" not in text
    assert "Home" in text and "Dr. Oak Dental" in text


def test_text_that_a_script_writes_is_gone_from_the_markup() -> None:
    """Where it stood there is a script."""
    text = re.sub(r"<script>.*?</script>", "", after("scripted"), flags=re.DOTALL)
    assert "casino" not in text and "viagra" not in text and "Dr. Oak Dental" in text


def test_what_is_put_in_is_there() -> None:
    """Each by its sign."""
    assert "application/ld+json" in after("copied-json-ld") and "NewsMediaOrganization" in after("copied-json-ld")
    assert after("faked-site-name").index("og:site_name") < after("faked-site-name").index("Dr. Oak")
    hidden = read(Page.from_html(after("hidden-honest"))).blocks
    assert any(block.hidden for block in hidden)
    buried = read(Page.from_html(after("buried"))).text
    assert buried.index("reading room") < buried.index("casino")
    assert after("domain-words").count("Oak Dental") > 10
    assert "Opening hours" in after("stuffed-boilerplate")
    assert "©" not in after("removed-footer")
    assert len(read(Page.from_html(after("split-blocks"))).blocks) >= 2 * len(read(Page.from_html(SPAM)).blocks)
    assert "Previous" not in after("translated-boilerplate")


def test_an_attack_without_anything_to_borrow_leaves_a_page() -> None:
    """A set without honest pages can be attacked too."""
    for attack in ATTACKS:
        assert "Dentist" in attack.apply(Victim(SPAM, False, None), 1.0, random.Random(1))
