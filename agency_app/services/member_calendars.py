"""The calendars of members, read for whatever counts with them: targets, gaps, forecasts, alerts, reports."""

from collections import defaultdict
from collections.abc import Sequence

from sqlmodel import Session

from agency_app.domain.calendar import MemberCalendar, TimeOff, WeekHours
from agency_app.store import calendars, people
from agency_app.tables import DayOff, TargetWeek


def calendars_of(
    session: Session, workspace_id: str, member_ids: Sequence[str] | None = None
) -> dict[str, MemberCalendar]:
    """Return the calendar of each of some members (all when None), also of those without any target, in few queries."""
    if member_ids is None:
        member_ids = [member.id for member in people.members(session, workspace_id)]
    weeks: dict[str, list[WeekHours]] = defaultdict(list)
    for row in calendars.target_weeks(session, workspace_id, member_ids):
        weeks[row.member_id].append(week_hours(row))
    off: dict[str | None, list[TimeOff]] = defaultdict(list)
    for row in calendars.days_off(session, workspace_id, member_ids):
        off[row.member_id].append(time_off(row))
    return {one: MemberCalendar(tuple(weeks[one]), (*off[None], *off[one])) for one in member_ids}


def week_hours(row: TargetWeek) -> WeekHours:
    """Return a stored week as the domain counts with it."""
    days = row.monday, row.tuesday, row.wednesday, row.thursday, row.friday, row.saturday, row.sunday
    return WeekHours(row.starts_on, days)


def time_off(row: DayOff) -> TimeOff:
    """Return stored days off as the domain counts with them."""
    return TimeOff(row.first_on, row.last_on, row.half)
