"""The rate card: what an hour of work is charged at, by client, activity and member, from a day on.

A rate is frozen onto an entry when it is logged, so a change of the card touches no entry that is there already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from agency_app.services.actor import Actor, acting, record
from agency_app.services.change_agreement import MAY_CHANGE
from agency_app.services.in_kept_days import in_kept_days
from agency_app.services.refusal import NotFound, Refused, Stale
from agency_app.services.start_client import HIGHEST_AMOUNT
from agency_app.store import clients, people
from agency_app.store.engine import reading
from agency_app.tables import Rate
from agency_app.tables.base import now

MOST_RATES = 2_000


@dataclass(frozen=True)
class RateOf:
    """What a rate is for: ids, None for every client, activity or member."""

    client_id: str | None
    activity_id: str | None
    member_id: str | None


@dataclass(frozen=True)
class RatesRead:
    """The rate card, the most specific rows last, and what a row may name: (id, name), for clients the currency too.

    `standard` is what holds where no row does. Rates are in 1/10000 of the client's currency unit per hour, those of
    every client in the workspace's.
    """

    today: date
    currency: str
    standard: int
    rates: list[Rate]
    clients: list[tuple[str, str, str]]
    activities: list[tuple[str, str]]
    members: list[tuple[str, str]]
    may_change: bool


def read_rates(actor: Actor) -> RatesRead:
    """Return the rate card."""
    with reading() as session:
        workspace = people.workspace(session, actor.workspace_id)
        known = {one.id: one for one in clients.every_client(session, workspace.id)}
        activities = {one.id: one.name for one in clients.every_activity(session, workspace.id)}
        members = {one.id: one.name for one in people.members(session, workspace.id)}

        def place(row: Rate) -> tuple[str, str, str, int]:
            named = known[row.client_id].name if row.client_id else ""
            activity = activities.get(row.activity_id or "", "")
            return named, activity, members.get(row.member_id or "", ""), -row.starts_on.toordinal()

        return RatesRead(
            now().astimezone(ZoneInfo(workspace.zone)).date(),
            workspace.currency,
            workspace.default_rate,
            sorted(clients.rates(session, workspace.id), key=place),
            [(one.id, one.name, one.currency) for one in known.values() if not one.internal],
            list(activities.items()),
            list(members.items()),
            actor.role in MAY_CHANGE,
        )


def add_rate(actor: Actor, of: RateOf, starts_on: date, rate: int) -> Rate:
    """Add a row to the rate card. Raises NotAllowed by role, NotFound for what is not in the workspace, Refused for a
    day or an amount without sense, and when that rate is set from that day already. Nothing changes then."""
    in_kept_days(starts_on, "starts_on", "a first day")
    _refuse_senseless(rate)
    with acting(actor, *MAY_CHANGE) as session:
        known = clients.rates(session, actor.workspace_id)
        _refuse_strangers(of, [one.id for one in clients.every_client(session, actor.workspace_id)], "client")
        _refuse_strangers(of, [one.id for one in clients.every_activity(session, actor.workspace_id)], "activity")
        _refuse_strangers(of, [one.id for one in people.members(session, actor.workspace_id)], "member")
        if any(_of(row) == of and row.starts_on == starts_on for row in known):
            raise Refused("This rate is set from that day already: change it in the list.", "starts_on")
        if len(known) >= MOST_RATES:
            raise Refused(f"The rate card holds at most {MOST_RATES} rates.", "rate")
        row = Rate(workspace_id=actor.workspace_id, starts_on=starts_on, rate=rate, **vars(of))
        session.add(row)
        session.flush()
        record(session, actor, "add_rate", row.id, after=row)
        return row


def change_rate(actor: Actor, rate_id: str, seen: int, rate: int) -> Rate:
    """Change what a row says; `seen` is what it said when the actor looked. Raises as `add_rate` does, and Stale when
    somebody changed or removed it since."""
    _refuse_senseless(rate)
    with acting(actor, *MAY_CHANGE) as session:
        row = _seen(clients.rates(session, actor.workspace_id), rate_id, seen)
        before = row.model_copy()
        row.rate = rate
        session.add(row)
        record(session, actor, "change_rate", row.id, before=before, after=row)
        return row


def remove_rate(actor: Actor, rate_id: str, seen: int) -> Rate:
    """Take a row off the rate card and return it as it was. Raises as `change_rate` does."""
    with acting(actor, *MAY_CHANGE) as session:
        row = _seen(clients.rates(session, actor.workspace_id), rate_id, seen)
        gone = row.model_copy()
        session.delete(row)
        record(session, actor, "remove_rate", rate_id, before=gone)
        return gone


def _of(row: Rate) -> RateOf:
    return RateOf(row.client_id, row.activity_id, row.member_id)


def _refuse_senseless(rate: int) -> None:
    if not 0 <= rate <= HIGHEST_AMOUNT:
        raise Refused(f"An hour is charged at 0 to {HIGHEST_AMOUNT // 10_000}.", "rate")


def _refuse_strangers(of: RateOf, known: Sequence[str], what: str) -> None:
    chosen = getattr(of, f"{what}_id")
    if chosen is not None and chosen not in known:
        raise NotFound(f"That {what} is not in this workspace.", what)


def _seen(rows: Sequence[Rate], rate_id: str, seen: int) -> Rate:
    row = next((one for one in rows if one.id == rate_id), None)
    if row is None or row.rate != seen:
        raise Stale("Somebody changed this rate meanwhile. It is shown as it is now; try again if still needed.")
    return row
