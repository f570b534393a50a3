"""From the pieces of a line to instants: which day, from when to when, how long, and what has to be asked.

All arithmetic between a start and an end is in true seconds, so a night when the clocks change has its 23 or 25 hours.
A clock time that does not exist on its day, or exists twice, is asked for. The rules are listed in docs/logging.md.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from agency_app.domain.durations import LONGEST_ENTRY_SECONDS, hours_minutes
from agency_app.domain.kept_days import FIRST_DAY, LAST_DAY, is_kept, kept_day
from agency_app.domain.quick_line.pieces import DAY, Piece, Span
from agency_app.domain.quick_line.reading import Candidate, Fault, Field, Unsure

USUAL_SECONDS = (900, 1800, 2700, 3600, 5400, 7200)
"""Lengths offered when a line has none."""
_USUAL_START = 9 * 60
_DOUBTFUL_LENGTH = 10 * 3600


@dataclass(frozen=True)
class Days:
    """The days that a text may name, the likeliest first; not sure when there is a choice or no such day."""

    days: tuple[date, ...]
    sure: bool = True


ReadDay = Callable[[str], Days]
"""Reads the text of a date ("last fri", "17/11") as seen from today."""
FreeStarts = Callable[[date], Sequence[datetime]]
"""Returns the instants at which work on a day may well have begun."""


@dataclass
class When:
    """The time of a line as far as it is known."""

    day: date
    start: datetime | None = None
    end: datetime | None = None
    seconds: int | None = None
    unsure: list[Unsure] = field(default_factory=list)
    fault: Fault | None = None

    def ask(self, field_name: Field, candidates: Sequence[Candidate]) -> None:
        """Note a question, once a field."""
        if all(known.field != field_name for known in self.unsure):
            self.unsure.append(Unsure(field_name, tuple(dict.fromkeys(candidates))))


def find_when(
    pieces: Sequence[Piece],
    answers: Mapping[str, str],
    now: datetime,
    zone: ZoneInfo,
    read_day: ReadDay,
    free_starts: FreeStarts,
) -> When:
    """Return the time that the pieces say at an aware instant `now` in a member's zone."""
    return _Clockwork(pieces, answers, now, zone, read_day, free_starts).run()


