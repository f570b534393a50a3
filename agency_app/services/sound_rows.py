"""What rows have to be beyond the rules of their tables: asked of a file before it is loaded, and of the stored books."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from agency_app.domain.durations import DurationError, check_span

_ARGON2 = re.compile(r"\$argon2(id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")


def span_fault(start: datetime | None, end: datetime | None, seconds: int) -> tuple[str, str]:
    """Return the column of an entry that does not fit the others, and what is wrong; empty where all is well."""
    if start is None or end is None:
        return "", ""
    try:
        passed = check_span(start, end)
    except DurationError as error:
        return "ended_at", str(error).removesuffix(".").lower()
    if passed != seconds:
        return "seconds", f"{seconds} s are not the {passed} s from started_at to ended_at"
    return "", ""


def same_addresses(emails: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of e-mail addresses that are an earlier one but for capitals, and the place of that one: signing
    in takes either for the other."""
    first: dict[str, int] = {}
    for place, email in enumerate(emails):
        before = first.setdefault(email.strip().lower(), place)
        if before != place and emails[before] != email:
            yield place, before


def is_password_hash(text: str) -> bool:
    """Tell whether a text is an Argon2 hash, or empty: a member who has no password yet."""
    return not text or _ARGON2.fullmatch(text) is not None
