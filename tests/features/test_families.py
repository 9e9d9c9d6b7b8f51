"""One or two telling pages for each family: what it is there to see, and the honest neighbour in which it sees nothing."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from detector.features import address, attribution, generation, identity, language, links, obfuscation, solicitation, structure, topics
from detector.features.base import FamilyResult, Witness
from detector.features.owners import copyright_owner
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


def test_structure_tells_a_page_of_prose_from_a_page_of_links(reading: Read) -> None:
    """Shares of text and links by role, of the visible text."""
    prose = structure.extract(reading(page(DIPLOMACY, title="Embassy opens")))
    menu = structure.extract(
        reading("<nav>" + "".join(f"<p><a href=/{n}>A section of the paper, number {n}</a></p>" for n in range(30)) + "</nav>")
    )
    assert value(prose, "body_share") > 0.9
    assert value(prose, "link_density") == 0.0
    assert value(menu, "link_density") == 1.0
    assert value(menu, "nav_share") == 1.0


def test_structure_sees_the_same_block_twice(reading: Read) -> None:
    """A caption or paragraph taken twice is quoted."""
    doubled = structure.extract(reading(page((DIPLOMACY[0], DIPLOMACY[0], DIPLOMACY[1]))))
    assert [witness.quote for witness in witnesses(doubled, "structure.repeated-block")] == [DIPLOMACY[0]]
    assert value(structure.extract(reading(page(DIPLOMACY))), "repeated_blocks") == 0.0


def test_language_sees_boilerplate_in_another_language_than_the_text(reading: Read) -> None:
    """A Chinese menu and owner round an English article; in an English frame nothing differs."""
    chinese = language.extract(
        reading(
            page(
                DIPLOMACY,
                before="<nav>网站首页 公司简介 产品展示 新闻中心</nav>",
                after="<footer><p>© 2023 某某科技有限公司 版权所有</p></footer>",
            )
        )
    )
    english = language.extract(
        reading(
            page(
                DIPLOMACY,
                before="<nav>Home About us Our products The newsroom</nav>",
                after="<footer><p>© 2023 The Wend Gazette. All rights reserved.</p></footer>",
            )
        )
    )
    assert (value(chinese, "nav_differs"), value(chinese, "copyright_differs")) == (1.0, 1.0)
    assert witnesses(chinese, "language.copyright-differs")[0].quote == "© 2023 某某科技有限公司 版权所有"
    assert value(english, "mismatch") == 0.0
    assert value(english, "nav_foreign_script") == 0.0


def test_language_compares_the_lang_attribute_and_the_countrys_ending_with_the_text(reading: Read) -> None:
    """Declared against seen, and the address's country against the text's language."""
    french = (
        "Le conseil municipal a décidé mardi soir de réparer le vieux pont, fermé aux camions depuis la crue de l’hiver dernier.",
    ) * 3
    foreign = language.extract(reading(page(french).replace("<html>", '<html lang="pl">'), "https://gazeta.pl/a"))
    home = language.extract(reading(page(french).replace("<html>", '<html lang="fr">'), "https://journal.fr/a"))
    assert (value(foreign, "declared_differs"), value(foreign, "tld_differs"), value(foreign, "declared_against_tld")) == (1.0, 1.0, 0.0)
    assert (value(home, "declared_differs"), value(home, "tld_differs")) == (0.0, 0.0)
    assert witnesses(foreign, "language.country-differs")
    assert math.isnan(value(language.extract(reading(page(french))), "tld_differs"))


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


def test_topics_see_a_next_link_about_car_batteries_under_diplomacy(reading: Read) -> None:
    """The next link is quoted with what it is about; a next link about diplomacy is not."""
    battery = "Next: Maintenance-free car battery 12V 60Ah for sedans, tyres and spark plugs"
    strange = topics.extract(
        reading(
            page(
                DIPLOMACY,
                title="Embassy opens",
                after=f"<div class=prev-next><p>Previous: Ambassador presents credentials</p><p>{battery}</p></div>",
            )
        )
    )
    fitting = topics.extract(
        reading(
            page(
                DIPLOMACY,
                title="Embassy opens",
                after=(
                    "<div class=prev-next><p>Previous: Ambassador presents credentials</p><p>Next: Foreign "
                    "minister visits the embassy</p></div>"
                ),
            )
        )
    )
    assert [witness.quote for witness in witnesses(strange, "topics.next-unrelated")] == [battery]
    assert not witnesses(fitting, "topics.next-unrelated")
    assert value(strange, "next_against_content") > value(fitting, "next_against_content")


def test_topics_see_a_spam_block_spliced_into_honest_text(reading: Read) -> None:
    """One paragraph of the main text that speaks of gambling while the rest speaks of teeth."""
    spliced = topics.extract(reading(page((DENTAL[0], DENTAL[1], CASINO[0], DENTAL[2]), title="Fees")))
    assert [witness.quote for witness in witnesses(spliced, "topics.spliced-block")] == [CASINO[0][:200]]
    assert value(topics.extract(reading(page(DENTAL, title="Fees"))), "spliced_block") == 0.0
    assert not witnesses(topics.extract(reading(page(CASINO, title="Best online casino"))), "topics.spliced-block")


def test_links_quote_a_spam_link_that_leaves_an_honest_page(reading: Read) -> None:
    """An outbound link whose text sells what the page does not speak of, at its exact place."""
    html = page(
        DENTAL, title="Fees", after='<p>Partners: <a href="https://win.example/">online casino bonus</a> <a href="/contact">Contact</a></p>'
    )
    result = links.extract(reading(html, "https://harrowlanedental.co.uk/"))
    assert [witness.quote for witness in witnesses(result, "links.spam-anchor")] == ["online casino bonus"]
    assert value(result, "outbound_spam_anchors") > 0
    clean = links.extract(
        reading(
            page(DENTAL, title="Fees", after='<p><a href="https://insurer.example/">Our insurer</a> <a href="/contact">Contact</a></p>'),
            "https://harrowlanedental.co.uk/",
        )
    )
    assert value(clean, "mismatch") == 0.0
    assert value(clean, "outbound_share") == 1.0
    assert value(clean, "relative_share") == 0.5


def test_links_in_comments_are_the_commenters(reading: Read) -> None:
    """User spam in a comment area is not the page's."""
    html = page(DENTAL, title="Fees", after='<div id="comments"><p>Nice! <a href="https://win.example/">online casino bonus</a></p></div>')
    assert value(links.extract(reading(html, "https://harrowlanedental.co.uk/")), "spam_anchors") == 0.0


