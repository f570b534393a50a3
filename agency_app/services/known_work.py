"""From which day on the work of a retainer's first period is known: one that was set up within it says nothing of the
days before, unless their work is logged."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain import retainer as arithmetic
from agency_app.domain.retainer import Period, working_days
from agency_app.store import alerts, people
from agency_app.tables import Retainer


class KnownWork:
    """Answers for some retainers as of a day, read in one query, and in none where all of them began long ago or log from
    the start."""

    def __init__(self, session: Session, workspace_id: str, client_of: Mapping[str, str], day: date) -> None:
        self._session, self._workspace_id, self._client_of, self._day = session, workspace_id, client_of, day

    def since(self, retainer: Retainer, period: Period, daily: Sequence[tuple[date, int]]) -> date | None:
        """Return the day from which the work of the period is known. None when that is its first day, when the period is
        not the first, and when it is over: then its work is what was logged."""
        runs = max(period.first, retainer.starts_on) <= self._day <= period.last
        if not runs or retainer.starts_on < period.first or not self._is_quiet_at_first(period, daily):
            return None
        set_up_on = self._set_up.get(retainer.id)
        return arithmetic.known_since(period.first, period.last, set_up_on, daily) if set_up_on else None

    def _is_quiet_at_first(self, period: Period, daily: Sequence[tuple[date, int]]) -> bool:
        first_logged = next((day for day, used in daily if used), self._day)
        return any(day < first_logged for day in working_days(period.first, period.last))

    @cached_property
    def _set_up(self) -> dict[str, date]:
        zone = ZoneInfo(people.workspace(self._session, self._workspace_id).zone)
        found = alerts.set_up_at(self._session, self._workspace_id, self._client_of)
        return {retainer_id: at.astimezone(zone).date() for retainer_id, at in found.items()}
