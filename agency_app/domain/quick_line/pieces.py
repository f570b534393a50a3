"""Find durations, clock times, ranges, dates and tags in a line: what has a form of its own, whatever the names are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from agency_app.domain.money import round_half_up
from agency_app.domain.quick_line.vocabulary import Vocabulary, Words
from agency_app.domain.tags import tag_of

DAY = 24 * 60

_Kind = Literal["duration", "colon", "start", "end", "range", "date", "tag"]
_CLOSED = r"(?=[,.;:!?)\]\"']*(?:\s|$))"
_OPENING = "([\"'"


@dataclass(frozen=True)
class Span:
    """Two clock times in minutes after midnight; beyond 1440 the end is on the next day.

    `ends` are other ends that are just as possible; the line is to be asked about.
    """

    start: int
    end: int
    ends: tuple[int, ...] = ()


@dataclass(frozen=True)
class Piece:
    """Words first up to but not including last, and what they say.

    duration: seconds · colon: seconds, of a text that could be a clock time (`1:30`) · start, end: minutes after
    midnight · range: a Span · date: the text that names the day · tag: the tag.
    """

    kind: _Kind
    first: int
    last: int
    seconds: int = 0
    minutes: int = 0
    span: Span | None = None
    text: str = ""


@dataclass(frozen=True)
class _Clock:
    hour: int
    minute: int
    half: Literal["", "am", "pm"]
    padded: bool
    """Written with a leading zero, as only a 24-hour clock is."""
    colon: bool

    @property
    def minutes(self) -> int:
        hour = self.hour % 12 + (12 if self.half == "pm" else 0) if self.half else self.hour
        return hour * 60 + self.minute

    @property
    def twelve(self) -> bool:
        """Whether it could be meant on a 12-hour clock."""
        return not self.half and not self.padded and 1 <= self.hour <= 12


@dataclass(frozen=True)
class _Patterns:
    date: re.Pattern[str]
    range: re.Pattern[str]
    clock: re.Pattern[str]
    durations: tuple[re.Pattern[str], ...]
    """What has more parts first."""
    colon: re.Pattern[str]


def words_of(text: str) -> list[re.Match[str]]:
    """Return the words of a line: whatever stands between spaces."""
    return list(re.finditer(r"\S+", text))


def find_pieces(text: str, words: list[re.Match[str]], free: list[bool], vocabulary: Vocabulary) -> list[Piece]:
    """Return the pieces among the words that are free, from left to right, never overlapping."""
    found: list[Piece] = []
    position = 0
    while position < len(words):
        piece = _piece_at(text, words, position, vocabulary) if free[position] else None
        if piece is None or not all(free[piece.first : piece.last]):
            position += 1
            continue
        found.append(piece)
        position = piece.last
    return found


def _piece_at(text: str, words: list[re.Match[str]], first: int, vocabulary: Vocabulary) -> Piece | None:
    word = words[first].group()
    if word.startswith("#") and (tag := tag_of(word[1:])):
        return Piece("tag", first, first + 1, text=tag)
    begin = words[first].start() + (len(word) - len(word.lstrip(_OPENING)))
    for kind, end, values in _matches(text, begin, vocabulary):
        last = next((at for at in range(first, len(words)) if words[at].end() >= end), len(words) - 1) + 1
        return Piece(kind, first, last, **values)
    return None


def _matches(text: str, begin: int, vocabulary: Vocabulary) -> Iterator[tuple[_Kind, int, dict[str, Any]]]:
    """Yield (kind, end, values) of what begins at a place, what is longer or more telling first."""
    patterns = _patterns(vocabulary)
    if match := patterns.date.match(text, begin):
        yield "date", match.end(), {"text": " ".join(match["day"].lower().split())}
    if (match := patterns.range.match(text, begin)) and (span := _span(match, vocabulary)):
        yield "range", match.end(), {"span": span}
    for pattern in patterns.durations:
        if match := pattern.match(text, begin):
            parts = match.groupdict()
            seconds = _hours(parts.get("hours") or "0") + int(parts.get("minutes") or 0) * 60
            yield "duration", match.end(), {"seconds": seconds}
    if (match := patterns.clock.match(text, begin)) and (clock := _clock(match, "", vocabulary)):
        marker = (match["marker"] or "").strip().lower()
        ends = marker in vocabulary.ends
        minutes = clock.minutes or (DAY if ends else 0)
        if (marker or clock.half or (clock.padded and clock.colon)) and (ends or minutes < DAY):
            yield "end" if ends else "start", match.end(), {"minutes": minutes}
    if (match := patterns.colon.match(text, begin)) and int(match["minute"]) < 60:
        yield "colon", match.end(), {"seconds": int(match["hour"]) * 3600 + int(match["minute"]) * 60}


def _hours(text: str) -> int:
    """Return the seconds of decimal hours, with a point or a comma; whether so many can be logged is asked later."""
    whole, _, fraction = text.replace(",", ".").partition(".")
    return round_half_up(int((whole or "0") + fraction) * 3600, 10 ** len(fraction))


def _clock(match: re.Match[str], which: str, vocabulary: Vocabulary) -> _Clock | None:
    """Return the clock time of a match, None when there is no such time."""
    digits = match["hour" + which]
    if not digits:
        return _Clock(12, 0, "", True, True)
    hour, minute = int(digits), int(match["minute" + which] or 0)
    said = (match["half" + which] or "").lower()
    half: Literal["", "am", "pm"] = "pm" if said in vocabulary.after_noon else "am" if said else ""
    if minute > 59 or hour * 60 + minute > DAY or (half and not 1 <= hour <= 12):
        return None
    colon = match["minute" + which] is not None
    return _Clock(hour, minute, half, len(digits) == 2 and digits[0] == "0", colon)


def _span(match: re.Match[str], vocabulary: Vocabulary) -> Span | None:
    """Return the range of two clock times, as the grammar in docs/logging.md says; None when it is no range."""
    first, second = _clock(match, "1", vocabulary), _clock(match, "2", vocabulary)
    if first is None or second is None or first.minutes >= DAY:
        return None
    telling = any(clock.colon or clock.half for clock in (first, second)) or match["from"]
    if match["spaced"] and not telling:
        return None  # "3 - 5 ads": two numbers
    start, end = first.minutes, second.minutes
    if second.half:
        end = end or DAY  # an end at 12am is the midnight after
        shared = _Clock(first.hour, first.minute, second.half, False, True).minutes if first.twelve else DAY
        start = shared if shared < end else start  # 9-11pm begins at 9pm, 9-5pm at 9 in the morning
        return Span(start, end if end > start else end + DAY)
    if first.half and second.twelve:
        turns = [end % 720 + half for half in (0, 720, 1440, 2160)]
        return Span(start, next(turn for turn in turns if turn > start))  # 9am-5 ends at the next five o'clock
    if end > start:
        return Span(start, end)
    if first.twelve and second.twelve:
        afternoon = [end % 720 + 720] if end % 720 + 720 > start else []
        return Span(start, end + DAY, (*afternoon, end + DAY))  # 9-5: an afternoon, or a night?
    if end == start:
        return Span(start, end)
    over_midnight = end + DAY
    doubtful = not (first.colon and second.colon) and over_midnight - start > DAY // 2
    return Span(start, over_midnight, (over_midnight,) if doubtful else ())


@lru_cache(maxsize=8)
def _patterns(vocabulary: Vocabulary) -> _Patterns:
    """Return the patterns of a language."""
    halves = _any(vocabulary.before_noon + vocabulary.after_noon)

    def clock(which: str) -> str:
        return (
            rf"(?:(?P<hour{which}>[0-9]{{1,2}})(?::(?P<minute{which}>[0-9]{{2}}))?"
            rf"(?:\s?(?P<half{which}>{halves})(?!\w))?|(?:{_any(vocabulary.noon)}))"
        )

    weekdays = _any(tuple(word for words in vocabulary.weekdays for word in words))
    months = _any(tuple(word for words in vocabulary.months for word in words))
    days = _any(tuple(word for word, _ in vocabulary.days))
    number = r"(?:0?[1-9]|[12][0-9]|3[01])"
    ordinal = rf"{number}(?:{_any(vocabulary.ordinals)})?"
    day = (
        rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
        rf"|{number}(?P<sign>[./-]){number}(?P=sign)[0-9]{{4}}"
        rf"|(?!24/7\b){number}/{number}(?:/[0-9]{{2}})?"  # 24/7 is all the time; the day is 24/07
        rf"|{ordinal}\s+(?:{months})\.?(?:\s+[0-9]{{4}})?"
        rf"|(?:{months})\.?\s+{ordinal}(?:,?\s+[0-9]{{4}})?"
        rf"|(?:(?:{_any(vocabulary.last)})\s+)?(?:{weekdays})|{days}"
    )
    joined = _any(vocabulary.between + vocabulary.ends)
    hours, minutes = rf"(?:{_any(vocabulary.hours)})", rf"(?:{_any(vocabulary.minutes)})"
    amount = r"(?P<hours>[0-9]{0,6}[.,][0-9]{1,6}|[0-9]{1,6})"
    durations = (
        rf"{amount}\s?{hours}\s?(?P<minutes>[0-9]{{1,2}})\s?{minutes}",
        rf"{amount}{hours}(?P<minutes>[0-9]{{1,2}})",
        rf"{amount}\s{hours}\s(?P<minutes>[0-9]{{2}})",
        rf"{amount}\s?{hours}",
        rf"(?P<minutes>[0-9]{{1,6}})\s?{minutes}",
    )

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern + _CLOSED, re.IGNORECASE)

    return _Patterns(
        date=compiled(rf"(?P<day>{day})"),
        range=compiled(
            rf"(?P<from>{_before(vocabulary.begins)})?{clock('1')}(?:[-–—]|(?P<spaced>\s+)(?:{joined})\s+){clock('2')}"
        ),
        clock=compiled(rf"(?P<marker>{_before(vocabulary.begins + vocabulary.ends)})?{clock('')}"),
        durations=tuple(compiled(duration) for duration in durations),
        colon=compiled(r"(?P<hour>[0-9]{1,3}):(?P<minute>[0-9]{2})"),
    )


def _any(words: Words) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _before(words: Words) -> str:
    """Return a pattern of words that stand before something; a sign such as @ may touch it."""
    return "|".join(rf"{re.escape(word)}\s{'+' if word[-1].isalpha() else '*'}" for word in words)
