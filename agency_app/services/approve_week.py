"""Submit a week, and approve or return it: what a lead approved is locked, and is what they saw.

A week is handed in whole and decided client by client, by who answers for the client.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from agency_app.services.actor import Actor, acting, record
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused, Stale
from agency_app.services.weeks import week_of
from agency_app.store import approvals, clients, people, work
from agency_app.store.engine import reading
from agency_app.store.work import EntryRow
from agency_app.tables import Client, Member, WeekSubmission
from agency_app.tables.base import now

MAY_APPROVE = ("owner", "lead")
LONGEST_WORD = 500
DECIDED_DAYS = 14
"""How long a decision stays on the page of approvals, to be taken back."""


@dataclass(frozen=True)
class Handed:
    """A submission with what it holds; `seen` is to be sent back with an approval."""

    submission: WeekSubmission
    member: Member
    client: Client
    decided_by: str
    entries: list[EntryRow]
    seen: str
    may_decide: bool


@dataclass(frozen=True)
class OwnWeek:
    """How a member's own week stands: `status` is open, submitted, partly, approved or returned; `word` says why."""

    status: str
    word: str
    asked: bool
    """Whether this workspace asks for weeks to be submitted at all."""
    to_decide: int = 0
    """How many submissions wait for the actor."""


def submit_week(actor: Actor, day: date) -> int:
    """Hand in the actor's week that holds a day; return for how many clients. What is approved already stays so.

    Raises Refused when approval is not asked for here, or nothing is logged that is not approved.
    """
    with acting(actor) as session:
        _refuse_unasked(session, actor.workspace_id)
        monday = week_of(session, actor.workspace_id, day)
        submitted = 0
        for client_id in approvals.clients_worked_for(session, actor.workspace_id, actor.member_id, monday):
            row = approvals.submission_on(session, actor.member_id, client_id, monday)
            if row is not None and row.status != "returned":
                continue
            row = row or WeekSubmission(
                workspace_id=actor.workspace_id,
                member_id=actor.member_id,
                client_id=client_id,
                monday=monday,
                version=0,
            )
            row.status, row.submitted_at, row.word = "submitted", now(), ""
            row.decided_at = row.decided_by = None
            _saved(session, actor, "submit_week", row)
            submitted += 1
        if not submitted:
            raise Refused("There is nothing new to submit in this week.")
        return submitted


def withdraw_week(actor: Actor, day: date) -> int:
    """Take back what of the actor's week nobody has decided yet; return for how many clients."""
    with acting(actor) as session:
        waiting = [
            row
            for row in approvals.submissions_of_week(
                session, actor.member_id, week_of(session, actor.workspace_id, day)
            )
            if row.status == "submitted"
        ]
        if not waiting:
            raise Refused("Nothing of this week waits for a lead any more.")
        for row in waiting:
            record(session, actor, "withdraw_week", row.id, before=row)
            session.delete(row)
        return len(waiting)


def approve_week(actor: Actor, submission_id: str, seen: str) -> None:
    """Approve a submitted week as the actor saw it: its work is locked from now on.

    Raises NotAllowed for who does not answer for the client, Stale when the work changed since `seen`, Refused when it
    does not wait any more.
    """
    with acting(actor, *MAY_APPROVE) as session:
        row = _to_decide(session, actor, submission_id, "submitted")
        if _seen(session, row) != seen:
            raise Stale("This week changed while you were looking at it. Check it as it is now, then approve again.")
        row.status, row.word = "approved", ""
        _decided(session, actor, "approve_week", row)


def return_week(actor: Actor, submission_id: str, word: str) -> None:
    """Return a submitted week with a word on what to mend. Raises as `approve_week` does, and Refused without a word."""
    with acting(actor, *MAY_APPROVE) as session:
        row = _to_decide(session, actor, submission_id, "submitted")
        row.status, row.word = "returned", _checked_word(word)
        _decided(session, actor, "return_week", row)


def reopen_week(actor: Actor, submission_id: str, word: str) -> None:
    """Open an approved week again for its member, with a word. Raises Locked when some of it is on an invoice."""
    with acting(actor, *MAY_APPROVE) as session:
        row = _to_decide(session, actor, submission_id, "approved")
        entries = _entries(session, row)
        number = next((entry.invoice_number for entry in entries if entry.invoice_number), None)
        if number is not None:
            raise Locked(f"Work of this week is on {number}: it stays approved.")
        row.status, row.word = "returned", _checked_word(word)
        _decided(session, actor, "reopen_week", row)


