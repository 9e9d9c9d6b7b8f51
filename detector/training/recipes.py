"""The recipes and how often each is used, bad pages and controls."""

from __future__ import annotations

from detector.training.cloned import brand_clone
from detector.training.controls import (
    advertising,
    honest_hiding,
    identity_page,
    own_article_in_own_page,
    platform_page,
    publisher_in_template,
    sibling_article_in_page,
    suspicious_but_honest,
    syndicated,
    user_spam,
)
from detector.training.hijacked import (
    address_article,
    address_only,
    injected_identity,
    injected_shell,
    passage_in_identity,
    passage_in_shell,
    products_in_news,
    spliced,
)
from detector.training.listed import fake_headlines, own_headlines
from detector.training.scraped import article_in_identity, article_in_shell, autoblog, farm_template, mirror, publisher_swap
from detector.training.sites import Recipe
from detector.training.spam import doorway, generated, parasite

BAD: tuple[tuple[Recipe, float], ...] = (
    (farm_template, 4.0),
    (article_in_identity, 2.8),
    (article_in_shell, 3.4),
    (publisher_swap, 0.8),
    (autoblog, 1.5),
    (mirror, 1.3),
    (brand_clone, 1.2),
    (passage_in_identity, 2.2),
    (passage_in_shell, 2.2),
    (injected_shell, 3.2),
    (injected_identity, 1.4),
    (spliced, 1.8),
    (products_in_news, 2.4),
    (fake_headlines, 1.8),
    (address_only, 1.5),
    (address_article, 2.5),
    (doorway, 1.8),
    (generated, 1.3),
    (parasite, 0.8),
)
# A publisher's article inside another publisher's page is left rare, and weighs little besides (`recipe_weights` of train.toml): it can
# hardly be told from syndication, and more of it teaches to flag news.

CONTROLS: tuple[tuple[Recipe, float], ...] = (
    (own_article_in_own_page, 2.0),
    (sibling_article_in_page, 1.2),
    (publisher_in_template, 4.5),
    (identity_page, 4.5),
    (syndicated, 1.3),
    (advertising, 1.6),
    (own_headlines, 1.0),
    (user_spam, 1.3),
    (honest_hiding, 1.3),
    (platform_page, 0.8),
    (suspicious_but_honest, 3.0),
)
