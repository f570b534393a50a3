"""What the agreement says about a touch of work: its retainer, its period, its rate, and whether its day is locked."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from agency_app.domain import retainer as arithmetic
from agency_app.services.refusal import Locked, NotFound, Refused
from agency_app.store import clients, invoices, people, work
from agency_app.tables import Client, Retainer, RetainerPeriod, TimeEntry


@dataclass(frozen=True)
class FrozenRate:
    """A rate in 1/10000 an hour with the words that tell where it came from."""

    rate: int
    source: str


def retainer_for(session: Session, workspace_id: str, client_id: str, day: date) -> Retainer | None:
    """Return the retainer a touch of work falls to: the oldest agreement of the client that covers the day."""
    found = clients.retainers(session, workspace_id, client_id)
    return next((retainer for retainer in found if clients.runs_on(retainer, day)), None)


def chosen_retainer(session: Session, client: Client, retainer_id: str | None, day: date) -> Retainer | None:
    """Return the retainer a person chose, checked; an empty choice is the rule's own, "none" is no retainer at all."""
    if retainer_id == "none":
        return None
    if not retainer_id:
        return retainer_for(session, client.workspace_id, client.id, day)
    retainer = clients.retainer(session, client.workspace_id, retainer_id)
    if retainer is None or retainer.client_id != client.id:
        raise NotFound(f"That retainer does not belong to {client.name}.", "retainer")
    if not clients.runs_on(retainer, day):
        raise Refused(f"{retainer.name} does not run on {day:%d %b %Y}.", "retainer")
    return retainer


def rate_for(
    session: Session,
    workspace_id: str,
    client_id: str,
    activity_id: str,
    member_id: str,
    day: date,
) -> FrozenRate:
    """Return the most specific rate that is valid on the day (client, then activity, then member), the latest first."""
    rows = clients.applicable_rates(session, workspace_id, client_id, activity_id, member_id, day)
    if not rows:
        return FrozenRate(
            people.workspace(session, workspace_id).default_rate,
            "workspace's standard rate",
        )
    best = max(
        rows,
        key=lambda row: (
            bool(row.client_id),
            bool(row.activity_id),
            bool(row.member_id),
            row.starts_on,
        ),
    )
    named = [word for word, given in (("client", best.client_id), ("activity", best.activity_id)) if given]
    named += ["member"] if best.member_id else []
    return FrozenRate(
        best.rate,
        f"{' and '.join(named) or 'workspace'} rate since {best.starts_on:%d %b %Y}",
    )


def refuse_locked_day(session: Session, workspace_id: str, client_id: str, day: date) -> None:
    """Raise Locked when a final invoice of the client covers the day."""
    invoice = invoices.final_invoice_on(session, workspace_id, client_id, day)
    if invoice is not None:
        client = clients.client(session, workspace_id, client_id)
        name = client.name if client else "This client"
        raise Locked(
            f"{name}'s {day:%B} is invoiced on {invoice.number} and closed. Log the work on a later day.",
            "start",
        )


def refuse_locked_entry(session: Session, entry: TimeEntry) -> None:
    """Raise Locked when the entry itself is on a final invoice, or its day is closed."""
    if entry.invoice_id is not None:
        row = work.entry_row(session, entry.workspace_id, entry.id)
        raise Locked(f"This entry is on {row.invoice_number if row else 'an invoice'} and cannot change.")
    refuse_locked_day(session, entry.workspace_id, entry.client_id, entry.work_date)


def periods_of(session: Session, workspace_id: str, retainers: list[Retainer], day: date) -> dict[str, RetainerPeriod]:
    """Return each retainer's period that holds a day, whether it is stored (closed) or only follows from the terms.

    What rolls in is what the period before rolls out: frozen where that one is closed, else recomputed from its
    entries, back to the last closed period or to the start of the agreement.
    """
    running = [retainer for retainer in retainers if clients.runs_on(retainer, day)]
    if not running:
        return {}
    first_day, last_day = arithmetic.period_of(day)
    stored: dict[str, list[RetainerPeriod]] = {}
    for period in clients.periods(session, [retainer.id for retainer in running], last_day):
        stored.setdefault(period.retainer_id, []).append(period)
    oldest = min(_chain_start(retainer, stored.get(retainer.id, []), first_day) for retainer in running)
    used: dict[tuple[str, date], int] = {}
    if oldest < first_day:
        for retainer_id, work_date, seconds in work.used_by_day(
            session,
            workspace_id,
            [retainer.id for retainer in running],
            oldest,
            first_day,
        ):
            month = arithmetic.period_of(work_date)[0]
            used[retainer_id, month] = used.get((retainer_id, month), 0) + seconds
    return {
        retainer.id: _period(retainer, stored.get(retainer.id, []), used, first_day, last_day) for retainer in running
    }


def _chain_start(retainer: Retainer, stored: list[RetainerPeriod], first_day: date) -> date:
    if retainer.rollover == "expire":
        return first_day
    closed = [period.ends_on for period in stored if period.closed_at is not None and period.starts_on < first_day]
    return _after(max(closed)) if closed else arithmetic.period_of(retainer.starts_on)[0]


def _period(
    retainer: Retainer,
    stored: list[RetainerPeriod],
    used: dict[tuple[str, date], int],
    first_day: date,
    last_day: date,
) -> RetainerPeriod:
    known = {period.starts_on: period for period in stored if period.closed_at is not None}
    if first_day in known:
        return known[first_day]
    rolled_in = 0
    start = _chain_start(retainer, stored, first_day)
    if retainer.rollover != "expire":
        before = [period for period in known.values() if period.starts_on < first_day]
        if before:
            rolled_in = max(before, key=lambda period: period.starts_on).rolled_out_seconds or 0
        while start < first_day:
            balance = arithmetic.close_period(
                retainer.granted_seconds,
                rolled_in,
                used.get((retainer.id, start), 0),
                retainer.rollover,  # pyright: ignore[reportArgumentType]  # the table's CHECK names the words
                retainer.rollover_cap_seconds,
            )
            rolled_in = balance.rolled_out
            start = _after(arithmetic.period_of(start)[1])
    return RetainerPeriod(
        workspace_id=retainer.workspace_id,
        retainer_id=retainer.id,
        starts_on=first_day,
        ends_on=last_day,
        granted_seconds=retainer.granted_seconds,
        rolled_in_seconds=rolled_in,
    )


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
