"""How much of a usual working day those who do a retainer's work are there, by day: what its forecast counts with.

Each member's part is the share of the recent time they logged on the retainer; each one's days are their own calendar's.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session

from agency_app.domain.calendar import MemberCalendar, working_share
from agency_app.domain.retainer import Capacity
from agency_app.services.member_calendars import calendars_of
from agency_app.store import work

RECENT_DAYS = 28
_ONE = timedelta(days=1)


class TeamCapacity:
    """Answers for some retainers as of a day, read in four queries however many there are."""

    def __init__(self, session: Session, workspace_id: str, retainer_ids: Sequence[str], day: date) -> None:
        since = day - timedelta(days=RECENT_DAYS)
        self._parts: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for retainer_id, member_id, seconds in work.used_by_member(session, workspace_id, retainer_ids, since, day):
            self._parts[retainer_id].append((member_id, seconds))
        members = sorted({member_id for parts in self._parts.values() for member_id, _ in parts})
        self._calendars = calendars_of(session, workspace_id, members) if members else {}
        self._known: dict[tuple[str, date], int] = {}

    def of(self, retainer_id: str, first: date, last: date) -> Capacity | None:
        """Return the capacity of a retainer's team from first to last; None when nothing sets it apart from Monday to
        Friday: nobody worked on it lately, or those who did have no calendar."""
        parts = self._parts.get(retainer_id, [])
        if not any(self._calendars[member_id] != MemberCalendar() for member_id, _ in parts):
            return None
        whole = sum(seconds for _, seconds in parts)
        days = (first + place * _ONE for place in range((last - first).days + 1))
        return {
            day: sum(seconds * self._share(member_id, day) for member_id, seconds in parts) // whole for day in days
        }

    def _share(self, member_id: str, day: date) -> int:
        if (member_id, day) not in self._known:
            self._known[member_id, day] = working_share(self._calendars[member_id], day)
        return self._known[member_id, day]
