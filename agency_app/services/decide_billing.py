"""Decide what of an entry is billed, and on which invoice: fewer minutes, a write-off with its reason, another period.

The logged time stays as it is and goes on drawing on the retainer; an entry that moves draws on the period it moves to.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from agency_app.domain.durations import prose
from agency_app.domain.retainer import period_of
from agency_app.services.actor import Actor, acting
from agency_app.services.agreement import refuse_past_the_cap
from agency_app.services.draft_edits import DECISION, MAY_BUILD, Edited, keep, refuse_stale
from agency_app.services.in_kept_days import in_kept_days
from agency_app.services.refusal import Locked, NotFound, Refused, Stale
from agency_app.services.typed_text import typed_line
from agency_app.store import builder, clients, invoices, people, retainers, work
from agency_app.tables import EntryDecision, TimeEntry


@dataclass(frozen=True)
class Seen:
    """An entry as the person saw it when they decided: its id, its version, and that of what was decided about it
    before (0 for nothing)."""

    entry_id: str
    version: int
    decision_version: int = 0


def bill_seconds(actor: Actor, seen: Seen, seconds: int) -> Edited:
    """Bill some seconds of an entry, 90 of 120 minutes for example; what was written off of it stays written off.

    Raises NotAllowed by role, NotFound, Locked when it is invoiced, Stale when the entry or the decision changed,
    Refused for more than there is. Nothing changes then; so it is with each verb here.
    """
    with acting(actor, *MAY_BUILD) as session:
        entry, row, before = _decided(session, actor, seen)
        most = entry.seconds - row.written_off_seconds
        if not 0 <= seconds <= most:
            raise Refused(f"Bill between nothing and {prose(most)} of this entry.", "seconds")
        row.less_seconds = most - seconds
        return _kept(session, actor, before, row)


def write_off(actor: Actor, seen: Seen, seconds: int, reason: str) -> Edited:
    """Write some seconds of an entry off, and say why; what is left is billed. With 0 seconds nothing is written off.

    Raises as `bill_seconds` does, and Refused for a write-off without a reason.
    """
    with acting(actor, *MAY_BUILD) as session:
        entry, row, before = _decided(session, actor, seen)
        if not 0 <= seconds <= entry.seconds:
            raise Refused(f"Write off at most {prose(entry.seconds)}: that is all there is.", "seconds")
        row.written_off_seconds = seconds
        row.reason = typed_line(reason, "reason", "Say why the work is written off.") if seconds else ""
        row.less_seconds = min(row.less_seconds, entry.seconds - seconds)
        return _kept(session, actor, before, row)


def bill_whole(actor: Actor, seen: Seen) -> Edited:
    """Bill all of an entry again. Raises as `bill_seconds` does."""
    with acting(actor, *MAY_BUILD) as session:
        _, row, before = _decided(session, actor, seen)
        row.less_seconds = row.written_off_seconds = 0
        row.reason = ""
        return _kept(session, actor, before, row)


def move_to_period(actor: Actor, seen: Seen, day: date) -> Edited:
    """Bill an entry on the invoice of the period that holds a day; its own period brings it back.

    Raises as `bill_seconds` does, and Locked when either period is invoiced or closed.
    """
    with acting(actor, *MAY_BUILD) as session:
        entry, row, before = _decided(session, actor, seen)
        first, _ = period_of(in_kept_days(day, "day", "a period"))
        own, _ = period_of(entry.work_date)
        from_day = row.bill_on or entry.work_date
        row.bill_on = None if first == own else first
        to_day = row.bill_on or entry.work_date
        if period_of(from_day)[0] != first:
            for each in (from_day, to_day):
                _refuse_closed(session, entry, each)
            kept = _kept(session, actor, before, row)
            refuse_past_the_cap(session, entry, counts_on=to_day)
            return kept
        return _kept(session, actor, before, row)


def refuse_shorter_than_held(session: Session, entry: TimeEntry, seconds: int) -> None:
    """Raise Refused when an entry of that many seconds would be shorter than what is not billed of it."""
    row = builder.decision(session, entry.id)
    held = row.less_seconds + row.written_off_seconds if row is not None else 0
    if held > seconds:
        raise Refused(f"{prose(held)} of this entry are not billed: it cannot be shorter than that.", "end")


def refuse_decided(session: Session, entry: TimeEntry) -> None:
    """Raise Refused when something was decided about an entry that would be lost with it."""
    row = builder.decision(session, entry.id)
    if row is not None and (row.less_seconds or row.written_off_seconds or row.bill_on):
        raise Refused("Part of this entry is written off, billed less or moved. Bill it whole on its own month first.")


def _decided(session: Session, actor: Actor, seen: Seen) -> tuple[TimeEntry, EntryDecision, EntryDecision | None]:
    """Return an entry that may be decided about, its decision for changing, and a copy of that as it was."""
    entry = work.entry(session, actor.workspace_id, seen.entry_id)
    if entry is None:
        raise NotFound("This entry is gone: somebody deleted it.")
    if not entry.billable:
        raise Refused("This entry is not billable: it is on no invoice.")
    if entry.invoice_id is not None:
        shown = work.entry_row(session, actor.workspace_id, entry.id)
        raise Locked(f"This entry is on {shown.invoice_number if shown else 'an invoice'} and cannot change.")
    if retainers.is_late(session, entry.id):
        raise Locked("This entry was placed after its period was closed and cannot change.")
    row = builder.decision(session, entry.id)
    _refuse_invoiced(session, entry, row.bill_on if row is not None and row.bill_on else entry.work_date)
    refuse_stale(session, actor, DECISION, row, seen.decision_version)
    if entry.version != seen.version:
        _refuse_changed(session, actor, entry)
    if row is None:
        return entry, EntryDecision(workspace_id=actor.workspace_id, entry_id=entry.id), None
    return entry, row, row.model_copy()


def _refuse_changed(session: Session, actor: Actor, entry: TimeEntry) -> None:
    by = people.last_change(session, actor.workspace_id, entry.id) or "Somebody"
    raise Stale(f"{by} changed this entry in the meantime. You now see how it is; try again if still needed.")


def _kept(session: Session, actor: Actor, before: EntryDecision | None, row: EntryDecision) -> Edited:
    if before is None and not (row.less_seconds or row.written_off_seconds or row.bill_on):
        return Edited("", 0, "")
    return keep(session, actor, DECISION, before, row)


def _refuse_invoiced(session: Session, entry: TimeEntry, day: date) -> None:
    invoice = invoices.final_invoice_on(session, entry.workspace_id, entry.client_id, day)
    if invoice is not None:
        raise Locked(f"{day:%B %Y} is invoiced on {invoice.number}: what was decided about it stays.")


def _refuse_closed(session: Session, entry: TimeEntry, day: date) -> None:
    """Refuse to take work out of, or to put it into, a period that is invoiced or closed."""
    _refuse_invoiced(session, entry, day)
    if entry.retainer_id is None:
        return
    if retainers.period_on(session, entry.retainer_id, day) is not None:
        retainer = clients.retainer(session, entry.workspace_id, entry.retainer_id)
        name = retainer.name if retainer else "The retainer"
        raise Locked(f"{name} is closed on {day:%d %b %Y}: its figures stay. Choose another period.")
