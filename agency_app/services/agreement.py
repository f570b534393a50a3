"""What the agreement says about a touch of work: its retainer, its period, its rate, and whether its day is locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from agency_app.documents import wording
from agency_app.services.locks import refuse_approved_week, refuse_before_lock_date
from agency_app.services.refusal import Locked, NotFound, Refused
from agency_app.services.retainer_books import book_on, books_of
from agency_app.services.retainer_terms import agreement_of
from agency_app.store import clients, invoices, people, retainers, work
from agency_app.tables import Client, Rate, Retainer, RetainerPause, RetainerPeriod, RetainerScope, TimeEntry


@dataclass(frozen=True)
class FrozenRate:
    """A rate in 1/10000 an hour with the words that tell where it came from."""

    rate: int
    source: str


def retainer_for(
    session: Session,
    workspace_id: str,
    client_id: str,
    day: date,
    activity_id: str | None = None,
    campaign_id: str | None = None,
) -> Retainer | None:
    """Return the retainer a touch of work falls to on a day: of those that are for it the most specific, then the
    oldest. Naming a campaign is more specific than naming an activity, naming both more than either."""
    found = clients.retainers(session, workspace_id, client_id)
    running = [retainer for retainer in found if clients.runs_on(retainer, day)]
    if not running:
        return None
    return ScopeRule(session, workspace_id, running).choose(running, day, activity_id, campaign_id)


class ScopeRule:
    """Which of some retainers a touch of work falls to: read once, asked for each touch."""

    def __init__(
        self,
        session: Session,
        workspace_id: str,
        known: list[Retainer],
        pauses: Sequence[RetainerPause] | None = None,
    ) -> None:
        """Read the scopes, and the pauses unless the caller has them at hand."""
        self._scopes: dict[str, list[RetainerScope]] = {}
        for row in retainers.scopes(session, workspace_id):
            self._scopes.setdefault(row.retainer_id, []).append(row)
        if pauses is None:
            pauses = retainers.pauses(session, [retainer.id for retainer in known])
        self._agreements = {retainer.id: agreement_of(retainer, pauses=pauses) for retainer in known}

    def choose(
        self, oldest_first: list[Retainer], day: date, activity_id: str | None, campaign_id: str | None
    ) -> Retainer | None:
        """Return the retainer that a touch of work falls to, None when none is for it."""
        ranked = self.rank(oldest_first, day, activity_id, campaign_id)
        return ranked[0][0] if ranked else None

    def rank(
        self, oldest_first: list[Retainer], day: date, activity_id: str | None, campaign_id: str | None
    ) -> list[tuple[Retainer, int]]:
        """Return the retainers that are for a touch of work, the one it falls to first, each with how specific it is:
        0 for all of the client's work, 1 names the activity, 2 the campaign, 3 both."""
        fits = [
            (retainer, self._fit(retainer.id, activity_id, campaign_id))
            for retainer in oldest_first
            if self._agreements[retainer.id].runs_on(day)
        ]
        return sorted((one for one in fits if one[1] >= 0), key=lambda one: -one[1])

    def _fit(self, retainer_id: str, activity_id: str | None, campaign_id: str | None) -> int:
        rows = self._scopes.get(retainer_id)
        if not rows:
            return 0
        return max(
            2 * (row.campaign_id is not None) + (row.activity_id is not None)
            if row.campaign_id in (None, campaign_id) and row.activity_id in (None, activity_id)
            else -1
            for row in rows
        )


def runs_on(session: Session, retainer: Retainer, day: date) -> bool:
    """Tell whether an agreement covers a day, its pauses counted."""
    return agreement_of(retainer, pauses=retainers.pauses(session, [retainer.id])).runs_on(day)


def chosen_retainer(
    session: Session,
    client: Client,
    retainer_id: str | None,
    day: date,
    activity_id: str | None = None,
    campaign_id: str | None = None,
) -> Retainer | None:
    """Return the retainer a person chose, checked; an empty choice is the rule's own, "none" is no retainer at all."""
    if retainer_id == "none":
        return None
    if not retainer_id:
        return retainer_for(session, client.workspace_id, client.id, day, activity_id, campaign_id)
    retainer = clients.retainer(session, client.workspace_id, retainer_id)
    if retainer is None or retainer.client_id != client.id:
        raise NotFound(f"That retainer does not belong to {client.name}.", "retainer")
    if not runs_on(session, retainer, day):
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
    return rates_in_order(session, workspace_id, client_id, activity_id, member_id, day)[0]


