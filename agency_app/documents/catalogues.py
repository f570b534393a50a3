"""Keep the catalogues of the documents' languages in step with the code: `python -m agency_app.documents.catalogues`.

It collects every text that the documents say, adds what is new to each language's `documents.po` without a translation,
drops what is said no more, and compiles the `.mo` files that are read at run time. Both kinds are committed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from agency_app.documents.translation import CATALOGUES, DOMAIN, LANGUAGES

KEYWORDS = {"say": None, "phrase": None, "count": (1, 2)}
_HERE = Path(__file__).parent
# The dates of a catalogue would change with every run; what changed when is in the history of the repository.
_DATE = datetime(2026, 11, 1, tzinfo=UTC)


def texts_said() -> Catalog:
    """Return the texts that the documents' code says, without translations."""
    said = Catalog(project="agency_app", charset="utf-8", creation_date=_DATE, revision_date=_DATE)
    found = extract_from_dir(_HERE, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=())
    for _, _, message, _, context in sorted(found, key=lambda row: row[:2]):
        said.add(message, context=context)
    return said


def catalogue_of(language: str) -> Catalog:
    """Return the catalogue of a language as it is kept; an empty one where there is none yet."""
    path = _path(language, "po")
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, charset="utf-8")
    with path.open("rb") as kept:
        return read_po(kept, locale=language, domain=DOMAIN)


def updated(language: str) -> tuple[bytes, bytes]:
    """Return the `.po` and the `.mo` file of a language, with its translations and the texts of the code."""
    kept = catalogue_of(language)
    catalogue = Catalog(
        locale=language,
        project="agency_app",
        charset="utf-8",
        creation_date=_DATE,
        revision_date=_DATE,
        header_comment=f"# What invoices and their annexes say, in the language {language}.",
        version="1",
        msgid_bugs_address="none",
        last_translator="agency_app",
        fuzzy=False,
    )
    for message in texts_said():
        if message.id:
            known = kept.get(message.id)
            catalogue.add(message.id, known.string if known else None)
    text, compiled = BytesIO(), BytesIO()
    write_po(text, catalogue, width=120, sort_output=True, no_location=True)
    write_mo(compiled, catalogue)
    return text.getvalue(), compiled.getvalue()


def missing_in(language: str) -> Iterator[str]:
    """Yield the texts that a language has no translation of."""
    kept = catalogue_of(language)
    for message in texts_said():
        if not message.id:
            continue
        known = kept.get(message.id)
        strings = [] if known is None else [known.string] if isinstance(known.string, str) else list(known.string or ())
        if known is None or known.fuzzy or not strings or not all(strings):
            yield message.id if isinstance(message.id, str) else message.id[0]


def main() -> None:
    """Write the catalogues of every language but English, which is the code's own, and name what is missing."""
    for language in LANGUAGES[1:]:
        text, compiled = updated(language)
        _path(language, "po").parent.mkdir(parents=True, exist_ok=True)
        _path(language, "po").write_bytes(text)
        _path(language, "mo").write_bytes(compiled)
        for one in missing_in(language):
            print(f"{language}: no translation of {one!r}")


def _path(language: str, kind: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.{kind}"


if __name__ == "__main__":
    main()
