"""The whole rate card in memory: the rule of `agreement.rate_for` for thousands of entries at once."""

from collections.abc import Iterable
from datetime import date

from agency_app.services.agreement import FrozenRate
from agency_app.tables import Rate


class RateCard:
    """Answers "which rate, and why?" from rows read once; each distinct question is worked out once."""

    def __init__(self, rows: Iterable[Rate], default_rate: int) -> None:
        """Take all rows of a workspace and its standard rate, in 1/10000 of the currency unit per hour."""
        self._rows = list(rows)
        self._standard = FrozenRate(default_rate, "workspace's standard rate")
        self._candidates: dict[tuple[str, str, str], list[Rate]] = {}
        self._known: dict[tuple[str, str, str, date], FrozenRate] = {}

    def rate(self, client_id: str, activity_id: str, member_id: str, day: date) -> FrozenRate:
        """Return the most specific rate valid on the day: client, then activity, then member, the latest first."""
        question = client_id, activity_id, member_id, day
        if question not in self._known:
            self._known[question] = self._resolve(client_id, activity_id, member_id, day)
        return self._known[question]

    def _resolve(self, client_id: str, activity_id: str, member_id: str, day: date) -> FrozenRate:
        who = client_id, activity_id, member_id
        if who not in self._candidates:
            matching = [
                row
                for row in self._rows
                if row.client_id in {None, client_id}
                and row.activity_id in {None, activity_id}
                and row.member_id in {None, member_id}
            ]
            self._candidates[who] = sorted(matching, key=_precedence, reverse=True)
        best = next((row for row in self._candidates[who] if row.starts_on <= day), None)
        if best is None:
            return self._standard
        named = [
            word
            for word, given in (
                ("client", best.client_id),
                ("activity", best.activity_id),
                ("member", best.member_id),
            )
            if given
        ]
        return FrozenRate(
            best.rate,
            f"{' and '.join(named) or 'workspace'} rate since {best.starts_on:%d %b %Y}",
        )


def _precedence(row: Rate) -> tuple[bool, bool, bool, date]:
    return (
        bool(row.client_id),
        bool(row.activity_id),
        bool(row.member_id),
        row.starts_on,
    )
