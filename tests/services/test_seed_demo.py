"""The demonstration agency: believable, valid on any day, the same for the same day."""

import itertools
import time
from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import SQLModel, select

from agency_app.domain.retainer import pace, period_of
from agency_app.services import seed_demo as seeding
from agency_app.services.actor import Actor, actor_of
from agency_app.services.demo import days, people
from agency_app.services.demo.touches import BRIGHTSIDE, FJORD, LUMEN, NORTHWIND
from agency_app.services.read_draft import LiveDraft, read_draft
from agency_app.services.refusal import Refused
from agency_app.services.seed_demo import DEMO_PASSWORD, _Seed, seed_demo
from agency_app.services.sign_in import sign_in
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store import clients as stored_clients
from agency_app.store import invoices, work
from agency_app.store import people as stored_people
from agency_app.store.engine import reading
from agency_app.tables import Client, Invoice, RetainerPeriod, TimeEntry, Workspace

TODAY = date(2026, 11, 20)
AWKWARD_DAYS = [
    date(2026, 11, 1),  # a first of the month, and a Sunday
    date(2026, 1, 1),  # the month before is in another year, and a holiday
    date(2026, 2, 2),
    date(2028, 2, 29),
    date(2026, 12, 31),
    date(2026, 10, 25),  # a Sunday on which the clocks change
]
sqlite_alone = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def _owner() -> Actor:
    with reading() as session:
        workspace = stored_people.any_workspace(session)
        assert workspace is not None
        return next(
            actor_of(member) for member in stored_people.members(session, workspace.id) if member.role == "owner"
        )


def _clients(actor: Actor) -> dict[str, Client]:
    with reading() as session:
        return {client.name: client for client in stored_clients.clients(session, actor.workspace_id)}


def _entries() -> list[TimeEntry]:
    with reading() as session:
        return list(session.exec(select(TimeEntry).order_by(TimeEntry.id)))


def test_the_demo_is_an_agency_with_three_months_of_work_and_seven_invoices(database: str) -> None:
    began = time.perf_counter()
    members = seed_demo(TODAY)
    assert time.perf_counter() - began < 20
    assert [role for _, _, role in members] == ["owner", "lead", "member", "finance"]
    owner = _owner()
    assert set(_clients(owner)) == {NORTHWIND, BRIGHTSIDE, FJORD, LUMEN}
    with reading() as session:
        issued = [row for row, _ in invoices.invoices(session, owner.workspace_id) if row.status == "final"]
        drafts = [row for row, _ in invoices.invoices(session, owner.workspace_id) if row.status == "draft"]
        assert len(work.inbox(session, owner.workspace_id)) == 5
    issued.sort(key=lambda invoice: str(invoice.number))
    assert [invoice.number for invoice in issued] == [f"INV-2026-{number:04}" for number in range(1, 8)]
    assert [invoice.issue_date for invoice in issued] == sorted(invoice.issue_date or TODAY for invoice in issued)
    assert len(drafts) == 5
    assert {entry.work_date.month for entry in _entries()} == {9, 10, 11}
    assert max(entry.work_date for entry in _entries()) == TODAY
    assert verify_workspace() == []


def test_northwinds_past_months_close_to_the_hours_of_the_story(database: str) -> None:
    seed_demo(TODAY)
    northwind = _clients(_owner())[NORTHWIND]
    with reading() as session:
        [retainer] = stored_clients.retainers(session, northwind.workspace_id, northwind.id)
        rows = session.exec(select(RetainerPeriod).where(RetainerPeriod.retainer_id == retainer.id))
        september, october = sorted(rows, key=lambda period: period.starts_on)
    assert (september.used_seconds, september.overage_seconds) == (38 * 3600 + 1800, 2 * 3600 + 1800)
    assert (october.used_seconds, october.rolled_out_seconds) == (32 * 3600, 4 * 3600)
    live = read_draft(_owner(), northwind.id, TODAY)
    [(_, period)] = live.retainers
    assert (period.granted_seconds, period.rolled_in_seconds) == (36 * 3600, 4 * 3600)
    assert {line.kind for line in live.draft.lines} == {"time", "fee"}


def test_the_retainers_are_in_different_health_in_the_middle_of_a_month(database: str) -> None:
    seed_demo(TODAY)
    owner = _owner()
    health = {name: _health(read_draft(owner, client.id, TODAY)) for name, client in _clients(owner).items()}
    assert health == {NORTHWIND: "Running hot", BRIGHTSIDE: "On pace", FJORD: "Over", LUMEN: "Under-serviced"}


def _health(live: LiveDraft) -> str:
    [(_, period)] = live.retainers
    daily = [(row.work_date, row.seconds) for row in live.entries.values()]
    available = period.granted_seconds + period.rolled_in_seconds
    return pace(live.first_day, live.last_day, TODAY, available, daily).status


