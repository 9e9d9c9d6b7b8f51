"""The families topics and links: what each is there to see, and the honest neighbour in which it sees nothing."""

from __future__ import annotations

from detector.features import links, topics
from tests.features.pages import CASINO, DENTAL, DIPLOMACY, Read, page, value, witnesses


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
