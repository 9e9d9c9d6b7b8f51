"""English names of languages and topics, for messages."""

from __future__ import annotations

LANGUAGE_NAMES = {
    "en": "English", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "ru": "Russian", "uk": "Ukrainian", "es": "Spanish",
    "pt": "Portuguese", "fr": "French", "de": "German", "it": "Italian", "pl": "Polish", "nl": "Dutch", "tr": "Turkish", "ar": "Arabic",
    "fa": "Persian", "hi": "Hindi", "id": "Indonesian", "vi": "Vietnamese", "th": "Thai", "cs": "Czech", "el": "Greek", "he": "Hebrew",
    "sv": "Swedish", "da": "Danish or Norwegian", "fi": "Finnish", "hu": "Hungarian", "ro": "Romanian", "bg": "Bulgarian", "bn": "Bengali",
    "hr": "Croatian or Serbian", "ca": "Catalan", "sk": "Slovak", "sl": "Slovenian", "lt": "Lithuanian", "lv": "Latvian", "et": "Estonian",
}  # fmt: skip

TOPIC_NAMES = {
    "gambling": "gambling", "adult": "adult content", "escort": "escort services", "pharmacy": "prescription drugs for sale",
    "loans": "quick loans", "accounts": "accounts for sale", "replica": "replica goods", "essay": "essays and degrees for sale",
    "piracy": "pirated streams and downloads", "crypto": "crypto and trading offers", "seo": "link selling", "fortune": "fortune telling",
    "politics": "politics", "diplomacy": "diplomacy and war", "crime": "crime", "business": "business news", "sport": "sport",
    "science": "science", "technology": "technology", "medical": "medicine", "legal": "law", "education": "education",
    "government": "public administration", "culture": "culture", "religion": "religion", "travel": "travel", "food": "food",
    "automotive": "cars and car parts", "property": "property and building", "industry": "machines and industry",
    "agriculture": "farming", "goods": "consumer goods", "beauty": "beauty", "home": "home and furniture", "pets": "pets",
    "games": "video games", "jobs": "jobs", "environment": "weather and environment", "charity": "charity", "none": "nothing in particular",
}  # fmt: skip

# What evidence calls the parts of a page (`meanings`).
PART_NAMES = {
    "site": "site name", "owner": "copyright holder", "domain": "domain's name", "nav": "navigation", "tags": "tag list", "related": "list of related links",
    "products": "product list", "previous": "previous link", "next": "next link", "hidden": "hidden text", "title": "title", "headline": "headline",
    "lead": "opening of the main text", "footer": "footer", "breadcrumb": "breadcrumb",
}  # fmt: skip