def test_links_compare_the_canonical_host_with_the_pages(reading: Read) -> None:
    """A canonical address on another domain; www and subdomains of the same domain do not differ."""
    for canonical, differs in (
        ("https://koreatimes.example/a", 1.0),
        ("https://www.harrowlanedental.co.uk/b", 0.0),
        ("https://m.harrowlanedental.co.uk/b", 0.0),
    ):
        result = links.extract(reading(page(DENTAL, head=f'<link rel=canonical href="{canonical}">'), "https://harrowlanedental.co.uk/a"))
        assert value(result, "canonical_differs") == differs
        assert bool(witnesses(result, "links.canonical-differs")) is bool(differs)


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


def test_obfuscation_quotes_hidden_casino_links_on_an_honest_page(reading: Read) -> None:
    """Hidden text that sells is quoted with the reason why nobody sees it."""
    hidden = '<div style="position:absolute;left:-9999px"><a href="https://win.example/">slot gacor online casino</a></div>'
    result = obfuscation.extract(reading(page(DENTAL, title="Fees", after=hidden), "https://harrowlanedental.co.uk/"))
    (witness,) = witnesses(result, "obfuscation.hidden-text")
    assert witness.quote == "slot gacor online casino"
    assert "outside the screen" in witness.message
    assert value(result, "hidden_offscreen") == pytest.approx(math.log10(1 + len(witness.quote)))
    menu = obfuscation.extract(
        reading(
            page(
                DENTAL,
                title="Fees",
                after='<ul style="display:none"><li><a href="/fees">Fees</a></li><li><a href="/team">Our team</a></li></ul>',
            )
        )
    )
    assert value(menu, "mismatch") == 0.0