def rates_in_order(
    session: Session, workspace_id: str, client_id: str, activity_id: str, member_id: str, day: date
) -> list[FrozenRate]:
    """Return every rate that could hold on the day, the one that wins first, the workspace's standard one last."""
    rows = clients.applicable_rates(session, workspace_id, client_id, activity_id, member_id, day)
    rows.sort(key=lambda row: (bool(row.client_id), bool(row.activity_id), bool(row.member_id), row.starts_on))
    return [
        *(FrozenRate(row.rate, _rate_words(row)) for row in reversed(rows)),
        FrozenRate(people.workspace(session, workspace_id).default_rate, "workspace's standard rate"),
    ]


def _rate_words(row: Rate) -> str:
    named = [word for word, given in (("client", row.client_id), ("activity", row.activity_id)) if given]
    named += ["member"] if row.member_id else []
    return f"{' and '.join(named) or 'workspace'} rate since {row.starts_on:%d %b %Y}"


def refuse_locked_day(session: Session, workspace_id: str, client_id: str, day: date) -> None:
    """Raise Locked when the lock date or a final invoice of the client covers the day."""
    refuse_before_lock_date(session, workspace_id, day)
    invoice = invoices.final_invoice_on(session, workspace_id, client_id, day)
    if invoice is not None:
        client = clients.client(session, workspace_id, client_id)
        name = client.name if client else "This client"
        raise Locked(
            f"{name}'s {wording.month_name(day)} is invoiced on {invoice.number} and closed. Log the work on a later day.",
            "start",
        )


def refuse_locked_entry(session: Session, entry: TimeEntry) -> None:
    """Raise Locked when the entry itself is on a final invoice, or its period, its week or its day is closed."""
    if entry.invoice_id is not None:
        row = work.entry_row(session, entry.workspace_id, entry.id)
        raise Locked(f"This entry is on {row.invoice_number if row else 'an invoice'} and cannot change.")
    if retainers.is_late(session, entry.id):
        raise Locked("This entry was placed after its period was closed and cannot change.")
    refuse_closed_period(session, entry)
    refuse_locked_day(session, entry.workspace_id, entry.client_id, entry.work_date)


def refuse_removing_credited(session: Session, entry: TimeEntry) -> None:
    """Raise Locked when an entry is about to go that an invoice billed, though it is credited: they both refer to it."""
    if invoices.was_billed(session, entry.id):
        raise Locked("This entry was billed and credited: it stays behind both. Edit it, or make it not billable.")


def refuse_closed_period(session: Session, entry: TimeEntry) -> None:
    """Raise Locked when an entry draws, or would draw, on a closed period of its retainer or in an approved week."""
    refuse_approved_week(session, entry)
    if entry.retainer_id is None or not entry.billable:
        return
    period = retainers.period_on(session, entry.retainer_id, entry.work_date)
    if period is not None:
        retainer = clients.retainer(session, entry.workspace_id, entry.retainer_id)
        name = retainer.name if retainer else "The retainer"
        raise Locked(
            f"{name} is closed for {wording.day_span(period.starts_on, period.ends_on)}. "
            "Log the work on a later day, or hand it in as late work with New entry.",
            "start",
        )


def refuse_past_the_cap(
    session: Session, entry: TimeEntry, before: TimeEntry | None = None, counts_on: date | None = None
) -> None:
    """Raise Refused when the retainer stops at what was agreed and the entry, as it is now, goes past that.

    An entry that draws no more than it did before may always change. Late work draws on the day it counts on.
    """
    retainer = clients.retainer(session, entry.workspace_id, entry.retainer_id or "")
    if retainer is None or not entry.billable:
        return
    if retainer.overage != "stop" and not retainers.ever_stops(session, retainer.id):
        return
    session.flush()
    _, period = book_on(session, retainer, counts_on or entry.work_date)
    if period is None or period.terms.overage != "stop" or not period.balance.overage:
        return
    if (
        before is not None
        and before.billable
        and before.retainer_id == entry.retainer_id
        and period.first <= before.work_date <= period.last
        and before.seconds >= entry.seconds
    ):
        return
    raise Refused(
        f"{retainer.name} stops at what was agreed, and this goes past it. "
        "Log less, log it as not billable, or outside the retainer.",
        "end",
    )


def periods_of(session: Session, workspace_id: str, found: list[Retainer], day: date) -> dict[str, RetainerPeriod]:
    """Return each retainer's period that holds a day, whether it is stored (closed) or only follows from the terms.

    What rolls in is what the period before rolls out: frozen where that one is closed, else recomputed from its
    entries, back to the last closed period or to the start of the agreement.
    """
    running = [retainer for retainer in found if clients.runs_on(retainer, day)]
    held: dict[str, RetainerPeriod] = {}
    for retainer_id, book in books_of(session, workspace_id, running, day).items():
        period = book.period_on(day)
        if period is not None:
            held[retainer_id] = book.row(period)
    return held
