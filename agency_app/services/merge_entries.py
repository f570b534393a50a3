"""Make one entry of several that belong together, and say before what that does. No second is lost or made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlmodel import Session

from agency_app.domain.durations import DurationError, apart, merged_span
from agency_app.domain.rounding import RoundingPolicy
from agency_app.domain.tags import tags_in, tags_text
from agency_app.services.actor import Actor, acting, record
from agency_app.services.change_entry import changeable, remove_entry, set_time
from agency_app.services.change_together import together
from agency_app.services.log_time import Logged, between, known_client, on_day
from agency_app.services.refusal import Refused
from agency_app.store import work
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow

MOST = 50
"""How many entries may be merged at once."""


@dataclass(frozen=True)
class Merger:
    """What merging would make: one entry from `start` on (None for no time of day), as long as all together.

    `apart` are the seconds between them, negative where they overlap. `billed_before` and `billed_after` are the
    seconds that the client is billed where its policy rounds each entry; else both are the raw seconds.
    """

    rows: tuple[EntryRow, ...]
    start: datetime | None
    end: datetime | None
    seconds: int
    apart: int
    notes: tuple[str, ...]
    billed_before: int
    billed_after: int


def read_merger(actor: Actor, entry_ids: Sequence[str]) -> Merger:
    """Return what merging some entries would make. Raises Refused with the reason when they do not belong together."""
    with reading() as session:
        return _merger(session, actor, entry_ids)


def merge_entries(actor: Actor, seen: Sequence[tuple[str, int]]) -> Logged:
    """Merge entries, given as (id, version), into the earliest of them; the others go.

    Raises as `move_entry` does for each of them, and Refused when they do not belong together. `undo_change` makes
    them several again.
    """
    with acting(actor) as session:
        merger = _merger(session, actor, [entry_id for entry_id, _ in seen])
        versions, (kept, *others) = dict(seen), merger.rows
        for row in merger.rows:
            changeable(session, actor, row.id, versions[row.id])
        # A planned task whose entry goes was done all the same: it does not go back to the Inbox.
        done = [remove_entry(session, actor, row.id, versions[row.id], reopens_task=False) for row in others]
        entry = changeable(session, actor, kept.id, versions[kept.id])
        before = entry.model_copy()
        if merger.start is not None and merger.end is not None:
            set_time(session, entry, between(merger.start, merger.end, entry.zone))
        else:
            set_time(session, entry, on_day(entry.work_date, merger.seconds))
        entry.note = "\n".join(merger.notes)
        entry.tags = tags_text(tag for row in merger.rows for tag in tags_in(row.tags))
        entry.version += 1
        session.add(entry)
        session.flush()
        undo_id = record(session, actor, "edit_entry", entry.id, before=before, after=entry)
        merged = together(
            session, actor, f"merge {len(merger.rows)}", [*done, Logged(entry.id, entry.version, undo_id)]
        )
        return Logged(entry.id, entry.version, merged.undo_id)


def _merger(session: Session, actor: Actor, entry_ids: Sequence[str]) -> Merger:
    rows = work.entries_by_id(session, actor.workspace_id, list(dict.fromkeys(entry_ids)))
    if len(rows) != len(set(entry_ids)):
        raise Refused("One of these entries is gone: somebody deleted it. Choose again.")
    if not 2 <= len(rows) <= MOST:
        raise Refused(f"Choose from two to {MOST} entries to merge.")
    rows.sort(key=lambda row: (row.started_at is None, str(row.started_at), row.id))
    _refuse_different(rows)
    spans = [(row.started_at, row.ended_at, row.seconds) for row in rows]
    try:
        start, seconds = merged_span(spans)
    except DurationError as error:
        raise Refused(str(error)) from error
    client = known_client(session, actor, rows[0].client_id)
    policy = RoundingPolicy(
        client.rounding_mode,  # pyright: ignore[reportArgumentType]  # the table's CHECK names the words
        client.rounding_step_seconds,
        client.rounding_scope,  # pyright: ignore[reportArgumentType]  # the table's CHECK names the words
    )
    return Merger(
        tuple(rows),
        start,
        start + timedelta(seconds=seconds) if start is not None else None,
        seconds,
        apart(spans),
        tuple(dict.fromkeys(row.note for row in rows if row.note)),
        sum(policy.entry_seconds(row.seconds) for row in rows),
        policy.entry_seconds(seconds),
    )


def _touch(rows: Sequence[EntryRow]) -> bool:
    """Tell whether each entry begins where the one before it ends."""
    return all(one.ended_at is not None and one.ended_at == following.started_at for one, following in pairwise(rows))


def _refuse_different(rows: Sequence[EntryRow]) -> None:
    """Raise Refused naming the first thing in which entries differ that one entry cannot hold both of."""
    kinds: tuple[tuple[str, list[object]], ...] = (
        ("members", [row.member_id for row in rows]),
        ("days", [] if _touch(rows) else [row.work_date for row in rows]),  # a night that was split at midnight
        ("clients", [row.client_id for row in rows]),
        ("activities", [row.activity_id for row in rows]),
        ("campaigns", [row.campaign_id for row in rows]),
        ("retainers", [row.retainer_id for row in rows]),
        ("rates", [row.rate for row in rows]),
    )
    for name, values in kinds:
        if len(set(values)) > 1:
            raise Refused(f"These entries are of different {name}. Make them alike first, or choose others.")
    if len({row.billable for row in rows}) > 1:
        raise Refused("Some of these entries are billable and some are not. Make them alike first, or choose others.")
