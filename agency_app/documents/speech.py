"""How a snapshot's documents speak: the words, the locale of figures and the locale of dates, by its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agency_app.documents.translation import Words, phrase, words_in

FIRST_TRANSLATED = 3
"""Snapshots of earlier templates were drawn in English, with English dates beside figures of the agency's locale."""

FEE, OVERAGE = phrase("Retainer fee"), phrase("Overage")
"""What a draft calls the lines it makes of an agreement."""
WORK_IN, OTHER_WORK = phrase("Work in {period}"), phrase("Other work")
"""What a draft calls a line of all work, and one of work that belongs to no campaign."""

CREDITED = phrase("Credited against invoice {number}.")
LINE_OF, PART_OF_LINE = phrase("Line {position} of {number}"), phrase("Line {position} of {number}, in part")
"""What a credit note says of its invoice and of each line of it."""

_UNITS = {"h": phrase("h"), "month": phrase("month"), "unit": phrase("unit")}
_CATEGORY_NAMES = {
    "Z": phrase("zero rated"),
    "E": phrase("exempt"),
    "AE": phrase("reverse charge"),
    "K": phrase("intra-Community"),
    "G": phrase("export"),
    "O": phrase("not subject to VAT"),
}
_REASONS = (
    phrase("Exempt from VAT."),
    phrase("Reverse charge: the customer accounts for the VAT."),
    phrase("Intra-Community supply, exempt from VAT."),
    phrase("Export outside the EU, exempt from VAT."),
    phrase("Not subject to VAT."),
)
"""The words of the VAT categories in `domain/vat.py`, which knows no languages: here for the catalogues."""


@dataclass(frozen=True)
class Speech:
    """The words of a document and the locales of its figures and its dates."""

    words: Words
    figures: str
    dates: str

    def unit(self, unit: str) -> str:
        """Return the unit of a line's quantity."""
        return self.words.say(_UNITS.get(unit, unit))

    @property
    def vat_rate(self) -> str:
        """Return the heading over the rates of the VAT summary. In English it is the word that also means a price."""
        return "Rate" if self.words.language == "en" else self.words.say("VAT rate")

    def category(self, category: str) -> str:
        """Return the name of a VAT category (UNTDID 5305) that charges none; empty for one that does."""
        return self.words.say(_CATEGORY_NAMES[category]) if category in _CATEGORY_NAMES else ""


def line_detail(words: Words, entries: int, covered: str = "") -> str:
    """Return what stands under the description of a line: how many entries it bills, after what its fee covers."""
    counted = words.count("{n} entry", "{n} entries", entries) if entries else ""
    return f"{words.say('Covers {work}.', work=covered)} {counted}" if covered else counted


def date_locale(words: Words, locale: str) -> str:
    """Return the locale of dates between words: that of the figures where it is of the same language."""
    return locale if locale.partition("_")[0] == words.language else words.language


def speech_of(snapshot: Mapping[str, Any]) -> Speech:
    """Return how the documents of a snapshot speak."""
    locale = snapshot["locale"]
    if int(snapshot["template"]) < FIRST_TRANSLATED:
        return Speech(words_in("en"), locale, "en")
    words = words_in(snapshot.get("language", "en"))
    return Speech(words, locale, date_locale(words, locale))
