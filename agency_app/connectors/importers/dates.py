"""Dates, clock times, durations and instants as trackers print them."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from agency_app.connectors.importers.export import ExportError, RowRefused
from agency_app.domain.kept_days import FIRST_DAY, LAST_DAY, YEARS

DateOrder = Literal["day", "month"]

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?(?: ?([ap])\.? ?m\.?)?", re.IGNORECASE)
_DURATION = re.compile(r"([-−]?)([0-9]{1,6}):([0-5][0-9])(?::([0-5][0-9]))?")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,6})?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)
_DAY = timedelta(days=1)
_DAY_SECONDS = 24 * 3600


def settle_date_order(dates: Iterable[tuple[int, str]], asked: DateOrder | None) -> str:
    """Decide over the whole file whether day or month comes first: "iso" (no such dates), "day" or "month".

    `dates` are (line, text). A date that exists in one order only proves that order. Raises ExportError when nothing
    proves it, when dates prove both, or when they prove the opposite of what was asked.
    """
    proof: dict[str, tuple[int, str]] = {}
    ambiguous: tuple[int, str] | None = None
    seen = False
    for line, text in dates:
        found = _YEAR_LAST.fullmatch(text.strip())
        if not found:
            continue
        seen = True
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        by_day, by_month = _date_of(year, second, first), _date_of(year, first, second)
        if by_day and not by_month:
            proof.setdefault("day", (line, text))
        elif by_month and not by_day:
            proof.setdefault("month", (line, text))
        elif by_day != by_month:
            ambiguous = ambiguous or (line, text)
    if not seen:
        return "iso"
    if asked is not None:
        if proof and asked not in proof:
            [(proven, (line, text))] = proof.items()
            raise ExportError(
                f"The dates do not fit --date-order {asked}: line {line} has {text}, so the {proven} comes first. "
                f"Leave the option out, or pass --date-order {proven}."
            )
        return asked
    if len(proof) == 2:
        (day_line, day_text), (month_line, month_text) = proof["day"], proof["month"]
        raise ExportError(
            f"The file mixes date orders: line {day_line} has {day_text}, line {month_line} has {month_text}. "
            "Pass --date-order day or --date-order month; rows that do not fit are then rejected one by one."
        )
    if proof:
        return next(iter(proof))
    if ambiguous:
        line, text = ambiguous
        raise ExportError(
            f"The file does not show whether day or month comes first (line {line} has {text}). "
            "Pass --date-order day or --date-order month."
        )
    return "day"  # 05/05/2026 and its like: both orders say the same


def parse_date(text: str, order: str) -> date:
    """Read a date with its year first, or with its year last in the file's order ("day" or "month").

    Raises RowRefused "invalid_date", or as `check_day` with a day beside.
    """
    text = text.strip()
    if not text:
        raise RowRefused("invalid_date", "The date is missing.")
    if found := _YEAR_FIRST.fullmatch(text):
        read = _date_of(int(found[1]), int(found[3]), int(found[4]))
    elif found := _YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        read = _date_of(year, first, second) if order == "month" else _date_of(year, second, first)
    else:
        read = None
    if read is None:
        expected = f" with the {order} first" if order in ("day", "month") else ""
        raise RowRefused("invalid_date", f"{_shown(text)} is not a date{expected}.")
    return check_day(read, beside=_DAY)


def check_day(day: date, beside: timedelta = timedelta(0)) -> date:
    """Return the day of a row, or raise RowRefused "day_not_kept" for one that no week would show.

    A date of a row may be so far `beside`: its night ends on the next day, or its day is another one in the zone of the
    import. Arithmetic in a zone overflows on the calendar's own first and last days.
    """
    if not FIRST_DAY - beside <= day <= LAST_DAY + beside:
        raise RowRefused("day_not_kept", f"{day} is not in the years {YEARS}. Correct the date in the source.")
    return day


def parse_clock(text: str) -> tuple[time, bool]:
    """Read a 12 or 24 hour clock time, and whether seconds are shown. Raises RowRefused "invalid_time"."""
    found = _CLOCK.fullmatch(" ".join(text.split()))
    if found:
        hour, minute, second, half = int(found[1]), int(found[2]), int(found[3] or 0), (found[4] or "").lower()
        fits = 1 <= hour <= 12 if half else hour <= 23
        if fits and minute <= 59 and second <= 59:
            hour = hour % 12 + (12 if half == "p" else 0) if half else hour
            return time(hour, minute, second), found[3] is not None
    raise RowRefused(
        "invalid_time", f"{_shown(text)} is not a time of day." if text.strip() else "The time is missing."
    )


def parse_duration(text: str) -> int:
    """Read H:MM or HH:MM:SS into seconds. Raises RowRefused "invalid_duration" or as `check_seconds`."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        reason = f"{_shown(text)} is not a duration like 01:30:00." if text.strip() else "The duration is missing."
        raise RowRefused("invalid_duration", reason)
    seconds = int(found[2]) * 3600 + int(found[3]) * 60 + int(found[4] or 0)
    return check_seconds(-seconds if found[1] else seconds)


def check_seconds(seconds: int) -> int:
    """Return the seconds of one entry, or raise RowRefused "negative_duration" or "over_24_hours"."""
    if seconds < 0:
        raise RowRefused("negative_duration", "The duration is negative, or the end lies before the start.")
    if seconds > _DAY_SECONDS:
        raise RowRefused("over_24_hours", "The entry is longer than 24 hours; split it in the source first.")
    return seconds


def parse_instant(text: str) -> datetime:
    """Read an instant that names its offset into aware UTC, whole seconds.

    Raises RowRefused "invalid_time", or as `check_day` with a day beside.
    """
    text = text.strip()
    try:
        read = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        read = None
    if read is None:
        raise RowRefused("invalid_time", f"{_shown(text)} is not an instant like 2026-11-02T08:00:00Z.")
    check_day(read.date(), beside=_DAY)
    return read.astimezone(UTC).replace(microsecond=0)


def _date_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _shown(text: str) -> str:
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"
