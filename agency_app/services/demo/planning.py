"""When the people of the demonstration agency work, and what they cost. Every figure is invented."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from sqlmodel import SQLModel

from agency_app.services.change_calendar import WEEKDAYS
from agency_app.services.demo.touches import IDA, JONAS, MARA, SEM
from agency_app.tables import CostRate, DayOff, Member, TargetWeek

HOUR = 3600

TARGETS = {
    MARA: (3, 3, 3, 3, 0, 0, 0),
    JONAS: (4, 4, 4, 4, 4, 0, 0),
    IDA: (3, 3, 3, 3, 3, 0, 0),
}
"""Hours for clients, Monday to Sunday."""


COSTS = {MARA: (520_000, 540_000), JONAS: (430_000, 450_000), IDA: (360_000, 360_000), SEM: (400_000, 400_000)}
"""What an hour costs in 1/10000 of a euro: since the year before, and since the last of the three months."""


def cost_rows(
    members: Mapping[str, Member], first_month: date, this_month: date, new_id: Callable[[], str]
) -> list[SQLModel]:
    """Return the cost rates: those of the year before, and a raise for some."""
    return [
        CostRate(
            id=new_id(), workspace_id=members[name].workspace_id, member_id=members[name].id, starts_on=day, rate=rate
        )
        for name, (before, now) in COSTS.items()
        for day, rate in ((date(first_month.year - 1, 1, 1), before), (this_month, now))
        if day < this_month or now != before
    ]


def calendar_rows(
    members: Mapping[str, Member], first_month: date, today: date, new_id: Callable[[], str]
) -> list[SQLModel]:
    """Return the target weeks from the first month on, a holiday of everybody, and leave in the week to come."""
    rows: list[SQLModel] = [
        TargetWeek(
            id=new_id(),
            workspace_id=members[name].workspace_id,
            member_id=members[name].id,
            starts_on=first_month,
            **{weekday: value * HOUR for weekday, value in zip(WEEKDAYS, hours, strict=True)},
        )
        for name, hours in TARGETS.items()
    ]
    home = members[IDA].workspace_id
    monday = today + timedelta(days=7 - today.weekday())
    christmas = date(today.year, 12, 25)
    rows.append(
        DayOff(
            id=new_id(),
            workspace_id=home,
            member_id=members[IDA].id,
            first_on=monday + timedelta(days=3),
            last_on=monday + timedelta(days=4),
            name="Leave",
        )
    )
    rows.append(
        DayOff(
            id=new_id(),
            workspace_id=home,
            first_on=christmas,
            last_on=christmas + timedelta(days=1),
            name="Christmas",
        )
    )
    return rows
