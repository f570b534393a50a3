"""The focused client's card: whatever the basis and the cycle, it tells the retainer's own period in its own unit."""

from datetime import UTC, date, datetime, timedelta

from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.read_retainers import read_periods_on
from agency_app.states.focus_view import focus_view
from agency_app.states.views import Focus
from agency_app.store.engine import transaction
from agency_app.tables import Retainer
from tests.services.conftest import Agency

HOUR = 3600
DAY = date(2026, 10, 8)


def card(agency: Agency, **terms: object) -> Focus:
    with transaction() as session:
        row = session.get_one(Retainer, agency.northwind_retainer)
        for name, value in terms.items():
            setattr(row, name, value)
    for day in (5, 6, 7):
        start = datetime(2026, 10, day, 6, tzinfo=UTC)
        log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=2)))
    live = read_draft(agency.owner, agency.northwind, DAY)
    held = read_periods_on(agency.owner, agency.northwind, DAY, DAY)
    return focus_view(live, held, DAY, DAY, "")


def facts(view: Focus) -> dict[str, str]:
    return {fact["name"]: fact["value"] for fact in view["facts"]}


def test_a_budget_is_told_in_money_throughout(agency: Agency) -> None:
    terms = {"basis": "budget", "budget_minor": 200_000, "rollover": "all", "overage": "approval"}
    view = card(agency, starts_on=date(2026, 10, 1), **terms)
    assert (view["used"], view["available"], view["left"]) == ("€570.00", "€2,000.00", "€1,430.00 left")
    said = " ".join([view["curve"]["text"], view["forecast"], *facts(view).values()])
    assert " h" not in said.replace("€125.00 / h", "")
    assert facts(view)["Overage rate"] == "€125.00 / h, if approved"
    assert [level["text"] for level in view["curve"]["levels"]] == ["0", "1k", "2k"]


def test_two_weeks_are_told_as_their_own_period(agency: Agency) -> None:
    view = card(agency, cycle_unit="week", cycle_every=2, anchor_on=date(2026, 9, 28), granted_seconds=10 * HOUR)
    assert (view["used"], view["available"], view["left"]) == ("6", "10 h", "4 h left")
    assert facts(view)["Period"] == "28 September – 11 October 2026"
    assert facts(view)["Ideal by today"] == "9 h, 3 h behind"
    assert "month" not in view["forecast"]
    assert [tick["text"] for tick in view["curve"]["ticks"]] == ["28 Sep", "2 Oct", "6 Oct", "10 Oct"]


def test_a_hybrid_names_its_fee_and_others_stand_below(agency: Agency) -> None:
    with transaction() as session:
        session.add(
            Retainer(
                workspace_id=agency.workspace_id,
                client_id=agency.northwind,
                name="Launch",
                basis="budget",
                budget_minor=300_000,
                starts_on=date(2026, 10, 1),
            )
        )
    view = card(agency, basis="hybrid", fee_minor=90_000, granted_seconds=20 * HOUR)
    assert (view["used"], view["available"]) == ("6", "20 h")
    assert facts(view)["Fee"] == "€900.00"
    assert facts(view)["Launch"] == "€3,000.00 left"