def test_obfuscation_counts_pinyin_in_brackets(reading: Read) -> None:
    """Debris of text converters: Latin syllables behind a Chinese character; English words in brackets are none."""
    debris = obfuscation.extract(reading("大使说(shuo)两国(guo)之间的贸易(yì)去年增长，其中大部分是葡萄酒、冷冻三文鱼和水果。", text=True))
    assert value(debris, "pinyin_brackets") == pytest.approx(math.log10(4))
    assert witnesses(debris, "obfuscation.pinyin-brackets")
    honest = obfuscation.extract(reading("世界卫生组织(WHO)说，人工智能(Artificial Intelligence)去年增长，其中大部分是软件。", text=True))
    assert value(honest, "pinyin_brackets") == 0.0


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("zero_width", "Play at the ca\u200bsi\u200bno", 2),
        ("mixed_script_words", "Play at the сasino and the slоt today", 2),
        ("spaced_letters", "Play at the c a s i n o tonight", 1),
        ("mathematical_letters", "Play 𝐜𝐚𝐬𝐢𝐧𝐨", 6),
    ],
)
def test_obfuscation_counts_what_is_hidden_inside_words(name: str, text: str, count: int, reading: Read) -> None:
    """Zero-width characters, two alphabets in a word, spaced letters, look-alike symbols; plain text in two scripts has none."""
    assert value(obfuscation.extract(reading(text, text=True)), name) == pytest.approx(math.log10(1 + count))
    honest = obfuscation.extract(reading("Play at the casino. Играть в казино. Παίξτε στο καζίνο. A B test, e.g. U S A.", text=True))
    assert value(honest, name) == 0.0


def test_obfuscation_quotes_spam_terms_in_disguise(reading: Read) -> None:
    """Look-alikes, signs between letters, letters without width; soft hyphens, which break lines, are none."""
    found = obfuscation.extract(
        reading("<p>Play at the сasinо for a j-a-c-k-p-o-t, c\u200ba\u200bs\u200bi\u200bn\u200bo or ca\u00adsi\u00adno.</p>")
    )
    assert found.values["obfuscation.disguised_words"] == pytest.approx(math.log10(4))
    assert found.values["obfuscation.disguised_spam_terms"] == pytest.approx(math.log10(4))
    quotes = [witness.quote for witness in found.witnesses if witness.code == "obfuscation.disguised-term"]
    assert quotes == ["сasinо", "j-a-c-k-p-o-t", "c\u200ba\u200bs\u200bi\u200bn\u200bo"]


@pytest.mark.parametrize(
    ("markup", "count"),
    [
        ('<p>Play <img src=a.png alt=""> online with <img src=b.png> every day</p>', 2),
        ('<p>在线<img src=a.png>平台</p>', 1),
        ('<p>Play <img src=a.png alt="cards"> online</p>', 0),
        ('<p><img src=a.png> Read more <img src=b.png></p>', 0),
        ('<a><img src=a.png> Home</a> <a><img src=b.png> Contact</a>', 0),
        ('<p>The council met.<img src=a.png> It agreed</p><img src=b.png><p>and so on</p>', 0),
    ],
)  # fmt: skip
def test_obfuscation_counts_pictures_that_stand_for_words(markup: str, count: int, reading: Read) -> None:
    """Inside a sentence and without a word of their own; icons, illustrations and pictures with a text are none."""
    assert obfuscation.extract(reading(markup)).values["obfuscation.disguised_words"] == pytest.approx(math.log10(1 + count))


@pytest.mark.parametrize(
    ("code", "text", "quote"),
    [
        ("generation.leakedprompt", "As an AI language model, I cannot visit the embassy.", "As an AI language model"),
        ("generation.autoblog", "The two countries signed. [ad_1] The talks go on.", "[ad_1]"),
        ("generation.spinner", "The {ambassador|envoy|diplomat} spoke on Tuesday.", "{ambassador|envoy|diplomat}"),
        ("generation.broken-markup", "The ambassador presented?/p> his credentials.", "?/p>"),
    ],
)
def test_generation_quotes_what_machines_leave_behind(code: str, text: str, quote: str, reading: Read) -> None:
    """Leaked prompts, plug-in marks, unresolved spinner groups and broken markup, each at its exact place."""
    result = generation.extract(reading("\n".join((*DIPLOMACY, text)), text=True))
    assert [witness.quote for witness in witnesses(result, code)] == [quote]
    assert value(generation.extract(reading("\n".join(DIPLOMACY), text=True)), "mismatch") == 0.0


def test_generation_measures_stuffing(reading: Read) -> None:
    """A text that repeats one phrase has little variety and a commonest pair; prose has not."""
    stuffed = generation.extract(reading(page(("best price cheap buy best price cheap buy " * 12,), title="Best price cheap buy")))
    prose = generation.extract(reading(page(DIPLOMACY, title="Embassy opens")))
    assert value(stuffed, "word_variety") < 0.1 < 0.5 < value(prose, "word_variety")
    assert value(stuffed, "top_pair") > 0.2 > value(prose, "top_pair")
    assert value(stuffed, "title_repeats") > value(prose, "title_repeats")
