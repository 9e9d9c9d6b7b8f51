"""The families address and identity: what each is there to see, and the honest neighbour in which it sees nothing."""

from __future__ import annotations

import math

import pytest

from detector.features import address, identity
from detector.features.owners import copyright_owner
from tests.features.pages import CASINO, DENTAL, DIPLOMACY, Read, page, value, witnesses


def test_address_sees_a_publishers_own_system_on_a_foreign_host(reading: Read) -> None:
    """A path made as Xinhua makes it, on a host that is not Xinhua's, and on one that is."""
    path = "/2024-05/12/c_1130123456.htm"
    foreign = address.extract(reading(page(DENTAL), "http://www.harrowlanedental.co.uk" + path))
    own = address.extract(reading(page(DENTAL), "http://www.xinhuanet.com" + path))
    assert (value(foreign, "system_foreign"), value(own, "system_foreign")) == (1.0, 0.0)
    assert [witness.quote for witness in witnesses(foreign, "address.foreign-system")][:1] == [path]
    assert not own.witnesses


def test_address_sets_the_domains_words_against_gambling_content(reading: Read) -> None:
    """A dentist's domain over a casino's text is a mismatch; over a dentist's text, and a casino's domain over its own, it is none."""
    hijacked = address.extract(reading(page(CASINO, title="Best online casino"), "https://millbrookdental.co.uk/x"))
    dentist = address.extract(reading(page(DENTAL, title="Fees"), "https://millbrookdental.co.uk/x"))
    casino = address.extract(reading(page(CASINO, title="Best online casino"), "https://royalcasinoslots.com/x"))
    assert witnesses(hijacked, "address.trade-against-content")[0].quote == "millbrookdental.co.uk"
    assert value(hijacked, "trade_against_spam") > 0.5 > value(dentist, "trade_against_spam")
    assert value(hijacked, "words_against_content") > value(dentist, "words_against_content")
    for honest in (dentist, casino):
        assert not witnesses(honest, "address.trade-against-content")


def test_address_knows_words_from_random_letters(reading: Read) -> None:
    """How word-like a domain's name is, in any of ten languages."""
    random = address.extract(reading(page(DENTAL), "http://xqzvkwjp.top/"))
    assert witnesses(random, "address.random-name")[0].quote == "xqzvkwjp.top"
    assert value(random, "tld_cheap") == 1.0
    for host in ("harrowlanedental.co.uk", "zahnarztpraxis.de", "mairie-villeneuve.fr", "przychodnia.pl"):
        known = address.extract(reading(page(DENTAL), f"https://{host}/"))
        assert value(known, "name_known") > 0.6
        assert not witnesses(known, "address.random-name")


def test_address_sees_spam_in_a_path_that_the_host_does_not_name(reading: Read) -> None:
    """The path sells what the host does not."""
    found = address.extract(reading(page(DENTAL), "https://harrowlanedental.co.uk/online-casino/slot-bonus"))
    assert value(found, "path_spam") >= 1
    assert witnesses(found, "address.spam-in-path")


def test_without_an_address_the_family_knows_nothing(reading: Read) -> None:
    """Unknown is NaN, not zero."""
    result = address.extract(reading(page(DENTAL)))
    assert value(result, "known") == 0.0
    assert all(math.isnan(number) for name, number in result.values.items() if name not in ("address.known", "address.mismatch"))


@pytest.mark.parametrize(
    "owner", ["苹果账号批发", "谷歌邮箱老号批发", "Buy cheap Viagra online", "онлайн казино бонус", "Slot Gacor Terpercaya"]
)
def test_identity_sees_an_owner_that_is_an_offer(owner: str, reading: Read) -> None:
    """A copyright holder that is a phrase for sale is quoted at its exact place."""
    found = identity.extract(reading(page(DIPLOMACY, title="Embassy opens", after=f"<footer><p>Copyright © 2023 {owner}</p></footer>")))
    assert value(found, "owner_offer") >= 0.5
    assert [witness.quote for witness in witnesses(found, "identity.owner-is-offer")] == [owner]


@pytest.mark.parametrize(
    ("line", "owner"),
    [
        ("© 2024 Wend Blenders. As an Amazon Associate we earn from qualifying purchases.", "Wend Blenders"),
        ("© 2024 Mixeur Pratique. En tant que Partenaire Amazon, je réalise un bénéfice sur les achats.", "Mixeur Pratique"),
        ("版权所有 © 2019 鸿信阀门制造有限公司 浙ICP备09012345号", "鸿信阀门制造有限公司"),
    ],
)
def test_the_copyright_holder_is_the_name_in_the_line(line: str, owner: str, reading: Read) -> None:
    """Neither what a partner of a shop must say nor the register's number belongs to it."""
    found = copyright_owner(reading(page(DIPLOMACY, title="Embassy opens", after=f"<footer><p>{line}</p></footer>")))
    assert found is not None
    assert found.text == owner


@pytest.mark.parametrize(
    "owner",
    ["Harrow Lane Dental Practice", "The Wend Gazette", "Stadt Wedel", "中国医科大学附属医院", "Bundesverband Deutscher Banken e.V."],
)
def test_identity_lets_a_name_be_a_name(owner: str, reading: Read) -> None:
    """Institutions are no offers, whatever their trade."""
    found = identity.extract(reading(page(DIPLOMACY, title="Embassy opens", after=f"<footer><p>Copyright © 2023 {owner}</p></footer>")))
    assert value(found, "owner_offer") < 0.5
    assert not witnesses(found, "identity.owner-is-offer")


@pytest.mark.parametrize("owner", ["UK Gambling Commission", "National Lottery Commission"])
def test_identity_lets_a_regulator_be_a_regulator(owner: str, reading: Read) -> None:
    """A topic is never enough: the name of an authority over gambling offers no gambling."""
    rules = (
        (
            "The licence holder must report to the commission each quarter, and the register of licences "
            "is published under the act of parliament."
        ),
    ) * 3
    found = identity.extract(reading(page(rules, title="Register of licences", after=f"<footer><p>© 2024 {owner}</p></footer>")))
    assert not witnesses(found, "identity.owner-is-offer")


def test_identity_compares_the_owners_with_the_domain_and_each_other(reading: Read) -> None:
    """Agreement is 1 where one name holds the other, and low where they have nothing in common."""
    url = "https://harrowlanedental.co.uk/fees"
    honest = identity.extract(
        reading(
            page(
                DENTAL,
                title="Fees - Harrow Lane Dental",
                head='<meta property="og:site_name" content="Harrow Lane Dental">',
                after="<footer><p>© 2024 Harrow Lane Dental</p></footer>",
            ),
            url,
        )
    )
    foreign = identity.extract(
        reading(
            page(
                DENTAL,
                title="Fees - Kronberg Motors",
                head='<meta property="og:site_name" content="Baltic Ledger">',
                after="<footer><p>© 2024 Orchid Travel</p></footer>",
            ),
            url,
        )
    )
    assert (value(honest, "best_with_domain"), value(honest, "worst_pair")) == (1.0, 1.0)
    assert value(foreign, "best_with_domain") < 0.5
    assert value(foreign, "worst_pair") == 0.0
    assert value(honest, "candidates") == 3
