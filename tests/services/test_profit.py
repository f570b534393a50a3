"""What work earned and cost: cost rates, the report by client, activity, member and month, and who may see it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import time_machine

from agency_app.services.actor import Actor, actor_of
from agency_app.services.change_calendar import set_target_week
from agency_app.services.close_period import close_period
from agency_app.services.cost_rates import read_costs, set_cost_rate
from agency_app.services.decide_billing import Seen, bill_seconds, write_off
from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.load_workspace import load_workspace
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.place_late_entry import place_late_entry
from agency_app.services.profit_csv import profit_csv
from agency_app.services.read_profit import ProfitQuestion, ProfitRead, question_of, read_profit
from agency_app.services.refusal import NotAllowed, NotFound, Refused, Stale
from agency_app.states.reports import report_view
from agency_app.store.engine import transaction
from agency_app.tables import Client, Member, Retainer
from tests.services.conftest import Agency, EmptyDatabase

HOUR = 3600
SEPTEMBER = ProfitQuestion(date(2026, 9, 1), date(2026, 9, 1))
FULL = (8 * HOUR,) * 5 + (0, 0)


def work(
    agency: Agency, hours: int, day: int = 7, month: int = 9, client: str = "", by: Actor | None = None, **more: Any
) -> str:
    start = datetime(2026, month, day, 0, tzinfo=UTC)
    activity = more.pop("activity", agency.optimisation)
    command = LogTime(client or agency.northwind, activity, start, start + timedelta(hours=hours), **more)
    return log_time(by or agency.owner, command).entry_id


def report(agency: Agency, group: str = "client", **more: Any) -> ProfitRead:
    return read_profit(agency.owner, replace(SEPTEMBER, group=group, **more))


def figures(read: ProfitRead) -> dict[str, tuple[int, int, int | None]]:
    return {row.name: (row.seconds // HOUR, row.income, row.cost) for row in read.rows}


def test_fee_by_hours_used_is_the_effective_rate_and_hours_earn_their_own(agency: Agency) -> None:
    work(agency, 16, client=agency.summit)
    work(agency, 10)
    work(agency, 4, 8, billable=False)
    read = report(agency)
    assert figures(read) == {"Summit Coffee": (16, 200_000, None), "Northwind Outdoor": (14, 95_000, None)}
    assert [(fee.retainer, fee.fee_minor, fee.seconds) for fee in read.fees] == [("Always on", 200_000, 16 * HOUR)]
    assert not read.has_costs


def test_overage_is_charged_at_its_rate_or_lost(agency: Agency) -> None:
    work(agency, 20)
    work(agency, 20, 8)  # 40 of 36 hours
    assert figures(report(agency))["Northwind Outdoor"] == (40, 36 * 9_500 + 4 * 12_500, None)
    with transaction() as session:
        session.get_one(Retainer, agency.northwind_retainer).overage = "absorb"
    read = report(agency)
    assert figures(read)["Northwind Outdoor"] == (40, 36 * 9_500, None)
    assert (read.where[0].earning, read.where[0].over) == (36 * HOUR, 4 * HOUR)
    assert next(row.lost for row in read.rows if row.name == "Northwind Outdoor") == 4 * 9_500


def test_late_work_that_was_written_off_is_told_apart(agency: Agency) -> None:
    work(agency, 10)
    close_period(agency.lead, agency.northwind_retainer, date(2026, 9, 1))
    start = datetime(2026, 9, 9, 9, tzinfo=UTC)
    command = LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=2))
    place_late_entry(agency.lead, command, "written_off", reason="A mistake of ours")
    read = report(agency)
    assert (read.where[0].earning, read.where[0].written_off) == (10 * HOUR, 2 * HOUR)
    assert figures(read)["Northwind Outdoor"][1] == 10 * 9_500


def test_what_a_person_writes_off_or_bills_less_earns_nothing_and_is_told_as_lost(agency: Agency) -> None:
    entry_id = work(agency, 10)
    whole = figures(report(agency))["Northwind Outdoor"][1]
    less = bill_seconds(agency.lead, Seen(entry_id, 1), 9 * HOUR)
    write_off(agency.lead, Seen(entry_id, 1, less.version), 2 * HOUR, "Learning on our side")
    read = report(agency)
    assert (read.where[0].earning, read.where[0].written_off) == (7 * HOUR, 3 * HOUR)
    assert figures(read)["Northwind Outdoor"][1] == whole - 3 * 9_500
    assert read.totals[0].lost == 3 * 9_500


@pytest.mark.parametrize("anchor", [date(2026, 1, 1), date(2026, 1, 15)])
def test_closing_a_period_leaves_what_it_earned_as_it_was(agency: Agency, anchor: date) -> None:
    with transaction() as session:
        session.get_one(Retainer, agency.northwind_retainer).anchor_on = anchor
        session.get_one(Retainer, agency.summit_retainer).granted_seconds = 10 * HOUR
    for month, day, client in product((7, 8, 9), (3, 20), (agency.northwind, agency.summit)):
        work(agency, 20, day, month, client=client)
    question = ProfitQuestion(date(2026, 7, 1), date(2026, 9, 30), "month")
    before = read_profit(agency.owner, question)
    assert before.totals[0].income == sum(row.income for row in before.rows) > 600_000
    for retainer_id in (agency.northwind_retainer, agency.summit_retainer):
        close_period(agency.lead, retainer_id, date(2026, 9, 1))
    after = read_profit(agency.owner, question)
    assert (after.rows, after.where, after.fees) == (before.rows, before.where, before.fees)


def test_costs_are_those_of_the_day_and_unknown_ones_are_named(agency: Agency) -> None:
    set_cost_rate(agency.owner, agency.owner.member_id, date(2026, 1, 1), 400_000, 0)
    set_cost_rate(agency.owner, agency.owner.member_id, date(2026, 9, 15), 500_000, 1)
    work(agency, 10, 14)
    work(agency, 10, 15)
    assert figures(report(agency))["Northwind Outdoor"] == (20, 190_000, 40_000 + 50_000)
    work(agency, 1, 16, by=agency.lead)
    [row] = [row for row in report(agency).rows if row.name == "Northwind Outdoor"]
    assert (row.income, row.cost, row.costed_income) == (199_500, 90_000, 190_000)
    assert (row.margin, row.margin_percent, row.without) == (100_000, 53, {"Joris Vink": HOUR})
    assert {
        name: cost for name, (_, _, cost) in figures(report(agency, "member")).items() if name != "No work logged"
    } == {
        "Mara Halden": 90_000,
        "Joris Vink": None,
    }


def test_a_rate_from_a_day_on_leaves_out_the_work_before_it_and_no_more(agency: Agency) -> None:
    set_cost_rate(agency.owner, agency.owner.member_id, date(2026, 9, 15), 500_000, 0)
    entry_id = work(agency, 10, 14)
    work(agency, 4, 15)
    write_off(agency.lead, Seen(entry_id, 1), 2 * HOUR, "Learning on our side")
    for group in ("client", "activity", "member", "month"):
        for row in (one for one in report(agency, group, client_id=agency.northwind).rows if one.seconds):
            assert (row.seconds, row.income, row.lost) == (14 * HOUR, 12 * 9_500, 2 * 9_500)
            assert (row.cost, row.costed_income, row.without) == (20_000, 4 * 9_500, {"Mara Halden": 10 * HOUR})


def test_a_partial_cost_says_whose_work_is_not_in_it_on_the_page_and_in_the_file(agency: Agency) -> None:
    set_cost_rate(agency.owner, agency.owner.member_id, date(2026, 1, 1), 400_000, 0)
    work(agency, 10)
    work(agency, 2, 8, by=agency.lead)
    read = report(agency, client_id=agency.northwind)
    view = report_view(read)
    assert (view["rows"][0]["cost"], view["rows"][0]["without"]) == ("€400.00", "without Joris Vink")
    assert (view["rows"][0]["margin"], view["rows"][0]["counted"]) == ("€550.00", "of €950.00")
    assert [(kpi["value"], kpi["without"]) for kpi in view["kpis"] if kpi["name"] in ("Cost", "Margin")] == [
        ("€400.00", "without Joris Vink"),
        ("58 %", "without Joris Vink"),
    ]
    assert view["summary"] == (
        "€1,140.00 earned in 12 h. Of the €950.00 whose cost is known, €550.00 is margin (58 %)."
    )
    assert view["notes"] == [
        {
            "text": "Without Joris Vink, 2 h: no cost rate on those days. Cost and margin are of the rest.",
            "href": "/settings/costs",
            "link": "Set their cost rates",
        }
    ]
    assert profit_csv(read).decode().splitlines()[1].endswith("400.00,550.00,0.00,2.00,Joris Vink")
    whole = report_view(report(agency, member_id=agency.owner.member_id))
    assert {kpi["without"] for kpi in whole["kpis"]} == {row["counted"] for row in whole["rows"]} == {""}
    unknown = report_view(report(agency, "member", client_id=agency.northwind))["rows"][1]
    assert (unknown["cost"], unknown["margin"], unknown["without"]) == ("–", "–", "without Joris Vink")


def test_every_way_of_adding_up_has_the_same_totals(agency: Agency) -> None:
    for day, (activity, by, client) in enumerate(
        product(
            (agency.optimisation, agency.reporting), (agency.owner, agency.lead), (agency.northwind, agency.summit)
        ),
        1,
    ):
        work(agency, day, day, client=client, by=by, activity=activity)
        work(agency, 9 - day, day + 8, 8, client=client, by=by, activity=activity)
    totals = set()
    for group in ("client", "activity", "member", "month"):
        read = read_profit(agency.owner, ProfitQuestion(date(2026, 8, 1), date(2026, 9, 30), group))
        totals.add((sum(row.income for row in read.rows), sum(row.seconds for row in read.rows)))
        assert read.totals[0].income == sum(row.income for row in read.rows)
    assert len(totals) == 1
    by_member = [report(agency, member_id=one.member_id).totals[0].income for one in (agency.owner, agency.lead)]
    assert sum(by_member) == report(agency).totals[0].income
    assert [row.name for row in report(agency, "activity", client_id=agency.summit).rows] == [
        "Reporting",
        "Optimisation",
    ]


def test_another_currency_is_never_added_up_with_the_agencys(agency: Agency) -> None:
    with transaction() as session:
        session.get_one(Client, agency.summit).currency = "GBP"
    set_cost_rate(agency.owner, agency.owner.member_id, date(2026, 1, 1), 400_000, 0)
    work(agency, 10)
    work(agency, 10, 8, client=agency.summit)
    read = report(agency)
    assert [(row.currency, row.income, row.cost) for row in read.totals] == [
        ("GBP", 200_000, None),
        ("EUR", 95_000, 40_000),
    ]


@time_machine.travel(datetime(2026, 9, 11, 12, tzinfo=UTC), tick=False)
def test_hours_below_the_target_are_told_until_today_and_nobody_makes_up_for_others(agency: Agency) -> None:
    assert report(agency).where[0].unlogged is None
    set_target_week(agency.owner, agency.owner.member_id, date(2026, 9, 7), FULL, 0)
    set_target_week(agency.lead, agency.lead.member_id, date(2026, 9, 7), FULL, 0)
    work(agency, 20)
    work(agency, 20, 8)
    work(agency, 20, 9)
    work(agency, 10, 9, by=agency.lead)
    assert report(agency).where[0].unlogged == 30 * HOUR
    assert report(agency, member_id=agency.owner.member_id).where[0].unlogged == 0
    assert report(agency, client_id=agency.northwind).where[0].unlogged is None


@pytest.mark.parametrize("role", ["lead", "member"])
def test_only_owner_and_finance_see_and_set_what_members_cost(agency: Agency, role: str) -> None:
    with transaction() as session:
        member = Member(workspace_id=agency.workspace_id, email="x@halden.example", name="X", role=role)
        session.add(member)
        session.flush()
        actor = actor_of(member)
    for refused in (
        lambda: read_costs(actor),
        lambda: read_profit(actor, SEPTEMBER),
        lambda: set_cost_rate(actor, actor.member_id, date(2026, 1, 1), 1, 0),
        lambda: set_cost_rate(replace(actor, role="owner"), actor.member_id, date(2026, 1, 1), 1, 0),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_second_save_of_a_cost_is_refused_while_the_first_was_not_seen(agency: Agency) -> None:
    owner, day = agency.owner, date(2026, 1, 1)
    set_cost_rate(owner, agency.lead.member_id, day, 400_000, 0)
    with pytest.raises(Stale):
        set_cost_rate(owner, agency.lead.member_id, day, 500_000, 0)
    with pytest.raises(NotFound):
        set_cost_rate(owner, "nobody", day, 500_000, 0)
    with pytest.raises(Refused):
        set_cost_rate(owner, agency.lead.member_id, date(1026, 1, 1), 500_000, 1)
    set_cost_rate(owner, agency.lead.member_id, day, 500_000, read_costs(owner).seen(agency.lead.member_id))
    assert [[rate.rate for rate in rates] for _, rates in read_costs(owner).members] == [[500_000], []]


def test_cost_rates_are_dumped_and_loaded(agency: Agency, tmp_path: Path, empty_database: EmptyDatabase) -> None:
    set_cost_rate(agency.owner, agency.lead.member_id, date(2026, 1, 1), 400_000, 0)
    dump_workspace(tmp_path / "dump.json")
    empty_database()
    assert load_workspace(tmp_path / "dump.json")["cost_rate"] == 1


def test_an_address_is_read_leniently_and_three_years_are_the_most() -> None:
    today = date(2026, 9, 11)
    assert question_of({}, today) == ProfitQuestion(date(2026, 7, 1), date(2026, 9, 1))
    assert question_of({"from": "x", "to": "2026-02", "by": "moon"}, today) == ProfitQuestion(
        date(2025, 12, 1), date(2026, 2, 1)
    )
    assert question_of({"from": "2026-05", "to": "2026-02"}, today).first == date(2026, 2, 1)
    with pytest.raises(Refused):
        question_of({"from": "2020-01", "to": "2026-02"}, today)
