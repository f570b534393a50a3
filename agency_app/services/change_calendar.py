"""Change when a member works: the target hours of a week from a day on, and days off.

A member changes their own calendar; owners and leads change everybody's, and the days on which nobody works.
"""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from agency_app.domain.durations import DurationError, parse_duration
from agency_app.services.actor import Actor, acting, record
from agency_app.services.in_kept_days import in_kept_days
from agency_app.services.refusal import FieldsRefused, NotAllowed, NotFound, Refused, Stale
from agency_app.services.typed_text import typed_line
from agency_app.store import calendars, people
from agency_app.tables import DayOff, TargetWeek

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MAY_CHANGE_EVERYBODY = ("owner", "lead")
LONGEST_TIME_OFF_DAYS = 366


def set_target_week(actor: Actor, member_id: str, starts_on: date, seconds: tuple[int, ...], seen: int) -> TargetWeek:
    """Set the seconds a member means to work from Monday to Sunday, from a day on; days before keep theirs.

    `seen` is the number of changes of this member's targets that the actor has seen (`change_count`). Raises NotAllowed
    for another member's by role, NotFound for an unknown member, Stale when somebody changed the targets since, and
    Refused for a day without sense. Nothing changes then.
    """
    in_kept_days(starts_on, "starts_on")
    if len(seconds) != len(WEEKDAYS) or not all(0 <= one <= 86_400 for one in seconds):
        raise Refused("A day has from 0 to 24 hours.", "monday")
    with acting(actor) as session:
        _allowed(session, actor, member_id)
        weeks = calendars.target_weeks(session, actor.workspace_id, [member_id])
        if change_count(weeks) != seen:
            raise Stale("Somebody changed these hours meanwhile. They are shown as they are now; save yours again.")
        row = next((week for week in weeks if week.starts_on == starts_on), None)
        before = row.model_copy() if row else None
        if row is None:
            row = TargetWeek(workspace_id=actor.workspace_id, member_id=member_id, starts_on=starts_on)
        else:
            row.version += 1
        for weekday, one in zip(WEEKDAYS, seconds, strict=True):
            setattr(row, weekday, one)
        session.add(row)
        session.flush()
        record(session, actor, "set_target_week", row.id, before=before, after=row)
        return row


def change_count(weeks: list[TargetWeek]) -> int:
    """Return how often the targets of a member were set."""
    return sum(week.version for week in weeks)


def add_days_off(
    actor: Actor, member_id: str | None, first: date, last: date, name: str = "", *, half: bool = False
) -> DayOff:
    """Add days off of a member, or (None) of everybody.

    Raises NotAllowed by role, NotFound for an unknown member, and Refused naming the field: the wrong way round, over
    a year long, or on a day that is off already.
    """
    in_kept_days(first, "first")
    in_kept_days(last, "last")
    if last < first:
        raise Refused("The last day comes before the first.", "last")
    if (last - first).days >= LONGEST_TIME_OFF_DAYS:
        raise Refused(f"At most {LONGEST_TIME_OFF_DAYS} days at once.", "last")
    called = typed_line(name, "name")
    with acting(actor) as session:
        _allowed(session, actor, member_id)
        for other in calendars.days_off(session, actor.workspace_id, [member_id] if member_id else []):
            if other.member_id == member_id and other.first_on <= last and first <= other.last_on:
                raise Refused(f"{_span(other.first_on, other.last_on)} is off already.", "first")
        row = DayOff(
            workspace_id=actor.workspace_id, member_id=member_id, first_on=first, last_on=last, half=half, name=called
        )
        session.add(row)
        session.flush()
        record(session, actor, "add_days_off", row.id, before=None, after=row)
        return row


def remove_days_off(actor: Actor, day_off_id: str) -> DayOff:
    """Take days off away again and return what they were. Raises NotFound when they are gone, NotAllowed by role."""
    with acting(actor) as session:
        row = calendars.day_off(session, actor.workspace_id, day_off_id)
        if row is None:
            raise NotFound("Those days off are gone already.")
        _allowed(session, actor, row.member_id)
        before = row.model_copy()
        session.delete(row)
        session.flush()
        record(session, actor, "remove_days_off", day_off_id, before=before, after=None)
        return before


def typed_hours(typed: Mapping[str, str]) -> tuple[int, ...]:
    """Return the seconds of Monday to Sunday as people type hours: 8, 7:30, 7.5; nothing typed is 0.

    Raises FieldsRefused with what to do by weekday.
    """
    seconds: dict[str, int] = {}
    errors: dict[str, str] = {}
    for weekday in WEEKDAYS:
        text = typed.get(weekday, "").strip()
        try:
            seconds[weekday] = 0 if not text.strip("0:., h") else parse_duration(text)
        except DurationError as error:
            errors[weekday] = str(error)
    if errors:
        raise FieldsRefused(errors)
    return tuple(seconds[one] for one in WEEKDAYS)


def _allowed(session: Session, actor: Actor, member_id: str | None) -> None:
    role = next((one.role for one in people.members(session, actor.workspace_id) if one.id == actor.member_id), "")
    if member_id != actor.member_id and role not in MAY_CHANGE_EVERYBODY:
        raise NotAllowed("Only an owner or a lead may change when others work.")
    if member_id is not None and all(one.id != member_id for one in people.members(session, actor.workspace_id)):
        raise NotFound("That member is not in this workspace.", "member")


def _span(first: date, last: date) -> str:
    return f"{first:%d %b %Y}" if first == last else f"{first:%d %b} to {last:%d %b %Y}"
