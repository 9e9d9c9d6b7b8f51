"""The families attribution and solicitation: what each is there to see, and the honest neighbour in which it sees nothing."""

from __future__ import annotations

import math

import pytest

from detector.features import attribution, solicitation
from tests.features.pages import CASINO, DENTAL, DIPLOMACY, Read, page, paragraphs, value, witnesses

CREDITED = (
    "Rodrigo Salfate speaks with The Korea Times in the library of the embassy, Tuesday. Korea Times photo by Ilze Kron",
    *DIPLOMACY,
)


def test_attribution_sees_another_publishers_name_in_text_and_picture_credit(reading: Read) -> None:
    """On an unrelated host the outlet is quoted; on its own host it is its own."""
    foreign = attribution.extract(reading(page(CREDITED, title="Embassy opens"), "https://batterie-shop.example/n/1"))
    own = attribution.extract(reading(page(CREDITED, title="Embassy opens"), "https://www.koreatimes.co.kr/n/1"))
    assert (value(foreign, "press_in_byline"), value(foreign, "press_own")) == (1.0, 0.0)
    assert {witness.quote for witness in witnesses(foreign, "attribution.other-publisher")} <= {"The Korea Times", "Korea Times"}
    assert witnesses(foreign, "attribution.other-publisher")
    assert (value(own, "press_foreign"), value(own, "press_own"), value(own, "mismatch")) == (0.0, 1.0, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "Il leader politico ha parlato del progetto politico davanti al congresso.",
        "Kisah seorang nelayan yang bernama Ali dan anaknya yang bernama Siti.",
    ],
)
def test_attribution_takes_no_word_for_an_outlet(text: str, reading: Read) -> None:
    assert value(attribution.extract(reading(paragraphs((text, text)))), "press_named") == 0.0


def test_attribution_is_gentler_where_the_source_is_credited(reading: Read) -> None:
    """“Republished with permission” is seen, and weakens what was named."""
    credited = attribution.extract(
        reading(page((*CREDITED, "Republished with permission of The Korea Times."), title="Embassy opens"), "https://ledger.example/n/1")
    )
    silent = attribution.extract(reading(page(CREDITED, title="Embassy opens"), "https://ledger.example/n/1"))
    assert (value(credited, "credit"), value(silent, "credit")) == (1.0, 0.0)
    assert value(credited, "mismatch") < value(silent, "mismatch")


def test_attribution_sees_a_caption_that_was_taken_twice(reading: Read) -> None:
    """The same long line twice in a row, also with markup left in one of them."""
    assert value(attribution.extract(reading("\n\n".join((CREDITED[0], CREDITED[0], *DIPLOMACY)), text=True)), "duplicated_captions") == 1.0
    assert value(attribution.extract(reading("\n\n".join(CREDITED), text=True)), "duplicated_captions") == 0.0


def test_solicitation_sees_an_offer_with_a_call_to_act(reading: Read) -> None:
    """Spam terms together with promo codes, handles and calls to act are quoted; opening hours and fees are not."""
    pushed = solicitation.extract(
        reading(
            page(
                (*CASINO, "Contact us on Telegram: @luckywin88 or t.me/luckywin88, deposit $50 today."),
                title="Best online casino 2024: welcome bonus",
            )
        )
    )
    honest = solicitation.extract(reading(page(DENTAL, title="Fees")))
    assert value(pushed, "handles") > 0
    assert value(pushed, "prices") == pytest.approx(math.log10(2))
    assert value(pushed, "title_spam_offer") == 1.0
    assert witnesses(pushed, "solicitation.offer")
    assert (value(honest, "spam_offers"), value(honest, "mismatch"), value(honest, "handles")) == (0.0, 0.0, 0.0)


def test_solicitation_sees_a_betting_brand_where_an_institution_is_named(reading: Read) -> None:
    """As mirrors of universities put it, glued to the words around."""
    text = "11月24日，由tyc8722太阳集团城体育运动委员会主办的环校跑在图书馆广场前开跑，三百名学生参加，校长到场致辞。"
    honest = text.replace("tyc8722太阳集团城", "大学")
    densities = [value(solicitation.extract(reading(each * 3, text=True)), "brand_density") for each in (text, honest)]
    assert densities[0] > 0.0 and densities[1] == 0.0
