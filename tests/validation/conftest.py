"""A tiny corpus and a tiny second bank, both written here: enough for every kind in every fold."""

from __future__ import annotations

import hashlib
import json
import lzma
import random
from pathlib import Path

import pytest

pytest.importorskip("lxml", reason="needs the validation extra")
pytest.importorskip("trafilatura", reason="needs the validation extra")
pytest.importorskip("opencc", reason="needs the validation extra")
pytest.importorskip("pypinyin", reason="needs the validation extra")

from detector.training.corpus import FOLDS, fold_of

SEED, BAD = 3, 130
_WORDS = {
    "en": "council bridge market river school teacher harbour vote budget summer railway museum winter storm library village farmer "
    "hospital orchestra mayor engine bakery forest island letter window concert doctor station garden",
    "de": "Stadtrat Brücke Markt Fluss Schule Lehrerin Hafen Abstimmung Haushalt Sommer Eisenbahn Museum Winter Sturm Bücherei Dorf "
    "Bäuerin Krankenhaus Orchester Bürgermeister Motor Bäckerei Wald Insel Brief Fenster Konzert Ärztin Bahnhof Garten",
    "zh": "市议会 大桥 市场 河流 学校 教师 港口 表决 预算 夏天 铁路 博物馆 冬天 风暴 图书馆 村庄 农民 医院 乐团 市长 发动机 面包房 森林 岛屿 书信 窗户 音乐会 医生 车站 花园",
}
_FORMS = {
    "en": "The {} agreed with the {} that the {} near the {} should be opened again before the {} comes to the {}.",
    "de": "Der Bericht über {} und {} wurde gestern mit {} besprochen, bevor sich {} und {} im Saal bei {} trafen.",
    "zh": "当地居民昨天在{}附近讨论了{}的问题，认为{}应当在{}之前完成，并且请{}和{}给出明确的答复。",
}


def sentences(rng: random.Random, language: str, count: int) -> str:
    words = _WORDS[language].split()
    return " ".join(_FORMS[language].format(*rng.sample(words, 6)) for _ in range(count))


def page_of(host: str, kind: str, number: int, language: str) -> dict[str, object]:
    """One corpus row: seven paragraphs under a headline, in a page with menu, sidebar and owner."""
    rng = random.Random(f"{host}-{number}")
    name = host.split(".")[0].replace("-", " ").title()
    title = sentences(rng, language, 1)[:60]
    text = "".join(f"<p>{sentences(rng, language, 2)}</p>" for _ in range(7))
    html = (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title} - {name}</title>'
        f'<meta property="og:site_name" content="{name}"><meta property="og:title" content="{title}"></head><body>'
        f'<header><a href="/">{name}</a></header><nav><a href="/a">{sentences(rng, language, 1)[:12]}</a></nav>'
        f'<main><article><h1>{title}</h1><div class="text">{text}</div></article></main>'
        f'<aside class="sidebar"><h4>{sentences(rng, language, 1)[:14]}</h4></aside><footer>© 2024 {name}</footer></body></html>'
    )
    return {
        "id": hashlib.sha256(html.encode()).hexdigest()[:16],
        "repo": "tests",
        "path": f"{host}/{number}.html",
        "url": f"https://{host}/story/{number}.html",
        "host": host,
        "lang": language,
        "kind": kind,
        "html": html,
    }


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two newspapers, a school and a shop of three languages in each fold, three pages each."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "clean").mkdir()
    rows = []
    for fold in range(FOLDS):
        for language in _WORDS:
            for name, kind in (("courier", "news"), ("tribune", "news"), ("school", "org"), ("shop", "product")):
                host = next(h for n in range(500) if fold_of(h := f"{name}-{language}{n}.org") == fold)
                rows += [page_of(host, kind, number, language) for number in range(3)]
    with lzma.open(folder / "clean" / "pages-00.jsonl.xz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    (folder / "SHA256SUMS").write_text("0  clean/pages-00.jsonl.xz\n", encoding="utf-8")
    return folder


def _toml(values: dict[str, object]) -> str:
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


def identity_values(language: str, trade: str, number: int) -> dict[str, object]:
    words = _WORDS[language].split()
    brand = f"{trade.title()} {words[number]}"
    return {
        "id": f"{language}-{trade}",
        "trade": trade,
        "language": language,
        "town": words[number + 1],
        "brand": brand,
        "domain": f"{trade}-tests{number}.example",
        "nav": words[:5],
        "footer": f"{brand}, {words[3]}",
        "contact": f"{trade}@tests.example",
        "tagline": f"{words[4]} {words[5]}",
        "copyright": f"© {brand}",
        "about": [sentences(random.Random(number), language, 3) for _ in range(2)],
        "products": [f"{trade} {word}" for word in words[6:11]],
    }


@pytest.fixture(scope="session")
def tiny_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Passages, identities, honest pages and two templates in the format of `datasets/second`."""
    folder = tmp_path_factory.mktemp("datasets") / "second"
    for part in ("passages", "identities", "honest", "templates"):
        (folder / part).mkdir(parents=True)
    for language in _WORDS:
        for number, kind in enumerate(("casino", "betting", "accounts")):
            rng = random.Random(f"{language}{kind}")
            passage = {
                "id": f"{language}-{kind}",
                "kind": kind,
                "language": language,
                "title": f"{kind} 777 {_WORDS[language].split()[number]}",
                "paragraphs": [f"{kind} bonus: {sentences(rng, language, 2)}" for _ in range(4)],
                "anchors": [f"{kind} {word} online" for word in _WORDS[language].split()[:5]],
                "keywords": [f"{kind}{word}" for word in _WORDS[language].split()[5:9]],
            }
            (folder / "passages" / f"{language}-{kind}.toml").write_text(_toml(passage), encoding="utf-8")
        for number, trade in enumerate(("dentist", "valves")):
            values = identity_values(language, trade, number)
            (folder / "identities" / f"{language}-{trade}.toml").write_text(_toml(values), encoding="utf-8")
        honest = {
            **{"id": f"{language}-regulator", "kind": "regulator", "language": language, "title": "Gambling regulator"},
            "paragraphs": [sentences(random.Random(9), language, 3) for _ in range(3)],
        }
        owner = {**identity_values(language, "regulator", 4)}
        text = _toml(honest) + "[identity]\n" + _toml(owner)
        (folder / "honest" / f"{language}.toml").write_text(text, encoding="utf-8")
    body = (
        "<h1>{{ headline }}</h1>{% for p in paragraphs %}<p>{{ p }}</p>{% endfor %}"
        "{% if previous.text %}<p>« <a href='{{ previous.href }}'>{{ previous.text }}</a></p>{% endif %}"
        "{% for l in links %}<a href='{{ l.href }}'>{{ l.text }}</a> {% endfor %}"
    )
    for name in ("plain", "side"):
        (folder / "templates" / f"{name}.html.j2").write_text(
            f"<!DOCTYPE html><html lang='{{{{ language }}}}'><head><title>{{{{ title }}}}</title></head><body class='{name}'>"
            "<h2>{{ identity.brand }}</h2><ul>{% for n in identity.nav %}<li>{{ n }}</li>{% endfor %}</ul>"
            f"<div>{body}</div><footer>{{{{ identity.copyright }}}} {{{{ identity.footer }}}}</footer></body></html>",
            encoding="utf-8",
        )
    return folder
