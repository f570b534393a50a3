"""What the text of a date means, seen from today: dateutil does the calendar, the vocabulary brings the words.

The grammar has decided already that the text is a date. dateutil reads leniently (it swaps a day and a month that do
not fit, and fills in what is missing), so its answer counts only when it holds the very numbers that were written.
"""

import re
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from typing import ClassVar

from dateutil.parser import isoparser, parser, parserinfo
from dateutil.relativedelta import relativedelta
from dateutil.relativedelta import weekday as nth_weekday

from agency_app.domain.quick_line import Days, Vocabulary

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS_BACK = 8
"""How far the last 29 February may be away."""


def read_day(text: str, today: date, vocabulary: Vocabulary) -> Days:
    """Return the days that a text may mean: "yesterday", "fri", "last fri", "2026-11-17", "17/11", "17 nov 2025".

    A weekday is the last one; on that weekday itself it may be today or a week ago, so it is not sure. A day without a
    year is this year's; if that is still to come it is not sure. No days at all when the calendar has no such day.
    """
    for word, distance in vocabulary.days:
        if text == word:
            return Days((today + relativedelta(days=distance),))
    weekday = _weekday(text, vocabulary)
    if weekday is not None:
        return _last(weekday, today, text.split()[0] in vocabulary.last and " " in text)
    if _ISO.fullmatch(text):
        with suppress(ValueError):
            return Days((isoparser().parse_isodate(text),))
        return Days((), sure=False)
    return _written(text, today, vocabulary)


def _weekday(text: str, vocabulary: Vocabulary) -> int | None:
    name = text.split()[-1]
    return next((number for number, words in enumerate(vocabulary.weekdays) if name in words), None)


def _last(weekday: int, today: date, before_today: bool) -> Days:
    latest = today + relativedelta(weekday=nth_weekday(weekday, -1))
    if latest != today:
        return Days((latest,))
    week_ago = today + relativedelta(weeks=-1)
    return Days((week_ago,)) if before_today else Days((today, week_ago), sure=False)


def _written(text: str, today: date, vocabulary: Vocabulary) -> Days:
    """Return the day of a date in figures, or in figures and the name of a month."""
    has_year = len(re.findall(r"\d+", text)) == (2 if _names_month(text, vocabulary) else 3)
    if has_year:
        day = _exactly(text, today, vocabulary)
        return Days((day,)) if day else Days(_bent(text, today, vocabulary), sure=False)
    to_come: list[date] = []
    for year in range(today.year, today.year - _YEARS_BACK, -1):
        day = _exactly(f"{text}{'/' if '/' in text else ' '}{year}", today, vocabulary)
        if day is not None and day <= today:
            return Days((*to_come, day), sure=not to_come)
        to_come += [day] if day is not None else []
    return Days(tuple(to_come) or _bent(text, today, vocabulary), sure=False)


def _exactly(text: str, today: date, vocabulary: Vocabulary) -> date | None:
    """Return the date that dateutil reads; None when it cannot, or had to bend a figure to make one."""
    day = next(iter(_bent(text, today, vocabulary)), None)
    if day is None:
        return None
    figures = [int(figure) for figure in re.findall(r"\d+", text)]
    if _names_month(text, vocabulary):
        return day if figures[0] == day.day else None
    in_order = [day.day, day.month] if vocabulary.day_first else [day.month, day.day]
    return day if figures[:2] == in_order else None


def _bent(text: str, today: date, vocabulary: Vocabulary) -> tuple[date, ...]:
    """Return what dateutil makes of a text, none at all or a date: by itself good for a question, not for an answer."""
    try:
        return (parser(_info(vocabulary)).parse(text, default=datetime(today.year, 1, 1)).date(),)
    except (ValueError, OverflowError):
        return ()


def _names_month(text: str, vocabulary: Vocabulary) -> bool:
    words = set(re.findall(r"[^\W\d_]+", text))
    return any(words & set(names) for names in vocabulary.months)


@lru_cache(maxsize=8)
def _info(vocabulary: Vocabulary) -> parserinfo:
    """Return dateutil's own vocabulary with the words of ours."""

    class Words(parserinfo):
        JUMP: ClassVar[list] = [" ", ".", ",", "/", "-", *vocabulary.ordinals]
        WEEKDAYS: ClassVar[list] = list(vocabulary.weekdays)
        MONTHS: ClassVar[list] = list(vocabulary.months)

    return Words(dayfirst=vocabulary.day_first)
