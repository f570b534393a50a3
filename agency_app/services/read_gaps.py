"""Read what of a week is unaccounted for, member by member. Nothing here writes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from agency_app.domain.gaps import DayAccount, accounts_of, gap_of
from agency_app.services.actor import Actor
from agency_app.services.member_calendars import calendars_of
from agency_app.services.weeks import week_of
from agency_app.store import people, work
from agency_app.store.engine import reading
from agency_app.tables.base import now

MAY_SEE_EVERYBODY = ("owner", "lead")


@dataclass(frozen=True)
class MemberWeek:
    """A member's seven days; `gap` in seconds."""

    member_id: str
    name: str
    days: tuple[DayAccount, ...]

    @property
    def gap(self) -> int:
        """The seconds of the week that are unaccounted for."""
        return gap_of(self.days)

    @property
    def target(self) -> int:
        """The seconds the member means to work in the week."""
        return sum(day.target for day in self.days)

    @property
    def logged(self) -> int:
        """The seconds logged in the week."""
        return sum(day.logged for day in self.days)


def read_gaps(actor: Actor, day: date) -> list[MemberWeek]:
    """Return the week that holds a day, for the actor, or for every active member where the actor may see them."""
    with reading() as session:
        first = week_of(session, actor.workspace_id, day)
        last = first + timedelta(days=6)
        everybody = [one for one in people.members(session, actor.workspace_id) if one.active]
        seen = [one for one in everybody if actor.role in MAY_SEE_EVERYBODY or one.id == actor.member_id]
        calendars = calendars_of(session, actor.workspace_id, [one.id for one in seen])
        logged: dict[str, dict[date, int]] = defaultdict(dict)
        for member_id, work_date, seconds in work.logged_by_day(
            session, actor.workspace_id, list(calendars), first, last
        ):
            logged[member_id][work_date] = seconds
        return [
            MemberWeek(
                one.id,
                one.name,
                accounts_of(
                    calendars[one.id], logged[one.id], first, last, now().astimezone(ZoneInfo(one.zone)).date()
                ),
            )
            for one in seen
        ]
