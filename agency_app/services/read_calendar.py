"""Read when a member works, for the page that changes it. Nothing here writes."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from agency_app.domain.calendar import MemberCalendar, target_between
from agency_app.services.actor import Actor
from agency_app.services.change_calendar import MAY_CHANGE_EVERYBODY, change_count
from agency_app.services.member_calendars import calendars_of
from agency_app.store import calendars, people
from agency_app.store.engine import reading
from agency_app.tables import DayOff, Member, TargetWeek
from agency_app.tables.base import now


@dataclass(frozen=True)
class CalendarRead:
    """A member's weeks and days off (those of everybody have no member), newest first, and who may be looked at."""

    today: date
    member: Member
    members: list[Member]
    weeks: list[TargetWeek]
    days_off: list[DayOff]
    calendar: MemberCalendar
    seen: int
    may_change_everybody: bool
    first_weekday: int
    """The day that weeks of the workspace begin with, as `date.weekday` counts it."""


def read_calendar(actor: Actor, member_id: str = "") -> CalendarRead:
    """Return the calendar of a member; of the actor for an empty or unknown id, and for who may not see others'."""
    with reading() as session:
        may = actor.role in MAY_CHANGE_EVERYBODY
        everybody = [one for one in people.members(session, actor.workspace_id) if one.active]
        members = everybody if may else [one for one in everybody if one.id == actor.member_id]
        own = next(one for one in everybody if one.id == actor.member_id)
        member = next((one for one in members if one.id == member_id), own)
        weeks = calendars.target_weeks(session, actor.workspace_id, [member.id])
        return CalendarRead(
            now().astimezone(ZoneInfo(member.zone)).date(),
            member,
            members,
            weeks[::-1],
            calendars.days_off(session, actor.workspace_id, [member.id])[::-1],
            calendars_of(session, actor.workspace_id, [member.id])[member.id],
            change_count(weeks),
            may,
            people.workspace(session, actor.workspace_id).first_weekday,
        )


def target_of(read: CalendarRead, first: date, last: date) -> int:
    """Return the seconds the member of a page means to work from first to last."""
    return target_between(read.calendar, first, last)
