"""What a drag foretells comes from the retainer the work falls to, in its own period and unit."""

import json
from datetime import UTC, date, datetime, timedelta

from agency_app.services.change_agreement import set_scope
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_week import read_week
from agency_app.states.week_view import week_side
from agency_app.store.engine import transaction
from agency_app.tables import Retainer, TaskTemplate
from tests.services.conftest import Agency

MONDAY = date(2026, 9, 28)


def test_a_template_and_an_entry_hint_at_their_own_retainer_in_its_unit(agency: Agency) -> None:
    with transaction() as session:
        session.get_one(Retainer, agency.northwind_retainer).basis = "budget"
        session.get_one(Retainer, agency.northwind_retainer).budget_minor = 100_000
        sprint = Retainer(
            workspace_id=agency.workspace_id,
            client_id=agency.northwind,
            name="Sprint",
            starts_on=MONDAY,
            granted_seconds=36_000,
            cycle_unit="week",
            cycle_every=2,
            anchor_on=MONDAY,
        )
        session.add(sprint)
        for name, activity_id in (("Bids", agency.optimisation), ("Report", agency.reporting)):
            session.add(
                TaskTemplate(workspace_id=agency.workspace_id, name=name, activity_id=activity_id, default_seconds=3600)
            )
    set_scope(agency.owner, sprint.id, 1, [(None, agency.reporting)])
    start = datetime(2026, 9, 29, 6, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=2)))
    side = week_side(read_week(agency.owner, MONDAY, agency.northwind), agency.northwind, MONDAY, "UTC")

    def periods(place: int) -> dict[str, tuple[object, ...]]:
        hint = side["events"]["hints"][place]
        return {
            key: (one["name"], one["in_money"], one["used"], one["available"]) for key, one in hint["periods"].items()
        }

    templates = {one["name"]: json.loads(one["data"])["hint"] for one in side["templates"]}
    money = {
        "2026-09-01": ("Performance, Sep", True, 19_000, 100_000),
        "2026-10-01": ("Performance, Oct", True, 0, 100_000),
    }
    assert periods(templates["Bids"]) == money
    assert periods(templates["Report"]) == {"2026-09-28": ("Sprint, 28 Sep – 11 Oct", False, 0, 36_000)}
    [[*_, seconds, kind]] = side["events"]["rows"]
    assert seconds == 7200
    assert periods(side["events"]["kinds"][kind][-1]) == money