@sqlite_alone
@pytest.mark.parametrize("today", AWKWARD_DAYS, ids=str)
def test_the_demo_is_valid_on_an_awkward_day(database: str, today: date) -> None:
    seed_demo(today)
    entries = _entries()
    assert all(entry.work_date <= today for entry in entries)
    _assert_believable(entries)
    with reading() as session:
        final = [invoice for invoice in session.exec(select(Invoice)) if invoice.status == "final"]
    assert len(final) == 7
    assert all(invoice.issue_date and invoice.issue_date <= today for invoice in final)
    assert verify_workspace() == []


def _assert_believable(entries: list[TimeEntry]) -> None:
    by_member: dict[str, list[TimeEntry]] = defaultdict(list)
    for entry in entries:
        assert entry.started_at is not None
        assert entry.ended_at is not None
        assert all((entry.note, entry.rate, entry.rate_source))
        start, end = (moment.astimezone(ZoneInfo(entry.zone)) for moment in (entry.started_at, entry.ended_at))
        assert entry.work_date == start.date() == end.date()
        assert start.weekday() < 5
        assert 9 <= start.hour < 23
        assert int((entry.ended_at - entry.started_at).total_seconds()) == entry.seconds
        by_member[entry.member_id].append(entry)
    for own in by_member.values():
        own.sort(key=lambda entry: entry.started_at or datetime.max)
        spans = [(entry.started_at, entry.ended_at) for entry in own if entry.started_at and entry.ended_at]
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_every_day_of_two_years_fills_the_past_months_to_the_minute() -> None:
    for offset in range(0, 730, 3):
        today = date(2026, 1, 1) + timedelta(days=offset)
        month = period_of(period_of(today)[0] - timedelta(days=1))[0]
        wanted = {row.client["name"]: row.last_month for row in people.CLIENTS}
        targets: dict[str, days.Target] = {
            name: lambda share, minutes=minutes: round(minutes * share) for name, minutes in wanted.items()
        }
        had: dict[str, int] = defaultdict(int)
        for session in days.month_of_work(month, today, targets, Random(offset)):
            had[session.client] += session.minutes
        assert had == wanted, today


def test_the_same_day_gives_the_same_rows() -> None:
    def rows() -> list[dict[str, object]]:
        seed = _Seed(TODAY)
        made: list[SQLModel] = []
        for group in (*seed.agency("hash"), *seed.agreements(), *seed.work(), seed.inbox(), seed.drafts()):
            made += group
        return [row.model_dump() for row in made]

    first = rows()
    assert first == rows()
    assert len({str(row["id"]) for row in first}) == len(first)


def test_an_installation_with_data_is_left_alone(database: str) -> None:
    seed_demo(TODAY)
    before = len(_entries())
    with pytest.raises(Refused, match="data here already"):
        seed_demo(TODAY)
    assert len(_entries()) == before
    with reading() as session:
        assert len(session.exec(select(Workspace)).all()) == 1


def _interrupt_at(monkeypatch: pytest.MonkeyPatch, step: str, turn: int) -> None:
    """Let somebody press Ctrl+C at a turn of one of the steps of seeding, once."""
    real, turns = getattr(seeding, step), itertools.count(1)

    def step_or_interrupt(*arguments: object) -> object:
        if next(turns) == turn:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(seeding, step, step_or_interrupt)


@pytest.mark.parametrize(("step", "turn"), [("_insert", 6), ("finalise_within", 1), ("finalise_within", 7)])
def test_a_seeding_that_was_interrupted_leaves_nothing_and_the_next_one_is_whole(
    database: str, monkeypatch: pytest.MonkeyPatch, step: str, turn: int
) -> None:
    _interrupt_at(monkeypatch, step, turn)
    with pytest.raises(KeyboardInterrupt):
        seed_demo(TODAY)
    with reading() as session:
        assert stored_people.any_workspace(session) is None
    seed_demo(TODAY)
    _assert_seven_invoices()


def test_a_seeding_interrupted_while_it_drew_lacks_nothing_but_pdfs_that_are_drawn_on_demand(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _interrupt_at(monkeypatch, "document_bytes", 3)
    with pytest.raises(KeyboardInterrupt):
        seed_demo(TODAY)
    _assert_seven_invoices()


def _assert_seven_invoices() -> None:
    owner = _owner()
    with reading() as session:
        issued = [row for row, _ in invoices.invoices(session, owner.workspace_id) if row.status == "final"]
    assert len(issued) == 7
    assert all(seeding.document_bytes(owner, invoice.id).startswith(b"%PDF") for invoice in issued)
    assert verify_workspace() == []


def test_every_member_can_sign_in_with_the_demo_password(database: str) -> None:
    for _, email, _ in seed_demo(TODAY):
        assert sign_in(email, DEMO_PASSWORD, "127.0.0.1")
