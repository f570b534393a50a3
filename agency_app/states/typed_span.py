"""When a touch was made, as it is typed: by the one rule that foretells what saving does, and that saves."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agency_app.domain.durations import DurationError, parse_duration, prose
from agency_app.services.refusal import Refused

_LONGEST_NIGHT = timedelta(hours=12)


def typed_span(
    day: date, start: str, end: str, duration: str, zone: str
) -> tuple[datetime | None, datetime | None, int | None]:
    """Return start and end as instants, or neither and the seconds of the typed duration.

    `start` and `end` are wall times of the zone ("09:30"). An end before the start is next day's where the night between
    is at most half a day long; longer, it is a slip. With a start, an end and a duration the two have to agree. Raises
    Refused naming the field.
    """
    if start and end and not duration:
        return (*_clock_span(day, start, end, zone), None)
    try:
        seconds = parse_duration(duration)
    except DurationError as error:
        missing = "" if duration else "Give a start and an end, or a duration. "
        raise Refused(missing or str(error), "duration") from error
    if start and end:
        first, last = _clock_span(day, start, end, zone)
        if int((last - first).total_seconds()) != seconds:
            raise Refused(f"{start} to {end} is not {prose(seconds)}: empty the end, or the duration.", "duration")
        return first, last, None
    if not start:
        return None, None, seconds
    first = instant_of(datetime.combine(day, _time(start, "start")), zone)
    return first, first + timedelta(seconds=seconds), None


def _clock_span(day: date, start: str, end: str, zone: str) -> tuple[datetime, datetime]:
    first, last = datetime.combine(day, _time(start, "start")), datetime.combine(day, _time(end, "end"))
    if last < first:
        last += timedelta(days=1)
        if last - first > _LONGEST_NIGHT:
            raise Refused(f"The end, {end}, is before the start, {start}.", "end")
    return instant_of(first, zone), instant_of(last, zone)


def _time(text: str, field: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"“{text}” is not a time of day, such as 09:30.", field) from error


def instant_of(wall: datetime, zone: str) -> datetime:
    """Return a wall time of a zone as an instant in UTC.

    A time that the clock skips moves past the gap, by as much as is skipped; of one that it shows twice the first is meant.
    """
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
