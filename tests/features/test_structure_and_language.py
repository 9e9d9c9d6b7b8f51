"""The families structure and language: what each is there to see, and the honest neighbour in which it sees nothing."""

from __future__ import annotations

import math

from detector.features import language, structure
from tests.features.pages import DIPLOMACY, Read, page, value, witnesses


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
