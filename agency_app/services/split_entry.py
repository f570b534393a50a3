"""Split an entry in two: one piece of work that belongs on two lines, on two days, or half of which is billed elsewhere."""

from datetime import timedelta

from agency_app.domain.durations import local_work_date, prose
from agency_app.services.actor import Actor, acting, record
from agency_app.services.agreement import (
    refuse_closed_period,
    refuse_locked_day,
    refuse_locked_entry,
    refuse_past_the_cap,
)
from agency_app.services.change_entry import keep_or_find_retainer
from agency_app.services.change_together import together
from agency_app.services.decide_billing import refuse_decided
from agency_app.services.draft_edits import MAY_BUILD
from agency_app.services.log_time import Logged
from agency_app.services.refusal import NotAllowed, NotFound, Refused, Stale
from agency_app.store import work
from agency_app.tables import TimeEntry
from agency_app.tables.base import new_id, now


def split_entry(actor: Actor, entry_id: str, version: int, first_seconds: int, note: str = "") -> Logged:
    """Keep the first seconds on the entry and put the rest on a new one right after it; no second is lost or made.

    Both are of the same task, member and rate; the new one takes `note` if there is one. It belongs to the day it
    begins on, and so after midnight to the next: with the task it stays linked, unless no retainer of the first day
    covers that one. Raises NotAllowed to others than its member and those who bill, NotFound, Locked, Stale, and
    Refused unless both parts have some time. `undo_change` makes one entry of them again.
    """
    with acting(actor) as session:
        entry = work.entry(session, actor.workspace_id, entry_id)
        if entry is None:
            raise NotFound("This entry is gone: somebody deleted it.")
        if entry.member_id != actor.member_id and actor.role not in MAY_BUILD:
            raise NotAllowed("Only its owner or somebody who bills may split this entry.")
        refuse_locked_entry(session, entry)
        refuse_decided(session, entry)
        if entry.version != version:
            raise Stale(
                "Somebody changed this entry in the meantime. You now see how it is; try again if still needed."
            )
        if not 0 < first_seconds < entry.seconds:
            raise Refused(f"The first part is longer than zero and shorter than {prose(entry.seconds)}.", "seconds")
        before = entry.model_copy()
        rest = entry.seconds - first_seconds
        second = TimeEntry(**before.model_dump() | {"id": new_id(), "seconds": rest, "version": 1, "created_at": now()})
        second.note = " ".join(note.split())[:500] or entry.note
        entry.seconds = first_seconds
        if entry.started_at is not None:
            entry.ended_at = second.started_at = entry.started_at + timedelta(seconds=first_seconds)
            second.work_date = local_work_date(second.started_at, second.zone)
        entry.version += 1
        session.add_all([entry, second])
        session.flush()
        if second.work_date != entry.work_date:
            refuse_locked_day(session, second.workspace_id, second.client_id, second.work_date)
            keep_or_find_retainer(session, actor, second, before.work_date)
            refuse_closed_period(session, second)
            refuse_past_the_cap(session, second, before)
        kept = record(session, actor, "edit_entry", entry.id, before=before, after=entry)
        made = record(session, actor, "log_time", second.id, after=second)
        done = [Logged(entry.id, entry.version, kept), Logged(second.id, second.version, made)]
        return together(session, actor, "split", done)
