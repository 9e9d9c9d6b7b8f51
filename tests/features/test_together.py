"""What is quoted where no part of a flagged page stands out alone."""

from __future__ import annotations

from detector import Detector, Page
from detector.features.affinity import home_of, placed
from detector.features.joint import views_of
from detector.features.meanings import OUTBOUND, parts_of
from detector.features.reading import Reading
from detector.features.together import least_fitting
from detector.features.wordvectors import DIMENSIONS

_STORY = """<h1>Ballet school brings the Firebird back to the old opera house</h1>
<p>For the first time since the fire the curtain of the old opera house went up on Saturday, for the pupils of the city's ballet school and their Firebird.</p>
<p>The choreographer had worked with the sixty dancers since the spring. The orchestra, seated behind the stage, was led by the school's own music teacher.</p>
<p>“I have waited eleven years for this evening,” said the director of the opera, who watched from the gallery between two former soloists of the company.</p>
<p>Two further performances follow next week; the tickets for both are sold out, and a recording will be shown on the square in front of the house.</p>"""
_PARTS = "<ul class='related'><li><a href='/p/1'>Fork heel pins</a></li><li><a href='/p/2'>Tilt cylinder seals</a></li><li><a href='/p/3'>Side shift bearings</a></li></ul>"
_FARM = f"""<title>Ballet school brings the Firebird back</title>
<nav><a href='/'>Home</a> <a href='/c/1'>Mast rollers</a> <a href='/c/2'>Hydraulic pumps</a> <a href='/c/3'>Fork extensions</a></nav>
<article>{_STORY}</article><h3>Related</h3>{_PARTS}<footer>© 2025 Harrow Lift Spares, mast rollers and hydraulic pumps</footer>"""


_HONEST = f"""<title>Ballet school brings the Firebird back</title>
<nav><a href='/1'>Ballet</a> <a href='/2'>Opera</a> <a href='/3'>Orchestra</a></nav><article>{_STORY}</article>"""


def odds(reading: Reading, gone: str | None = None) -> float:
    """What the network over all parts says of a page, or of what is left of it without one part."""
    assert reading.matcher is not None and reading.matcher.joint_words is not None
    vectors = reading.once(placed)
    parts = {name: vector for name, vector in vectors.parts.items() if name != gone}
    return float(reading.matcher.joint_words.odds(views_of(parts, home_of(parts), vectors.content, OUTBOUND, DIMENSIONS)[None])[0])


def test_the_part_is_named_whose_absence_helps_most(detector: Detector) -> None:
    reading = detector.reading(Page.from_html(_FARM))
    found = least_fitting(reading)
    assert found is not None and found.source == "text"
    assert found.start is not None and reading.document.text[found.start : found.end] == found.quote
    said = reading.once(parts_of)
    falls = {name: odds(reading, name) for name in ("nav", "related", "footer", "owner")}
    best = min(falls, key=lambda name: falls[name])
    assert falls[best] < odds(reading) and found.quote == said[best].quote
    assert "the parts would go together better without the " in found.message and "; the page " in found.message


def test_no_part_is_blamed_that_speaks_for_the_page(detector: Detector) -> None:
    reading = detector.reading(Page.from_html(_HONEST))
    assert odds(reading, "nav") > odds(reading)
    assert least_fitting(reading) is None


def test_of_a_page_without_other_parts_none_is_named(detector: Detector) -> None:
    assert least_fitting(detector.reading(Page.from_html(f"<article>{_STORY}</article>"))) is None


def test_it_is_shown_where_no_quotation_carries_the_verdict(detector: Detector) -> None:
    """At a threshold that flags everything, so that the verdict itself does not matter."""
    everything = detector.at_threshold(0.0)
    quiet = _FARM.replace(_PARTS, "").replace(", mast rollers and hydraulic pumps", "")
    assert [piece.code for piece in everything.classify(Page.from_html(quiet)).evidence] == ["affinity.least-fitting"]
    loud = everything.classify(Page.from_html(_FARM)).evidence
    assert any(piece.source == "text" and piece.weight >= 0.05 for piece in loud)
    assert "affinity.least-fitting" not in [piece.code for piece in loud]
