"""Fill the working days of the demonstration agency: pure, and the same for the same day and random numbers."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from agency_app.services.demo.touches import (
    CALLS,
    IDA,
    JONAS,
    LATE,
    MARA,
    NORTHWIND,
    REPORTS,
    TOUCHES,
    Touch,
)

DAY_STARTS = {MARA: 9 * 60, JONAS: 9 * 60 + 30, IDA: 9 * 60}
LUNCH_STARTS, LUNCH_ENDS, DAY_ENDS = 12 * 60 + 30, 13 * 60 + 15, 17 * 60 + 45
EVENING_STARTS, TODAY_ENDS = 20 * 60, 12 * 60 + 30
HOLIDAYS = {(1, 1), (4, 27), (12, 25), (12, 26)}

Target = Callable[[float], int]
"""From the share of the month's working days that have passed to the minutes a client should have had by then."""


@dataclass(frozen=True)
class Session:
    """A touch of work on a day: minutes from local midnight, and minutes of length."""

    client: str
    touch: Touch
    day: date
    start: int
    minutes: int


@dataclass
class _Day:
    """A day's appointments: until when each member is busy, in minutes from midnight."""

    day: date
    ends: int
    busy: dict[str, int] = field(default_factory=lambda: dict(DAY_STARTS))


def working_days(month: date) -> list[date]:
    """Return the days of a month on which the agency works."""
    count = calendar.monthrange(month.year, month.month)[1]
    days = [month.replace(day=number) for number in range(1, count + 1)]
    return [day for day in days if day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS]


def month_of_work(month: date, today: date, targets: dict[str, Target], random: Random) -> list[Session]:
    """Return the sessions of a month up to today, in which each client gets what its target asks for.

    A past month meets its target to the minute; on today itself people have worked until half past twelve.
    """
    days = working_days(month)
    queues = {client: _shuffled(TOUCHES[client], random) for client in targets}
    had = dict.fromkeys(targets, 0)
    sessions: list[Session] = []
    for number, day in enumerate(days, start=1):
        if day > today:
            break
        share = (number - 0.4 if day == today else number) / len(days)
        appointments = _Day(day, TODAY_ENDS if day == today else DAY_ENDS)
        wanted: list[tuple[str, Touch]] = []
        for client, target in targets.items():
            owed = target(share) - had[client]
            wanted += [(client, touch) for touch in _due(client, day, owed, day == days[-1], queues[client], random)]
        random.shuffle(wanted)
        wanted.sort(key=lambda pair: pair[1] is LATE)  # the evening comes after the day
        for client, touch in wanted:
            session = _place(appointments, client, touch, random)
            if session is not None:
                sessions.append(session)
                had[client] += session.minutes
    return sessions


def _due(client: str, day: date, owed: int, closing: bool, queue: list[Touch], random: Random) -> list[Touch]:
    """Return the touches of a client on a day: what the calendar asks for, then the next ones while time is owed."""
    due = _regular(client, day)
    if client == NORTHWIND and day.weekday() == 1 and owed >= LATE.minutes and random.random() < 0.5:
        due.append(LATE)
    due = due if owed > -60 else []
    if closing:
        due = [touch for touch in due if touch.minutes <= owed]
    owed -= sum(touch.minutes for touch in due)
    while queue[0].minutes <= owed:
        due.append(_next(client, queue, random))
        owed -= due[-1].minutes
    if closing and owed > 0:
        due.append(replace(_next(client, queue, random), minutes=owed))
    return due


def _regular(client: str, day: date) -> list[Touch]:
    touches = []
    if day.weekday() == 0:
        touches.append(REPORTS[client])
    weekday, call = CALLS[client]
    if day.weekday() == weekday and day.isocalendar().week % 2 == 0:
        touches.append(call)
    return touches


def _next(client: str, queue: list[Touch], random: Random) -> Touch:
    touch = queue.pop(0)
    if not queue:
        queue += _shuffled(TOUCHES[client], random)
        if queue[0] is touch:  # nobody does the same thing twice in a row
            queue.append(queue.pop(0))
    return touch


def _shuffled(touches: tuple[Touch, ...], random: Random) -> list[Touch]:
    return random.sample(touches, len(touches))


def _place(day: _Day, client: str, touch: Touch, random: Random) -> Session | None:
    """Give a touch to its member, else to a colleague, else to the member's evening; None when the day is full."""
    worded = _worded(touch, day.day, random)
    if touch is LATE:
        return _evening(day, client, worded) if day.ends == DAY_ENDS else None
    for member in (
        touch.member,
        *(name for name in DAY_STARTS if name != touch.member),
    ):
        start = day.busy[member]
        if start < LUNCH_ENDS and start + touch.minutes > LUNCH_STARTS:
            start = LUNCH_ENDS
        if start + touch.minutes <= day.ends:
            pause = random.choice((0, 0, 15))
            day.busy[member] = start + touch.minutes + pause
            return Session(client, replace(worded, member=member), day.day, start, touch.minutes)
    return _evening(day, client, worded) if day.ends == DAY_ENDS else None


def _evening(day: _Day, client: str, touch: Touch) -> Session | None:
    start = max(day.busy[touch.member], EVENING_STARTS)
    if start + touch.minutes > 23 * 60:
        return None
    day.busy[touch.member] = start + touch.minutes
    return Session(client, touch, day.day, start, touch.minutes)


def _worded(touch: Touch, day: date, random: Random) -> Touch:
    words = {
        "percent": random.choice((10, 15, 20, 25)),
        "days": random.choice((7, 14, 21)),
        "count": random.choice((3, 4, 6, 8, 12)),
        "month": f"{day:%B}",
        "week": (day - timedelta(days=7)).isocalendar().week,
    }
    return replace(touch, title=touch.title.format(**words), note=touch.note.format(**words))
