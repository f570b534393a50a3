"""What an address in plain lines says about its country, postcode and city.

People write addresses as lines, the country last. EN 16931 asks for the country as a code; XRechnung asks for the
postcode and the city too. What cannot be read with certainty stays in the lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

_LANGUAGES = ("en", "de", "fr", "nl", "es", "it", "pt", "pl", "da", "sv", "nb", "fi")
_ALSO = {
    "the netherlands": "NL",
    "holland": "NL",
    "nederland": "NL",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "usa": "US",
    "united states of america": "US",
    "republic of ireland": "IE",
    "czech republic": "CZ",
}
_POSTCODE_CITY = re.compile(
    r"(?:[A-Z]{1,2}-)?(?P<postcode>\d{4} ?[A-Z]{2}|\d{4}-\d{3}|\d{3} \d{2}|\d{2}-\d{3}|\d{4,5})"
    r"\s+(?P<city>[^\W\d].*)"
)
_BRITISH = re.compile(
    r"(?:(?P<city>[^\W\d].*?),?\s+)?(?P<postcode>[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})",
)


@dataclass(frozen=True)
class Address:
    """An address in parts: street lines (BT-35 and on), postcode, city, and the country's ISO 3166-1 code."""

    lines: tuple[str, ...]
    postcode: str = ""
    city: str = ""
    country: str = ""

    @property
    def three_lines(self) -> tuple[str, str, str]:
        """The street lines as the three that EN 16931 has room for; the last holds what is left."""
        first, second, *rest = (*self.lines, "", "")
        return first, second, ", ".join(line for line in rest if line)


def country_of(lines: Sequence[str]) -> str:
    """Return the code of the country that the last line of an address names, or "" when it names none."""
    last = " ".join(lines[-1].split()).strip(".,").casefold() if lines else ""
    return _countries().get(last, "")


def is_country(code: str) -> bool:
    """Tell whether a code is an ISO 3166-1 country, such as NL."""
    return code in _codes()


def address_of(lines: Sequence[str], country: str = "") -> Address:
    """Take an address apart; `country` is its code where it is known, else the last line may name it."""
    kept = [line for line in (" ".join(line.split()) for line in lines) if line]
    named = country_of(kept)
    if named and (not country or named == country):
        kept, country = kept[:-1], named
    if len(kept) > 1 and (found := _POSTCODE_CITY.fullmatch(kept[-1])):
        return Address(tuple(kept[:-1]), found["postcode"], found["city"], country)
    if country == "GB" and len(kept) > 1 and (found := _BRITISH.fullmatch(kept[-1])):
        city = found["city"] or (kept[-2] if len(kept) > 2 else "")
        street = kept[:-1] if found["city"] or len(kept) < 3 else kept[:-2]
        return Address(tuple(street), found["postcode"], city, country)
    return Address(tuple(kept), country=country)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    named = {
        str(name).casefold(): str(code)
        for language in reversed(_LANGUAGES)
        for code, name in Locale.parse(language).territories.items()
        if code in _codes()
    }
    return named | _ALSO


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    """Return the two-letter codes of countries: CLDR's territories without its groupings and its own inventions."""
    territories = Locale.parse("en").territories
    inventions = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
    return frozenset(code for code in map(str, territories) if len(code) == 2 and code.isalpha()) - inventions
