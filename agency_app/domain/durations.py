"""Durations in whole seconds: reading what people type, showing it, and the limits of one time entry."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agency_app.domain.money import round_half_up

LONGEST_ENTRY_SECONDS = 24 * 3600

_SECOND = timedelta(seconds=1)
_CLOCK = re.compile(r"(\d{0,4}):(\d{2})(?::(\d{2}))?")
_DECIMAL_HOURS = re.compile(r"(\d{0,4})(?:[.,](\d{0,6}))?")
_WITH_UNITS = re.compile(
    r"(?:(?P<hours>\d{1,4}(?:[.,]\d{1,6})?)h(?:rs?|ours?)?)?"
    r"(?:(?P<minutes>\d{1,5})(?:m(?:in(?:ute)?s?)?|$))?"
    r"(?:(?P<seconds>\d{1,6})s(?:ec(?:ond)?s?)?)?"
)


class DurationError(ValueError):
    """A length of time that cannot be logged, with a message that says what to do."""


def parse_duration(text: str, *, longest_seconds: int | None = LONGEST_ENTRY_SECONDS) -> int:
    """Read a typed duration and return seconds: "1:30", "1.5", "1,5", "90m", "1h30", "1h 30m", "45 min".

    A bare number is hours. Raises DurationError when the text cannot be read, is zero or negative, or is longer than
    `longest_seconds` (24 hours unless told otherwise; None for no limit, as for the hours of a retainer).
    """
    seconds = _read_seconds("".join(text.lower().split()))
    if seconds is None:
        raise DurationError(f"“{text.strip()}” is not a duration. Write 1:30, 1.5, 90m or 1h30.")
    if seconds <= 0:
        raise DurationError("A duration must be longer than zero.")
    if longest_seconds is not None and seconds > longest_seconds:
        hint = " Write 90m for ninety minutes." if text.strip().isdigit() else ""
        raise DurationError(f"“{text.strip()}” is longer than {prose(longest_seconds)}.{hint}")
    return seconds


def _read_seconds(compact: str) -> int | None:
    """Return the seconds of a text without spaces, None when it is no duration."""
    if not compact or not any(character.isdigit() for character in compact) or not compact.isascii():
        return None
    if clock := _CLOCK.fullmatch(compact):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds if minutes < 60 and seconds < 60 else None
    if _DECIMAL_HOURS.fullmatch(compact):
        return _hours_to_seconds(compact)
    if units := _WITH_UNITS.fullmatch(compact):
        hours, minutes, seconds = (
            units.group("hours"),
            units.group("minutes"),
            units.group("seconds"),
        )
        return _hours_to_seconds(hours or "0") + int(minutes or 0) * 60 + int(seconds or 0)
    return None


def _hours_to_seconds(decimal_hours: str) -> int:
    whole, _, fraction = decimal_hours.replace(",", ".").partition(".")
    return round_half_up(int((whole or "0") + fraction) * 3600, 10 ** len(fraction))


def hours_minutes(seconds: int) -> str:
    """Show seconds as hours and minutes, "1:30"; to the nearest minute, half a minute up."""
    hours, minutes = divmod(_whole_minutes(seconds), 60)
    return f"{_sign(seconds)}{hours}:{minutes:02d}"


def prose(seconds: int) -> str:
    """Show seconds for reading, "1 h 30", "0 h 45", "2 h 00"; to the nearest minute, half a minute up."""
    hours, minutes = divmod(_whole_minutes(seconds), 60)
    return f"{_sign(seconds)}{hours} h {minutes:02d}"


def _whole_minutes(seconds: int) -> int:
    return round_half_up(abs(seconds), 60)


def _sign(seconds: int) -> str:
    return "-" if seconds < 0 and _whole_minutes(seconds) else ""


def local_work_date(start: datetime, zone: str) -> date:
    """Return the calendar day on which an instant falls for a member in an IANA zone ("Europe/Paris").

    An entry that runs past midnight belongs to the day it started on. Raises DurationError for an instant without a
    zone of its own, or for a zone that does not exist.
    """
    _require_aware(start)
    try:
        return start.astimezone(ZoneInfo(zone)).date()
    except (KeyError, ValueError, OSError):
        raise DurationError(f"“{zone}” is not a time zone, such as Europe/Paris.") from None


def check_span(start: datetime, end: datetime) -> int:
    """Return the whole seconds from start to end, both aware; real elapsed time, also when clocks change.

    Raises DurationError when the span is zero, negative or longer than 24 hours.
    """
    # Python subtracts wall clocks when both ends share a zone, which is an hour wrong on the days clocks change.
    elapsed = _in_utc(end) - _in_utc(start)
    seconds = elapsed.days * 86400 + elapsed.seconds
    if seconds < 0:
        raise DurationError("The end is before the start.")
    if seconds == 0:
        raise DurationError("The start and the end are the same.")
    if seconds > LONGEST_ENTRY_SECONDS or (seconds == LONGEST_ENTRY_SECONDS and elapsed.microseconds):
        raise DurationError("One entry cannot be longer than 24 hours. Check the dates, or log two entries.")
    return seconds


def split_seconds(start: datetime, end: datetime, at: datetime) -> tuple[int, int]:
    """Return the whole seconds before and after the instant at which an entry is cut; their sum is the entry's.

    Raises DurationError when the cut leaves either side without a whole second.
    """
    total, first = check_span(start, end), (_in_utc(at) - _in_utc(start)) // _SECOND
    if not 0 < first < total:
        raise DurationError("Cut the entry between its start and its end.")
    return first, total - first


def seconds_until(start: datetime, end: datetime, clock: time, zone: str) -> int:
    """Return the seconds from the start of an entry to the moment within it at which a clock of the zone shows a time.

    Raises DurationError when it never does between start and end, or does twice because the clocks change.
    """
    total, place = check_span(start, end), ZoneInfo(zone)
    first_day = start.astimezone(place).date()
    found: set[int] = set()
    for day in (first_day, first_day + timedelta(days=1)):
        for fold in (0, 1):
            instant = datetime.combine(day, clock.replace(fold=fold), place).astimezone(UTC)
            if instant.astimezone(place).time() == clock:  # not within an hour that the clock skips
                found.add((instant - _in_utc(start)) // _SECOND)
    within = [seconds for seconds in found if 0 < seconds < total]
    if len(within) == 1:
        return within[0]
    if within:
        raise DurationError(
            f"The clock shows {clock:%H:%M} twice that night. Give the length of the first part instead."
        )
    raise DurationError("Cut the entry between its start and its end.")


def seconds_to_midnight(start: datetime, end: datetime, zone: str) -> int:
    """Return the seconds from start to the first midnight of the zone that lies within an entry, 0 where none does.

    The next day begins with its first moment, also where its clock skips midnight.
    """
    total, place = check_span(start, end), ZoneInfo(zone)
    next_day = start.astimezone(place).date() + timedelta(days=1)
    left = datetime.combine(next_day, time(0), place).astimezone(UTC) - _in_utc(start)
    first = -(-left // _SECOND)  # a second that has begun before midnight is of the first day
    return first if first < total else 0


def later_by_the_clock(instant: datetime, by: timedelta, zone: str) -> datetime:
    """Return an instant moved by wall time of a zone, in UTC: nine o'clock stays nine o'clock over a change of the clocks.

    Of an hour that the clock shows twice, the first is meant, or the second where the instant was in a second one
    itself; a time that the clock skips moves past the gap.
    """
    local = instant.astimezone(ZoneInfo(zone))
    return (local.replace(tzinfo=None) + by).replace(tzinfo=local.tzinfo, fold=local.fold).astimezone(UTC)


def merged_span(spans: Sequence[tuple[datetime | None, datetime | None, int]]) -> tuple[datetime | None, int]:
    """Return (start, seconds) of the one entry that some make, given as (start, end, seconds): from the earliest start,
    and as long as all of them together. One without a time of day leaves the whole without.

    Raises DurationError when that is longer than 24 hours.
    """
    seconds = sum(one[2] for one in spans)
    if seconds > LONGEST_ENTRY_SECONDS:
        raise DurationError("One entry cannot be longer than 24 hours. Merge fewer of them.")
    starts = [_in_utc(start) for start, _, _ in spans if start is not None]
    return (min(starts) if len(starts) == len(spans) else None), seconds


def apart(spans: Sequence[tuple[datetime | None, datetime | None, int]]) -> int:
    """Return how many seconds lie between entries, given as (start, end, seconds): negative where they overlap."""
    timed = [(_in_utc(start), _in_utc(end)) for start, end, _ in spans if start is not None and end is not None]
    if len(timed) < 2:
        return 0
    whole = (max(end for _, end in timed) - min(start for start, _ in timed)) // _SECOND
    return whole - sum((end - start) // _SECOND for start, end in timed)


def _in_utc(instant: datetime) -> datetime:
    _require_aware(instant)
    return instant.astimezone(UTC)


def _require_aware(instant: datetime) -> None:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise DurationError("A time needs its time zone.")
