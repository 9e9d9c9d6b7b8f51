"""The matcher is fitted on pages that speak of one matter each, and tells their parts from strangers'."""

from __future__ import annotations

import numpy as np
import pytest

from detector.features.affinity import HOME, KINDS
from detector.features.matcher import Matcher
from detector.features.wordvectors import words_of
from detector.training import matching
from detector.training.matching import Told, fit

MATTERS = [
    "bridge river lorry mason quarry ferry",
    "choir organ hymn parish psalm singer",
    "tile grout adhesive kitchen bathroom floor",
    "goalkeeper match league striker referee stadium",
]


def told(number: int = 240) -> list[Told]:
    """Pages of one matter each: menu and text draw their words from it, never the same ones."""
    rng = np.random.default_rng(4)
    pages = []
    for index in range(number):
        words = rng.permutation(MATTERS[index % len(MATTERS)].split())
        menu, site, text = " ".join(words[:2]), str(words[2]), " ".join(words[3:])
        strings = {"nav": menu, "site": site, "lead": f"{text} {index % 7}", "headline": str(words[3])}
        pages.append(
            Told(
                f"host{index}.example",
                index % 5,
                strings,
                {"nav": words_of(menu), "site": words_of(site)},
                words_of(text),
                [words_of(text)],
            )
        )
    return pages


def meanings(pages: list[Told]) -> dict[str, np.ndarray]:
    """An encoder that knows the four matters: a direction each, and noise."""
    rng = np.random.default_rng(5)
    directions = rng.normal(size=(len(MATTERS), 512))
    found = {}
    for page in pages:
        for text in page.strings.values():
            matter = next(index for index, words in enumerate(MATTERS) if text.split()[0] in words)
            vector = directions[matter] + 0.3 * rng.normal(size=512)
            found[text] = (vector / np.linalg.norm(vector)).astype(np.float16)
    return found


@pytest.fixture(scope="module")
def fitted() -> Matcher:
    pages = told()
    return fit(pages, meanings(pages), ([], np.zeros((0, 512), dtype=np.float16)))


def score(matcher: Matcher, menu: str, text: str) -> float:
    left, right = matcher.words.vectors([words_of(menu), words_of(text)])
    return float(matcher.pairing.fit("nav", left[None], right)[0])


def test_a_menu_fits_the_text_of_its_own_matter_though_they_share_no_word(fitted: Matcher) -> None:
    assert score(fitted, "bridge river", "lorry mason quarry") > 0 > score(fitted, "bridge river", "choir organ hymn")
    assert score(fitted, "tile grout", "kitchen bathroom") > score(fitted, "tile grout", "referee stadium") + 1.0


def test_the_second_tier_has_a_pairing_of_its_own(fitted: Matcher) -> None:
    pages = told(8)
    said = meanings(pages)
    turned = {text: (vector - fitted.mean) @ fitted.basis for text, vector in said.items()}
    unit = {text: vector / np.linalg.norm(vector) for text, vector in turned.items()}
    own = [float(fitted.meaning.fit(HOME, unit[page.strings["nav"]][None], unit[page.strings["lead"]])[0]) for page in pages]
    other = [
        float(fitted.meaning.fit(HOME, unit[page.strings["nav"]][None], unit[pages[(index + 1) % 8].strings["lead"]])[0])
        for index, page in enumerate(pages)
    ]
    assert min(own) > max(other)


def test_kinds_with_too_few_pairs_say_nothing(fitted: Matcher) -> None:
    index = fitted.pairing.names.index("hidden")
    assert not fitted.pairing.correlation[index].any()
    assert fitted.pairing.fit("hidden", np.ones((1, 64), dtype=np.float32), np.ones(64, dtype=np.float32))[0] == 0.0
    assert fitted.pairing.names == KINDS


def test_rare_words_are_rarer_than_common_ones(fitted: Matcher) -> None:
    """Every page has a word of its matter; a word that no page has is the rarest."""
    common, unseen = fitted.words.rarities(["bridge", "xylophone"])
    assert unseen > common > 0


def test_the_same_pages_give_the_same_bits() -> None:
    pages = told(120)
    said = meanings(pages)
    none = ([], np.zeros((0, 512), dtype=np.float16))
    first, second = fit(pages, said, none), fit(list(pages), dict(said), none)
    for kind in ("weights", "scale", "rarity"):
        np.testing.assert_array_equal(getattr(first.words, kind), getattr(second.words, kind))
    np.testing.assert_array_equal(first.pairing.left, second.pairing.left)
    np.testing.assert_array_equal(first.basis, second.basis)


def test_frequent_words_are_of_the_languages_that_the_encoder_knows() -> None:
    found = matching._frequent(50, frozenset(("de", "en", "fr")))
    assert found == sorted(found, key=lambda word: (len(word), word)) and len(found) > 100
    assert {"und", "the"} <= set(found) and "który" not in found
