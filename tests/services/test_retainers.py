"""Agreements over time and their periods, on both databases: what closes stays, what comes late is placed."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from agency_app.services.change_agreement import (
    NewTerms,
    change_agreement,
    end_agreement,
    pause_agreement,
    set_scope,
)
from agency_app.services.change_entry import delete_entry, move_entry
from agency_app.services.close_period import close_period
from agency_app.services.decide_overage import decide_overage
from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.finalise_invoice import finalise_invoice
from agency_app.services.load_workspace import load_workspace
from agency_app.services.log_time import Logged, LogTime, log_time
from agency_app.services.place_late_entry import place_late_entry
from agency_app.services.read_draft import read_draft
from agency_app.services.read_retainers import PeriodRead, read_dashboard, read_retainer, read_retainers
from agency_app.services.refusal import Locked, NotAllowed, Refused, Stale
from agency_app.services.undo_change import undo_change
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import engine, reading, transaction
from agency_app.tables import Client, Invoice, LateEntry, Member, Retainer, RetainerPeriod, TargetWeek, TimeEntry
from tests.services.conftest import Agency, EmptyDatabase
from tests.services.test_approval import settings_are

HOUR = 3600
AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)
HOURS = NewTerms("hours", granted_seconds=36 * HOUR, overage_rate=1_250_000)


def work(agency: Agency, day: date, hours: int, client_id: str = "", **more: Any) -> Logged:
    """Log some hours on a day, from eight in the morning UTC, over as many tasks of at most ten hours as it takes."""
    command = command_of(agency, day, hours, client_id, **more)
    return log_time(agency.owner, command)


def command_of(agency: Agency, day: date, hours: int, client_id: str = "", **more: Any) -> LogTime:
    start = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    activity_id = more.pop("activity_id", agency.optimisation)
    return LogTime(client_id or agency.northwind, activity_id, start, start + timedelta(hours=hours), **more)


def set_terms(retainer_id: str, **terms: Any) -> None:
    with transaction() as session:
        retainer = session.get_one(Retainer, retainer_id)
        for name, value in terms.items():
            setattr(retainer, name, value)


def version(retainer_id: str) -> int:
    with reading() as session:
        return session.get_one(Retainer, retainer_id).version


def period(agency: Agency, first: date, as_of: date = date(2026, 10, 20), client: str = "") -> PeriodRead:
    [read] = read_retainers(agency.owner, as_of, client or agency.northwind)
    return next(one for one in read.periods if one.period.first == first)


def stored(retainer_id: str) -> list[RetainerPeriod]:
    with reading() as session:
        query = select(RetainerPeriod).where(RetainerPeriod.retainer_id == retainer_id)
        return list(session.exec(query.order_by(col(RetainerPeriod.starts_on))))


def test_closing_freezes_figures_and_terms_and_those_before_that_roll_into_it(agency: Agency) -> None:
    set_terms(agency.northwind_retainer, rollover="capped", rollover_cap_seconds=10 * HOUR, starts_on=AUGUST)
    work(agency, date(2026, 8, 3), 10)
    work(agency, date(2026, 9, 3), 12)
    assert close_period(agency.lead, agency.northwind_retainer, SEPTEMBER) == [AUGUST, SEPTEMBER]
    august, september = stored(agency.northwind_retainer)
    assert (august.rolled_out_seconds, august.expired_seconds) == (10 * HOUR, 16 * HOUR)
    assert (september.rolled_in_seconds, september.used_seconds) == (10 * HOUR, 12 * HOUR)
    assert '"rollover":"capped"' in september.terms
    with pytest.raises(Locked, match="closed already"):
        close_period(agency.lead, agency.northwind_retainer, SEPTEMBER)
    set_terms(agency.northwind_retainer, rollover="expire", granted_seconds=HOUR)  # past the services, on purpose
    assert verify_workspace() == []
    assert period(agency, SEPTEMBER).period.balance.rolled_out == 10 * HOUR
    assert period(agency, OCTOBER).period.balance.rolled_in == 10 * HOUR


def test_a_period_that_carries_nothing_closes_alone(agency: Agency) -> None:
    work(agency, date(2026, 8, 3), 10)
    assert close_period(agency.owner, agency.northwind_retainer, SEPTEMBER) == [SEPTEMBER]


def test_a_running_period_and_a_member_cannot_close(agency: Agency) -> None:
    with transaction() as session:
        session.get_one(Member, agency.lead.member_id).role = "member"
    with pytest.raises(NotAllowed):
        close_period(agency.lead, agency.northwind_retainer, SEPTEMBER)
    with pytest.raises(Refused, match="runs until"):
        close_period(agency.owner, agency.northwind_retainer, date.today() + timedelta(days=40))
    assert stored(agency.northwind_retainer) == []


def test_a_closed_period_takes_and_loses_no_time(agency: Agency) -> None:
    logged = work(agency, date(2026, 9, 3), 4)
    later = work(agency, date(2026, 10, 5), 2)
    removed = work(agency, date(2026, 9, 4), 1)
    undo = delete_entry(agency.owner, removed.entry_id, 1).undo_id
    close_period(agency.owner, agency.northwind_retainer, SEPTEMBER)
    start = datetime(2026, 9, 8, 6, tzinfo=UTC)
    attempts = [
        lambda: work(agency, date(2026, 9, 7), 1),
        lambda: move_entry(agency.owner, logged.entry_id, 1, start, start + timedelta(hours=1)),
        lambda: move_entry(agency.owner, later.entry_id, 1, start, start + timedelta(hours=1)),
        lambda: delete_entry(agency.owner, logged.entry_id, 1),
        lambda: undo_change(agency.owner, undo),
    ]
    for attempt in attempts:
        with pytest.raises(Locked, match="closed"):
            attempt()
    work(agency, date(2026, 9, 7), 1, billable=False)  # draws nothing
    work(agency, date(2026, 9, 7), 1, retainer_id="none")
    assert period(agency, SEPTEMBER).used == 4 * HOUR
    assert verify_workspace() == []


def test_late_work_goes_to_the_overage_to_the_next_period_or_is_written_off(agency: Agency) -> None:
    work(agency, date(2026, 9, 3), 4)
    with pytest.raises(Refused, match="open"):
        place_late_entry(agency.owner, command_of(agency, date(2026, 9, 7), 1), "overage")
    draft = read_draft(agency.owner, agency.northwind, SEPTEMBER)
    finalise_invoice(agency.owner, agency.northwind, SEPTEMBER, draft.version)
    frozen = period(agency, SEPTEMBER).period
    with pytest.raises(Refused, match="why"):
        place_late_entry(agency.owner, command_of(agency, date(2026, 9, 7), 1), "written_off", " ")
    over = place_late_entry(agency.owner, command_of(agency, date(2026, 9, 7), 1), "overage")
    ahead = place_late_entry(agency.owner, command_of(agency, date(2026, 9, 8), 2), "next")
    lost = place_late_entry(agency.owner, command_of(agency, date(2026, 9, 9), 3), "written_off", "A gift")
    read = period(agency, SEPTEMBER)
    assert read.period == frozen
    assert (read.used, read.overage, read.written_off) == (5 * HOUR, HOUR, 3 * HOUR)
    balance = read.period.balance
    assert balance.granted + balance.rolled_in == (read.used - read.overage) + balance.remaining
    assert period(agency, OCTOBER).used == 2 * HOUR
    october = read_draft(agency.owner, agency.northwind, OCTOBER)
    assert {row.id for row in october.entries.values()} == {over.entry_id, ahead.entry_id}
    assert [(line.kind, line.quantity, line.price) for line in october.draft.lines] == [
        ("time", 20_000, 950_000),
        ("overage", 10_000, 1_250_000),
    ]
    assert verify_workspace() == []
    with pytest.raises(Locked):
        delete_entry(agency.owner, lost.entry_id, 1)
    finalise_invoice(agency.owner, agency.northwind, OCTOBER, october.version)
    assert period(agency, OCTOBER).period.closed
    assert verify_workspace() == []


def test_finalising_closes_in_its_own_transaction_and_the_next_period_starts_with_what_is_left(agency: Agency) -> None:
    set_terms(agency.northwind_retainer, rollover="all", starts_on=SEPTEMBER)
    work(agency, date(2026, 9, 3), 6)
    draft = read_draft(agency.owner, agency.northwind, SEPTEMBER)
    finalise_invoice(agency.owner, agency.northwind, SEPTEMBER, draft.version)
    assert [row.rolled_out_seconds for row in stored(agency.northwind_retainer)] == [30 * HOUR]
    assert period(agency, OCTOBER).period.balance.available == 66 * HOUR


def test_a_change_takes_effect_from_its_date_and_never_in_a_closed_period(agency: Agency) -> None:
    work(agency, date(2026, 9, 3), 4)
    close_period(agency.owner, agency.northwind_retainer, SEPTEMBER)
    now = version(agency.northwind_retainer)
    more = NewTerms("hours", granted_seconds=50 * HOUR)
    with pytest.raises(Locked, match="closed up to 30 Sep 2026"):
        change_agreement(agency.owner, agency.northwind_retainer, now, date(2026, 9, 30), more)
    changed = change_agreement(agency.owner, agency.northwind_retainer, now, date(2026, 11, 1), more, "Grew")
    with pytest.raises(Stale):
        change_agreement(agency.owner, agency.northwind_retainer, now, date(2026, 11, 1), more)
    assert changed == now + 1
    [read] = read_retainers(agency.owner, date(2026, 12, 1), agency.northwind)
    granted = {one.period.first.month: one.period.balance.granted // HOUR for one in read.periods[-4:]}
    assert granted == {9: 36, 10: 36, 11: 50, 12: 50}


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (NewTerms("barter"), "basis"),
        (NewTerms("budget", budget_minor=1), "basis"),
        (NewTerms("hours"), "granted_seconds"),
        (NewTerms("fee"), "fee_minor"),
        (NewTerms("hours", granted_seconds=1, cycle_every=0), "cycle_every"),
        (NewTerms("hours", granted_seconds=1, rollover_expires_after=0), "rollover_expires_after"),
        (NewTerms("hours", granted_seconds=1, carry_deficit=True), "carry_deficit"),
        (NewTerms("hours", granted_seconds=-1), "granted_seconds"),
    ],
)
def test_terms_that_make_no_sense_are_refused_by_their_field(agency: Agency, terms: NewTerms, field: str) -> None:
    with pytest.raises(Refused) as refused:
        change_agreement(agency.owner, agency.northwind_retainer, 1, date(2026, 11, 1), terms)
    assert refused.value.field == field
    assert version(agency.northwind_retainer) == 1


def test_work_of_a_pause_falls_to_no_period_and_nothing_is_granted(agency: Agency) -> None:
    pause_agreement(agency.owner, agency.northwind_retainer, 1, SEPTEMBER, date(2026, 9, 30), "Summer break")
    logged = work(agency, date(2026, 9, 3), 4)
    with reading() as session:
        assert session.get_one(TimeEntry, logged.entry_id).retainer_id is None
    [read] = read_retainers(agency.owner, date(2026, 10, 1), agency.northwind)
    assert SEPTEMBER not in {one.period.first for one in read.periods}
    with pytest.raises(Refused, match="pause from 01 Sep 2026"):
        pause_agreement(agency.owner, agency.northwind_retainer, 2, date(2026, 9, 30), None)
    end_agreement(agency.owner, agency.northwind_retainer, 2, date(2026, 10, 15))
    [read] = read_retainers(agency.owner, date(2026, 12, 1), agency.northwind)
    assert read.periods[-1].period.last == date(2026, 10, 15)


def test_work_falls_to_the_most_specific_retainer_then_the_oldest_unless_a_person_says_otherwise(
    agency: Agency,
) -> None:
    with transaction() as session:
        rows = [
            Retainer(
                workspace_id=agency.workspace_id,
                client_id=agency.northwind,
                name=name,
                starts_on=date(2026, 1, 1),
                granted_seconds=10 * HOUR,
            )
            for name in ("Reporting", "Campaign", "Both")
        ]
        session.add_all(rows)
    reporting, campaign, both = (row.id for row in rows)
    set_scope(agency.owner, reporting, 1, [(None, agency.reporting)])
    set_scope(agency.owner, campaign, 1, [(agency.campaign, None)])
    set_scope(agency.owner, both, 1, [(agency.campaign, agency.reporting)])
    day = date(2026, 9, 3)

    def falls_to(**more: Any) -> str | None:
        with reading() as session:
            return session.get_one(TimeEntry, work(agency, day, 1, **more).entry_id).retainer_id

    assert falls_to() == agency.northwind_retainer
    assert falls_to(activity_id=agency.reporting) == reporting
    assert falls_to(campaign_id=agency.campaign) == campaign
    assert falls_to(campaign_id=agency.campaign, activity_id=agency.reporting) == both
    assert falls_to(activity_id=agency.reporting, retainer_id=campaign) == campaign
    set_scope(agency.owner, agency.northwind_retainer, 1, [(None, agency.strategy)])
    assert falls_to() is None
    assert verify_workspace() == []


def test_overage_that_needs_approval_is_billed_only_when_it_was_approved(agency: Agency) -> None:
    set_terms(agency.northwind_retainer, granted_seconds=4 * HOUR, overage="approval")
    work(agency, date(2026, 9, 3), 5)
    draft = read_draft(agency.owner, agency.northwind, SEPTEMBER)
    assert [line.kind for line in draft.draft.lines] == ["time"]
    with pytest.raises(Refused, match="billed or absorbed"):
        finalise_invoice(agency.owner, agency.northwind, SEPTEMBER, draft.version)
    with pytest.raises(Refused, match="billed or absorbed"):
        close_period(agency.owner, agency.northwind_retainer, SEPTEMBER)
    decide_overage(agency.lead, agency.northwind_retainer, date(2026, 9, 20), "absorb")
    decide_overage(agency.lead, agency.northwind_retainer, date(2026, 9, 20), "bill")
    draft = read_draft(agency.owner, agency.northwind, SEPTEMBER)
    assert [line.kind for line in draft.draft.lines] == ["time", "overage"]
    finalise_invoice(agency.owner, agency.northwind, SEPTEMBER, draft.version)
    with pytest.raises(Locked):
        decide_overage(agency.lead, agency.northwind_retainer, date(2026, 9, 20), "absorb")
    assert verify_workspace() == []


def test_a_retainer_that_stops_refuses_what_goes_past_it(agency: Agency) -> None:
    set_terms(agency.northwind_retainer, granted_seconds=4 * HOUR, overage="stop")
    logged = work(agency, date(2026, 9, 3), 3)
    with pytest.raises(Refused, match="stops at what was agreed"):
        work(agency, date(2026, 9, 4), 2)
    work(agency, date(2026, 9, 4), 2, billable=False)
    work(agency, date(2026, 9, 4), 1)
    start = datetime(2026, 9, 8, 6, tzinfo=UTC)
    with pytest.raises(Refused, match="stops at what was agreed"):
        move_entry(agency.owner, logged.entry_id, 1, start, start + timedelta(hours=4))
    move_entry(agency.owner, logged.entry_id, 1, start, start + timedelta(hours=2))
    assert period(agency, SEPTEMBER).used == 3 * HOUR


def test_a_budget_is_drawn_in_money_at_the_rate_of_each_entry(agency: Agency) -> None:
    set_terms(agency.northwind_retainer, basis="budget", budget_minor=50_000, rollover="all", starts_on=SEPTEMBER)
    work(agency, date(2026, 9, 3), 2)  # at 95.00
    work(agency, date(2026, 9, 4), 1, activity_id=agency.strategy)  # at 140.00
    assert period(agency, SEPTEMBER).period.balance.remaining == 50_000 - 19_000 - 14_000
    work(agency, date(2026, 9, 7), 4)
    balance = period(agency, SEPTEMBER).period.balance
    assert (balance.used, balance.overage) == (71_000, 21_000)
    draft = read_draft(agency.owner, agency.northwind, SEPTEMBER)
    assert sum(line.quantity for line in draft.draft.lines) == 70_000  # seven hours, in and over
    done = finalise_invoice(agency.owner, agency.northwind, SEPTEMBER, draft.version)
    with reading() as session:
        [said] = json.loads(session.get_one(Invoice, done.invoice_id).snapshot or "")["retainers"]
    assert (said["unit"], said["used"], said["overage"]) == ("money", 71_000, 21_000)
    assert verify_workspace() == []
    with transaction() as session:
        session.get_one(Client, agency.northwind).currency = "JPY"
    assert any("used is 710 minor units" in fault for fault in verify_workspace())


def test_an_invoice_of_a_month_bills_each_week_that_it_touches_once(agency: Agency) -> None:
    set_terms(
        agency.northwind_retainer,
        basis="fee",
        fee_minor=10_000,
        granted_seconds=2 * HOUR,
        cycle_unit="week",
        anchor_on=date(2026, 8, 31),
        starts_on=date(2026, 8, 31),
    )
    work(agency, date(2026, 9, 29), 2)
    work(agency, date(2026, 10, 1), 1)  # the same week: over
    september = read_draft(agency.owner, agency.northwind, SEPTEMBER)
    fees = [line.net_minor for line in september.draft.lines if line.kind == "fee"]
    assert fees == [10_000] * 4  # of 7, 14, 21 and 28 September; that of 31 August is August's
    finalise_invoice(agency.owner, agency.northwind, SEPTEMBER, september.version)
    assert [row.starts_on.day for row in stored(agency.northwind_retainer)] == [31, 7, 14, 21]
    october = read_draft(agency.owner, agency.northwind, OCTOBER)
    [over] = [line for line in october.draft.lines if line.kind == "overage"]
    assert over.quantity == 10_000
    assert len([line for line in october.draft.lines if line.kind == "fee"]) == 4
    assert verify_workspace() == []


def test_verify_finds_a_closed_period_that_does_not_follow_from_its_terms_or_its_neighbour(agency: Agency) -> None:
    set_terms(agency.northwind_retainer, rollover="all", starts_on=AUGUST)
    work(agency, date(2026, 8, 3), 10)
    close_period(agency.owner, agency.northwind_retainer, SEPTEMBER)
    with transaction() as session:
        for row in session.exec(select(RetainerPeriod)):
            if row.starts_on == AUGUST:
                row.terms = row.terms.replace('"all"', '"expire"')
            session.add(row)
    faults = verify_workspace()
    assert any("rolled_out is 0 s" in fault for fault in faults)
    with transaction() as session:
        for row in session.exec(select(RetainerPeriod)):
            if row.starts_on == AUGUST:
                row.terms = "{"
            else:
                row.lots_in, row.rolled_in_seconds = "[]", 0
            session.add(row)
    faults = verify_workspace()
    assert any("cannot be read" in fault for fault in faults)


def test_a_dump_and_a_load_bring_everything_about_retainers_back(
    agency: Agency, empty_database: EmptyDatabase, tmp_path: Any
) -> None:
    work(agency, date(2026, 9, 3), 4)
    close_period(agency.owner, agency.northwind_retainer, SEPTEMBER)
    place_late_entry(agency.owner, command_of(agency, date(2026, 9, 7), 1), "written_off", "A gift")
    change_agreement(agency.owner, agency.northwind_retainer, 1, date(2026, 11, 1), HOURS)
    pause_agreement(agency.owner, agency.northwind_retainer, 2, date(2026, 12, 1), None)
    set_scope(agency.owner, agency.northwind_retainer, 3, [(agency.campaign, agency.reporting)])
    before = read_retainers(agency.owner, date(2026, 12, 1))
    dump_workspace(tmp_path / "all.json")
    empty_database()
    counts = load_workspace(tmp_path / "all.json")
    assert [counts[name] for name in ("retainer_terms", "retainer_pause", "retainer_scope", "late_entry")] == [1] * 4
    assert read_retainers(agency.owner, date(2026, 12, 1)) == before
    dump_workspace(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "all.json").read_bytes()


def test_the_page_of_a_retainer_tells_what_each_entry_draws(agency: Agency) -> None:
    set_terms(agency.northwind_retainer, granted_seconds=4 * HOUR, rollover="all", starts_on=AUGUST)
    work(agency, date(2026, 8, 3), 3)
    for day in (3, 4, 7):
        work(agency, date(2026, 9, day), 2)
    detail = read_retainer(agency.owner, agency.northwind_retainer, date(2026, 9, 20))
    assert [(one.rolled, one.granted, one.overage) for one in detail.entries] == [
        (HOUR, HOUR, 0),
        (0, 2 * HOUR, 0),
        (0, HOUR, HOUR),
    ]


def test_a_late_row_that_says_otherwise_than_its_entry_is_found(agency: Agency) -> None:
    work(agency, date(2026, 9, 3), 4)
    close_period(agency.owner, agency.northwind_retainer, SEPTEMBER)
    place_late_entry(agency.owner, command_of(agency, date(2026, 9, 7), 1), "overage")
    with transaction() as session:
        late = session.exec(select(LateEntry)).one()
        late.placement, late.reason = "written_off", "?"
        session.add(late)
    assert any("was placed as written_off" in fault for fault in verify_workspace())


def test_the_dashboard_asks_the_database_as_often_for_forty_retainers_as_for_two(agency: Agency) -> None:
    """In the dearest case: calendars, older periods that roll over, budgets in currencies of other decimals."""
    few = _statements_of_the_dashboard(agency)
    currencies = ("EUR", "JPY", "KWD")
    with transaction() as session:
        session.add(
            TargetWeek(
                workspace_id=agency.workspace_id, member_id=agency.owner.member_id, starts_on=AUGUST, monday=8 * HOUR
            )
        )
        for place in range(38):
            client = Client(
                workspace_id=agency.workspace_id,
                name=f"Client {place}",
                short_name=f"C{place}",
                currency=currencies[place % 3],
            )
            session.add(client)
            session.flush()
            terms: dict[str, Any] = {"basis": "budget", "budget_minor": 100} if place % 4 == 0 else {}
            session.add(
                Retainer(
                    workspace_id=agency.workspace_id,
                    client_id=client.id,
                    name="All",
                    starts_on=date(2025, 1, 1),
                    granted_seconds=HOUR,
                    rollover="all" if place % 2 else "expire",
                    **terms,
                )
            )
    work(agency, date(2026, 10, 19), 1)
    many = _statements_of_the_dashboard(agency)
    assert few <= many <= 12
    assert _statements_of_the_dashboard(agency, None) <= 12


def _statements_of_the_dashboard(agency: Agency, as_of: date | None = date(2026, 10, 20)) -> int:
    counted: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            counted.append(statement)

    event.listen(engine(), "before_cursor_execute", count)
    try:
        read_dashboard(agency.owner, as_of)
    finally:
        event.remove(engine(), "before_cursor_execute", count)
    return len(counted)


@pytest.mark.parametrize(("begins", "used"), [("monday", [2, 3]), ("sunday", [0, 5])])
def test_the_weeks_of_a_retainer_begin_as_the_workspaces_do(agency: Agency, begins: str, used: list[int]) -> None:
    settings_are(agency, first_weekday=begins)
    work(agency, date(2026, 10, 11), 2)  # a Sunday, and the day after it
    work(agency, date(2026, 10, 12), 3)
    [read] = read_retainers(agency.owner, date(2026, 10, 14), agency.northwind)
    assert read.weeks[-2:] == [hours * HOUR for hours in used]
