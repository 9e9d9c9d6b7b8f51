"""What honest tools do to honest pages: after it they must be as clean as before."""

from __future__ import annotations

import random
import re

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import at_end, at_start, in_head, map_text

_BETWEEN = re.compile(r">\s+<")
# Unclosed, it lasts to the end, as in a browser; so no start is tried twice.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CONSENT = (
    "We value your privacy. We and our partners use cookies to store information on a device. Accept all Reject all Manage preferences",
    "Diese Website verwendet Cookies. Alle akzeptieren Nur notwendige Einstellungen",
    "本网站使用 Cookie 来改善您的体验。接受全部 拒绝 设置",
    "Nous utilisons des cookies. Tout accepter Tout refuser Paramétrer",
)


def _minified(victim: Victim, strength: float, rng: random.Random) -> str:
    markup = _BETWEEN.sub(lambda match: "><" if rng.random() < strength else match[0], victim.markup)
    return _COMMENT.sub("", markup) if strength == 1.0 else markup


def _translated(victim: Victim, strength: float, rng: random.Random) -> str:
    """Browsers' translators wrap each text in two font elements and mark the root."""

    def change(text: str) -> str:
        from html import escape

        inside = escape(text)
        return (
            f'<font style="vertical-align: inherit;"><font style="vertical-align: inherit;">{inside}</font></font>'
            if rng.random() < strength
            else inside
        )

    return re.sub(r"<html\b", '<html class="translated-ltr"', map_text(victim.markup, False, change), count=1, flags=re.IGNORECASE)


def _amp(victim: Victim, strength: float, rng: random.Random) -> str:
    style = "<style amp-boilerplate>body{-webkit-animation:-amp-start 8s steps(1,end) 0s 1 normal both}</style><script async src=https://cdn.ampproject.org/v0.js></script>"
    markup = re.sub(r"<img\b", lambda match: "<amp-img" if rng.random() < strength else match[0], victim.markup, flags=re.IGNORECASE)
    return in_head(re.sub(r"<html\b", "<html amp", markup, count=1, flags=re.IGNORECASE), style)


def _banner(victim: Victim, strength: float, rng: random.Random) -> str:
    texts = rng.sample(_CONSENT, max(1, round(len(_CONSENT) * strength / 2)))
    banner = "".join(f'<div class="cookie-consent" role="dialog"><p>{text}</p><button>OK</button></div>' for text in texts)
    return at_start(victim.markup, banner) if rng.random() < 0.5 else at_end(victim.markup, banner)


TOOLS = (
    Attack("minifier", "white space and comments taken out", True, _minified, html_only=True),
    Attack("translator", "every text wrapped as browsers' translators do", False, _translated, html_only=True),
    Attack("amp", "AMP's elements and style", True, _amp, html_only=True),
    Attack("cookie-banner", "a consent dialogue, in one language or two", False, _banner, html_only=True),
)
