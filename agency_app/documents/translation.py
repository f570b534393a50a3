"""The languages that documents speak: English as written in the code, the others from gettext catalogues beside it.

The catalogues are in `locale/`; `python -m agency_app.documents.catalogues` brings them up to date with the code.
"""

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.localedata import exists

LANGUAGES = ("en", "de", "fr", "es", "nl")
"""ISO 639-1, English first: what a document says where nobody chose."""
CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "documents"


class Words:
    """What documents say in one language."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def say(self, text: str, **values: object) -> str:
        """Return a text of the code in this language, its {names} filled in."""
        said = self._catalogue.gettext(text) if text else ""  # gettext has its own header under the empty text
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: int) -> str:
        """Return the text that fits a number, `{n}` filled in: `1 entry`, `12 entries`."""
        return self._catalogue.ngettext(one, many, number).format(n=number)


def phrase(text: str) -> str:
    """Mark a text of the code as one that `Words.say` is asked for later, so that the catalogues hold it."""
    return text


@lru_cache(maxsize=len(LANGUAGES))
def words_in(language: str) -> Words:
    """Return the words of a language, of English where there is no catalogue for it."""
    if language == LANGUAGES[0] or language not in LANGUAGES:
        return Words(LANGUAGES[0], NullTranslations())
    with open(CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.mo", "rb") as compiled:
        return Words(language, GNUTranslations(compiled))


def language_of(locale: str) -> str:
    """Return the language of a locale such as `de_AT` where documents speak it, else English."""
    language = locale.replace("-", "_").partition("_")[0]
    return language if language in LANGUAGES else LANGUAGES[0]


def locale_of(language: str, country: str, agency_locale: str) -> str:
    """Return the locale in which a client reads figures and dates.

    A language is read as it is written in the client's country (`de` and `CH` give `de_CH`); English abroad stays as
    the agency writes it, since CLDR's English of other countries has their commas. Without a language it is the
    agency's own locale.
    """
    if not language:
        return agency_locale
    official = f"{language}_{country}"
    if language != LANGUAGES[0] and country and exists(official):
        return official
    return agency_locale if agency_locale.partition("_")[0] == language else language
