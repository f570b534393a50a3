"""What somebody should know before a month is finalised, besides the faults that keep it from being finalised."""

from datetime import date
from zoneinfo import ZoneInfo

from agency_app.documents import wording
from agency_app.services.actor import Actor
from agency_app.services.read_draft import live_draft
from agency_app.store import people, retainers, work
from agency_app.store.engine import reading
from agency_app.tables.base import now


def finalise_notes(actor: Actor, client_id: str, day: date) -> list[str]:
    """Return what finalising the draft of the client's month that holds a day closes that may not be meant: days to
    come, earlier work, waiting tasks; and what the invoice will lack. Raises NotFound for an unknown client."""
    notes: list[str] = []
    with reading() as session:
        live = live_draft(session, actor.workspace_id, client_id, day)
        name, month = live.client.name, f"{live.first_day:%B}"
        workspace = people.workspace(session, actor.workspace_id)
        today = now().astimezone(ZoneInfo(workspace.zone)).date()
        if live.draft.totals.vat_minor and not workspace.vat_id:
            notes.append("It charges VAT, and the agency has no VAT number yet: Settings, VAT number.")
        if not workspace.iban and live.draft.totals.total_minor:
            notes.append(f"It does not tell {name} where to pay: Settings, IBAN.")
        if live.first_day <= today < live.last_day:
            left = (live.last_day - today).days
            days = "1 day" if left == 1 else f"{left} days"
            notes.append(f"{month} has {days} left: once it is invoiced, no more work of it can be logged for {name}.")
        closed = retainers.closed_periods(session, actor.workspace_id)
        for retainer, _ in live.retainers:
            count, seconds = work.unbilled_before(session, actor.workspace_id, retainer.id, live.first_day)
            until = max((last for retainer_id, _, last in closed if retainer_id == retainer.id), default=None)
            if count and (until is None or until < live.first_day):
                entries, are = ("1 entry", "is") if count == 1 else (f"{count} entries", "are")
                notes.append(
                    f"{entries} of {retainer.name} before {month}, {wording.hours(seconds)} h, {are} not invoiced. "
                    f"What rolls over from those months is closed with {month}: finalise them first."
                )
        waiting = sum(task.client_id == live.client.id for task, _, _ in work.inbox(session, actor.workspace_id))
        if waiting:
            tasks = "1 task" if waiting == 1 else f"{waiting} tasks"
            notes.append(f"Still in the Inbox: {tasks} for {name}.")
    return notes
