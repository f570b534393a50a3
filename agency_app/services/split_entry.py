"""Split an entry in two, without a second more or less."""

from datetime import timedelta

from agency_app.domain.durations import prose
from agency_app.services.actor import Actor, acting, record
from agency_app.services.change_entry import changeable, set_time
from agency_app.services.change_together import together
from agency_app.services.log_time import Logged, between, on_day
from agency_app.services.refusal import Refused
from agency_app.tables import TimeEntry
from agency_app.tables.base import new_id, now


def split_entry(actor: Actor, entry_id: str, version: int, first_seconds: int, note: str = "") -> Logged:
    """Keep the first seconds on the entry and put the rest on a new one right after it; no second is lost or made.

    Both are of the same task, member, day and rate; the new one takes `note` if there is one. Raises as `move_entry`
    does, and Refused unless both parts have some time. `undo_change` makes one entry of them again.
    """
    with acting(actor) as session:
        entry = changeable(session, actor, entry_id, version)
        if not 0 < first_seconds < entry.seconds:
            raise Refused(f"The first part is longer than zero and shorter than {prose(entry.seconds)}.", "seconds")
        before, cut = entry.model_copy(), None
        rest = TimeEntry(**before.model_dump() | {"id": new_id(), "version": 1, "created_at": now()})
        rest.seconds = entry.seconds - first_seconds
        rest.note = note.strip() or entry.note
        if entry.started_at is not None:
            cut = rest.started_at = entry.started_at + timedelta(seconds=first_seconds)
        if entry.started_at is not None and cut is not None:
            set_time(session, entry, between(entry.started_at, cut, entry.zone))
        else:
            set_time(session, entry, on_day(entry.work_date, first_seconds))
        entry.version += 1
        session.add_all([entry, rest])
        session.flush()
        return together(
            session,
            actor,
            "split",
            [
                Logged(
                    entry.id, entry.version, record(session, actor, "edit_entry", entry.id, before=before, after=entry)
                ),
                Logged(rest.id, rest.version, record(session, actor, "log_time", rest.id, after=rest)),
            ],
        )
