"""Local clock times to instants, clock changes included."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from agency_app.connectors.importers.dates import check_seconds, parse_clock
from agency_app.connectors.importers.export import RowRefused
from agency_app.connectors.importers.rows import Reading, Row


@dataclass(frozen=True)
class Span:
    """Two instants in aware UTC, the seconds between them, and whether a clock change left several readings open."""

    start: datetime
    end: datetime
    elapsed: int
    ambiguous: bool


@dataclass(frozen=True)
class Clocked:
    """When a row's work happened, for formats with local start and end columns."""

    work_date: date
    seconds: int
    start: datetime | None
    end: datetime | None
    local_start: str | None
    local_end: str | None


def resolve(start: datetime, end: datetime, zone: ZoneInfo, seconds: int | None) -> Span:
    """Place two naive local times on the time line.

    Where a clock change makes a local time happen twice or never, the reading that comes closest to `seconds` (or,
    without them, to the difference of the two clocks) and does not run backwards is taken; then the earlier one.
    """
    wanted = int((end - start).total_seconds()) if seconds is None else seconds
    pairs = [
        (first, last, int((last - first).total_seconds()))
        for first in _instants(start, zone)
        for last in _instants(end, zone)
    ]
    first, last, elapsed = min(pairs, key=lambda pair: (pair[2] < 0, abs(pair[2] - wanted), pair[0], pair[1]))
    return Span(first, last, elapsed, len({pair[2] for pair in pairs if pair[2] >= 0}) > 1)


def read_clocks(row: Row, reading: Reading, seconds: int | None) -> Clocked:
    """Read the fields start_date, start_time, end_date, end_time beside the duration, if the file states one.

    A stated duration is right and the clocks are wrong where they disagree; the row then carries a warning. Raises
    RowRefused for unreadable cells, for an end before the start, and for more than 24 hours.
    """
    start_date = row.day("start_date", reading)
    start_text, end_text = row.text("start_time"), row.text("end_time")
    if seconds is not None and not start_text:
        return Clocked(start_date, seconds, None, None, None, None)
    start_clock, start_shows_seconds = parse_clock(start_text)
    start = datetime.combine(start_date, start_clock)
    if not end_text:
        if seconds is None:
            raise RowRefused("still_running", "The entry has no end. Stop it in the source and export again.")
        return Clocked(start_date, seconds, _instants(start, reading.zone)[0], None, start.isoformat(), None)
    end_clock, end_shows_seconds = parse_clock(end_text)
    end = datetime.combine(row.day("end_date", reading) if row.text("end_date") else start_date, end_clock)
    span = resolve(start, end, reading.zone, seconds)
    if span.elapsed < 0:
        raise RowRefused("negative_duration", "The end lies before the start.")
    if seconds is None:
        seconds = check_seconds(span.elapsed)
        if span.ambiguous:
            row.warn(
                "ambiguous_clock_time", "The clocks change at this hour and the file states no duration: check it."
            )
    hidden = 0 if start_shows_seconds or end_shows_seconds else 59
    if abs(int((end - start).total_seconds()) - seconds) > hidden:
        row.warn(
            "wall_clock_differs_from_duration",
            "Start and end are not as far apart on the clock as the duration says; the duration was taken.",
        )
    return Clocked(start_date, seconds, span.start, span.end, start.isoformat(), end.isoformat())


def _instants(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants a local time may stand for, the reading by the rules before the change first."""
    readings = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return readings[:1] if readings[0] == readings[1] else readings