class _Clockwork:
    """One line's pieces, put together."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        answers: Mapping[str, str],
        now: datetime,
        zone: ZoneInfo,
        read_day: ReadDay,
        free_starts: FreeStarts,
    ) -> None:
        self.zone = zone
        self.now = now.astimezone(UTC).replace(second=0, microsecond=0)
        self.today = self.now.astimezone(zone).date()
        self.free_starts = free_starts
        self.answers = answers
        self.when = When(self.today)
        self.day = self._day([piece for piece in pieces if piece.kind == "date"], read_day)
        """The day that was written or chosen, None when there is none."""
        self.seconds = self._length(pieces)
        self.places = _places(pieces)

    def run(self) -> When:
        """Return the time, with every question there is."""
        when = self.when
        when.day = self.day or self.today
        when.seconds = self.seconds
        start, end = _instant(self.answers.get("start")), _instant(self.answers.get("end"))
        if len(self.places) > 1 and start is None:
            when.ask("start", [self._instant_answer(found) for place in self.places for found in self._starts(place)])
        elif start is not None:
            self._from(start, end)
        elif self.places:
            self._placed(self.places[0], end)
        elif self.day is not None and self.day != self.today:
            when.ask("start", [self._instant_answer(found) for found in self._day_starts()])
        elif self.seconds is not None:
            self._only_long()
        if when.seconds is None and not any(one.field in {"seconds", "end"} for one in when.unsure):
            when.ask("seconds", self._lengths())
        self._check()
        return when

    def _day(self, pieces: list[Piece], read_day: ReadDay) -> date | None:
        answered = _date(self.answers.get("date"))
        if answered is not None or not pieces:
            return answered
        readings = [read_day(piece.text) for piece in pieces]
        days = [day for reading in readings for day in reading.days if is_kept(day)]
        sure = all(reading.sure and reading.days for reading in readings) and len(set(days)) == 1
        if not sure or days[0] > self.today:
            offered = [*days, self.today] if len(set(days)) < 2 and days[:1] != [self.today] else days
            self.when.ask("date", [_day_answer(day) for day in offered])
        return days[0] if days else self.today

    def _length(self, pieces: Sequence[Piece]) -> int | None:
        """Return the seconds that are written or chosen. `1:30` is a length unless the line has another one."""
        answered = _whole(self.answers.get("seconds"))
        if answered is not None:
            return answered
        written = [piece.seconds for piece in pieces if piece.kind == "duration"]
        lengths = written or [piece.seconds for piece in pieces if piece.kind == "colon"]
        if len(set(lengths)) > 1:
            self.when.ask("seconds", [_length_answer(seconds) for seconds in lengths])
            return None
        if not written and lengths and lengths[0] >= _DOUBTFUL_LENGTH:
            self.when.ask("seconds", [_length_answer(lengths[0])])  # 21:00 may well be a time of day
        return lengths[0] if lengths else None

    def _only_long(self) -> None:
        """Only a length is known: today's work ends now. (Of another day's work the start is asked.)"""
        when, seconds = self.when, self.seconds or 0
        if seconds <= LONGEST_ENTRY_SECONDS:
            when.start, when.end = self.now - timedelta(seconds=seconds), self.now
            began = self._local_day(when.start)
            if self.day is not None and began != self.day and "date" not in self.answers:
                when.ask("date", [_day_answer(began)])
            when.day = began

    def _placed(self, place: "_Place", end: datetime | None) -> None:
        """There is a clock time: find the day it is on."""
        if self.day is None and (days := self._days_before_now(place)):
            self.when.ask("date", [_day_answer(day) for day in days])
        day = self.day or self.today
        if place.kind == "end":
            return self._until(place, day, self.day is not None)
        start = self._one("start", day, place.start)
        if start is None:
            return None
        return self._from(start, end, place, day)

    def _from(
        self, start: datetime, end: datetime | None, place: "_Place | None" = None, day: date | None = None
    ) -> None:
        """The start is known: the end follows from the range, or from the length."""
        when = self.when
        when.start, when.day = start, self._local_day(start)
        if place is None:  # the start was chosen among what the line says
            day = when.day
            place = next((one for one in self.places if one.span is not None and start in self._starts(one)), None)
        span = place.span if place else None
        if span is None or day is None:
            if self.seconds is not None and self.seconds <= LONGEST_ENTRY_SECONDS:
                when.end = start + timedelta(seconds=self.seconds)
            return
        if end is None and span.ends:
            offered = [found for minutes in span.ends for found in self._walls(day, minutes)]
            return when.ask("end", [self._instant_answer(found) for found in offered])
        when.end = end or self._one("end", day, span.end)
        if when.end is None:
            return
        length = int((when.end - start).total_seconds())
        if self.seconds is not None and self.seconds != length:
            if "seconds" in self.answers:
                when.end = start + timedelta(seconds=min(self.seconds, LONGEST_ENTRY_SECONDS))
            else:
                when.ask("seconds", [_length_answer(self.seconds), _length_answer(length)])
                when.seconds = None
            return
        when.seconds = length

    def _until(self, place: "_Place", day: date, day_is_given: bool) -> None:
        when = self.when
        end = self._one("end", day, place.start)
        if end is None:
            return
        when.end = end
        if self.seconds is None or self.seconds > LONGEST_ENTRY_SECONDS:
            return
        when.start = end - timedelta(seconds=self.seconds)
        when.day = self._local_day(when.start)
        if day_is_given and when.day != day:
            if "date" in self.answers:  # the day of an entry is the one it began on
                self._until_next_day(place, day)
            else:
                when.ask("date", [_day_answer(when.day), _day_answer(day)])

    def _until_next_day(self, place: "_Place", day: date) -> None:
        later = self._one("end", day + timedelta(days=1), place.start)
        if later is not None:
            start = later - timedelta(seconds=self.seconds or 0)
            if self._local_day(start) == day:
                self.when.start, self.when.end, self.when.day = start, later, day

    def _days_before_now(self, place: "_Place") -> list[date]:
        """Return yesterday and today when no day is written and the time of today is still to come."""
        walls = self._walls(self.today, place.start)
        if not walls or walls[0] <= self.now:
            return []
        return [self.today - timedelta(days=1), self.today]

    def _one(self, field_name: Field, day: date, minutes: int) -> datetime | None:
        """Return the instant of a wall time; ask when the clock shows it twice or never on that day."""
        answered = _instant(self.answers.get(field_name))
        if answered is not None:
            return answered
        walls = self._walls(day, minutes)
        if len(walls) > 1:
            self.when.ask(field_name, [self._instant_answer(found) for found in walls])
            return None
        return walls[0] if walls else None

    def _walls(self, day: date, minutes: int) -> list[datetime]:
        """Return the instants that a wall time may mean: one, or two around a change of the clock."""
        wall = datetime.combine(day + timedelta(days=minutes // DAY), time(minutes % DAY // 60, minutes % 60))
        both = {wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
        return sorted(both)

    def _starts(self, place: "_Place") -> list[datetime]:
        return self._walls(self.day or self.today, place.start)

    def _day_starts(self) -> list[datetime]:
        day = self.day or self.today
        return [*self.free_starts(day), *self._walls(day, _USUAL_START)]

    def _lengths(self) -> list[Candidate]:
        lengths = list(USUAL_SECONDS)
        if self.when.start is not None and self.when.end is None:
            until_now = int((self.now - self.when.start).total_seconds())
            if 0 < until_now <= LONGEST_ENTRY_SECONDS:
                lengths = [until_now, *lengths]
        return [_length_answer(seconds) for seconds in lengths]

    def _check(self) -> None:
        """Refuse what no answer can mend: a length of zero or over 24 hours."""
        when = self.when
        seconds = when.seconds
        if when.start is not None and when.end is not None:
            seconds = int((when.end - when.start).total_seconds())
        if seconds is None:
            return
        if seconds <= 0:
            when.fault = Fault(
                "seconds", "The entry would take no time: write how long it was, such as 45m or 9-10:30."
            )
        elif seconds > LONGEST_ENTRY_SECONDS:
            when.fault = Fault(
                "seconds", "One entry cannot be longer than 24 hours. Check the times, or log two entries."
            )

    def _local_day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def _instant_answer(self, instant: datetime) -> Candidate:
        local = instant.astimezone(self.zone)
        return Candidate(local.isoformat(), f"{local:%a %H:%M}" if local.fold == 0 else f"{local:%a %H:%M} (later)")


@dataclass(frozen=True)
class _Place:
    """A clock time of the line, in minutes after midnight: where the work begins or ends, or a whole range."""

    kind: str
    start: int
    span: Span | None = None


def _places(pieces: Sequence[Piece]) -> list[_Place]:
    """Return the different clock times; `21:00` is one when another word says how long."""
    found = [
        _Place(piece.kind, piece.span.start if piece.span else piece.minutes, piece.span)
        for piece in pieces
        if piece.kind in {"start", "end", "range"}
    ]
    if any(piece.kind == "duration" for piece in pieces):
        found += [
            _Place("start", piece.seconds // 60)
            for piece in pieces
            if piece.kind == "colon" and piece.seconds < DAY * 60
        ]
    return _joined(list(dict.fromkeys(found)))


def _joined(places: list[_Place]) -> list[_Place]:
    """Return a start and an end, written apart (`from 9 … until 10:30`), as the range that they are."""
    if [place.kind for place in places] != ["start", "end"]:
        return places
    start, end = places[0].start, places[1].start
    return [_Place("range", start, Span(start, end if end > start else end + DAY))]


def _day_answer(day: date) -> Candidate:
    return Candidate(day.isoformat(), f"{day:%a} {day.day} {day:%b %Y}")


def _length_answer(seconds: int) -> Candidate:
    return Candidate(str(seconds), f"{hours_minutes(seconds)} h")


def _date(text: str | None) -> date | None:
    with suppress(ValueError):
        return kept_day(text or "")
    return None


def _instant(text: str | None) -> datetime | None:
    with suppress(ValueError):
        instant = datetime.fromisoformat(text or "")
        if instant.tzinfo is not None and FIRST_DAY.year < instant.year < LAST_DAY.year:
            return instant.astimezone(UTC)
    return None


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 8 else None