def own_week(actor: Actor, day: date) -> OwnWeek:
    """Return how the actor's own week stands that holds a day."""
    with reading() as session:
        if not people.workspace(session, actor.workspace_id).approval:
            return OwnWeek("open", "", asked=False)
        monday = week_of(session, actor.workspace_id, day)
        rows = {row.client_id: row for row in approvals.submissions_of_week(session, actor.member_id, monday)}
        worked = approvals.clients_worked_for(session, actor.workspace_id, actor.member_id, monday)
        to_decide = _to_decide_by(session, actor)
        states = [rows[client_id].status if client_id in rows else "open" for client_id in worked]
        words = [row.word for row in rows.values() if row.status == "returned" and row.word]
        if "returned" in states:
            return OwnWeek("returned", " ".join(words), True, to_decide)
        if not states or set(states) == {"open"}:
            return OwnWeek("open", "", True, to_decide)
        if set(states) == {"approved"}:
            return OwnWeek("approved", "", True, to_decide)
        return OwnWeek("submitted" if set(states) == {"submitted"} else "partly", "", True, to_decide)


def read_approvals(actor: Actor) -> list[Handed]:
    """Return what waits for a decision, the oldest week first, and what was decided lately. For leads and owners."""
    if actor.role not in MAY_APPROVE:
        return []
    with reading() as session:
        names = {member.id: member.name for member in people.members(session, actor.workspace_id)}
        return [
            Handed(
                row,
                member,
                client,
                names.get(row.decided_by or "", ""),
                _entries(session, row),
                _seen(session, row),
                _may_decide(actor, client),
            )
            for row, member, client in approvals.in_question(session, actor.workspace_id, DECIDED_DAYS)
        ]


def unapproved(session: Session, workspace_id: str, rows: list[EntryRow]) -> list[EntryRow]:
    """Return those of some entries that still have to be approved before they are invoiced; none where it is not asked."""
    if not rows or not people.workspace(session, workspace_id).approval:
        return []
    days = [row.work_date for row in rows]
    given = approvals.approved(session, workspace_id, min(days), max(days))
    return [row for row in rows if (row.member_id, row.client_id, row.work_date) not in given]


def _refuse_unasked(session: Session, workspace_id: str) -> None:
    if not people.workspace(session, workspace_id).approval:
        raise Refused("This agency does not ask for weeks to be submitted. The settings turn it on.")


def _to_decide(session: Session, actor: Actor, submission_id: str, status: str) -> WeekSubmission:
    row = approvals.submission(session, actor.workspace_id, submission_id)
    if row is None:
        raise NotFound("This week was withdrawn.")
    client = clients.client(session, actor.workspace_id, row.client_id)
    assert client is not None
    if not _may_decide(actor, client):
        raise NotAllowed(f"Only the lead of {client.name} or an owner decides on its weeks.")
    if row.status != status:
        raise Stale(f"This week is {row.status} by now.")
    return row


def _to_decide_by(session: Session, actor: Actor) -> int:
    if actor.role not in MAY_APPROVE:
        return 0
    waiting = approvals.in_question(session, actor.workspace_id, 0)
    return sum(_may_decide(actor, client) for row, _, client in waiting if row.status == "submitted")


def _may_decide(actor: Actor, client: Client) -> bool:
    return actor.role == "owner" or (actor.role == "lead" and client.lead_id in (None, actor.member_id))


def _entries(session: Session, row: WeekSubmission) -> list[EntryRow]:
    last = row.monday + timedelta(days=6)
    found = work.week_entries(session, row.workspace_id, row.member_id, row.monday, last)
    return [entry for entry in found if entry.client_id == row.client_id]


def _seen(session: Session, row: WeekSubmission) -> str:
    """Return what stands for the work of a week: another text as soon as any of it changes."""
    held = approvals.seen_of_week(session, row.member_id, row.client_id, row.monday)
    return hashlib.sha256(json.dumps([list(one) for one in held]).encode()).hexdigest()[:16]


def _checked_word(word: str) -> str:
    cleaned = " ".join(word.split())
    if not cleaned:
        raise Refused("Say in a word what is to be mended.", "word")
    if len(cleaned) > LONGEST_WORD:
        raise Refused(f"Keep it within {LONGEST_WORD} characters.", "word")
    return cleaned


def _decided(session: Session, actor: Actor, verb: str, row: WeekSubmission) -> None:
    row.decided_at, row.decided_by = now(), actor.member_id
    _saved(session, actor, verb, row)


def _saved(session: Session, actor: Actor, verb: str, row: WeekSubmission) -> None:
    row.version += 1
    session.add(row)
    session.flush()
    record(session, actor, verb, row.id, after=row)
