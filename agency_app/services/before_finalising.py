"""What somebody should know before a month is finalised: what keeps it from being final, and what may not be meant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.documents import wording
from agency_app.services.actor import Actor
from agency_app.services.draft_checks import lacks_of
from agency_app.services.finalise_invoice import due_date_of, faults_of, snapshot_of
from agency_app.services.read_draft import LiveDraft, live_draft
from agency_app.services.refusal import Fault
from agency_app.store import people, retainers, work
from agency_app.store.engine import reading
from agency_app.tables.base import now


@dataclass(frozen=True)
class BeforeFinalising:
    """What is told before a month is finalised, each with where it is mended: `stops` keep it from being final, `notes`
    do not."""

    stops: list[Fault]
    notes: list[Fault]


def before_finalising(actor: Actor, client_id: str, day: date) -> BeforeFinalising:
    """Return what stands against finalising the draft of the client's month that holds a day, today: what stops it, what
    the invoice will lack, and what it closes that may not be meant. Raises NotFound for an unknown client."""
    with reading() as session:
        live = live_draft(session, actor.workspace_id, client_id, day)
        workspace = people.workspace(session, actor.workspace_id)
        today = now().astimezone(ZoneInfo(workspace.zone)).date()
        snapshot = snapshot_of(workspace, live, None, today, due_date_of(live, today))
        notes = [*lacks_of(snapshot, live), *(Fault(words) for words in _closed_with_it(session, live, today))]
        return BeforeFinalising(faults_of(workspace, live, today), notes)


def _closed_with_it(session: Session, live: LiveDraft, today: date) -> Iterator[str]:
    """Yield the days to come, the earlier work and the waiting tasks that finalising a month leaves out."""
    client, month = live.client, wording.month_seen_from(live.first_day, today)
    if live.first_day <= today < live.last_day:
        left = (live.last_day - today).days
        days = "1 day" if left == 1 else f"{left} days"
        yield f"{month} has {days} left: once it is invoiced, no more work of it can be logged for {client.name}."
    closed = retainers.closed_periods(session, client.workspace_id)
    for retainer, _ in live.retainers:
        count, seconds = work.unbilled_before(session, client.workspace_id, retainer.id, live.first_day)
        until = max((last for retainer_id, _, last in closed if retainer_id == retainer.id), default=None)
        if count and (until is None or until < live.first_day):
            entries, are = ("1 entry", "is") if count == 1 else (f"{count} entries", "are")
            yield (
                f"{entries} of {retainer.name} before {month}, {wording.hours(seconds)} h, {are} not invoiced. "
                f"What rolls over from those months is closed with {month}: finalise them first."
            )
    waiting = sum(task.client_id == client.id for task, _, _ in work.inbox(session, client.workspace_id))
    if waiting:
        tasks = "1 task" if waiting == 1 else f"{waiting} tasks"
        yield f"Still in the Inbox: {tasks} for {client.name}."
