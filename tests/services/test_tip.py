"""What the tip foretells of the draft is what saving does to it, also where another entry moves over what was agreed."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agency_app.services.log_time import Logged, LogTime, log_time
from agency_app.services.place_by_hand import move_to_wall, resize_to_walls
from agency_app.services.read_draft import read_draft
from agency_app.services.read_week import read_week
from agency_app.states.week_view import week_side
from agency_app.store.engine import transaction
from agency_app.tables import Retainer, TaskTemplate
from tests.services.conftest import Agency
from tests.tip import told

MONDAY = date(2026, 9, 21)
"""The last whole week of September: the retainer's 36 h of that month are used up in it."""


@pytest.fixture
def used_up(agency: Agency) -> dict[str, str]:
    """35 h of September are used before Wednesday's strategy call of 2 h, which goes over 36 h; 2 h come after it."""
    with transaction() as session:
        session.get_one(Retainer, agency.northwind_retainer).overage = "bill"
        for name, activity_id in (("Bids", agency.optimisation), ("Call", agency.strategy)):
            session.add(
                TaskTemplate(workspace_id=agency.workspace_id, name=name, activity_id=activity_id, default_seconds=7200)
            )
    for day in range(1, 6):
        log(agency, agency.optimisation, f"2026-09-{day:02}T08:00", 6)
    return {
        "before": log(agency, agency.optimisation, "2026-09-21T08:00", 5).entry_id,
        "call": log(agency, agency.strategy, "2026-09-23T13:00", 2).entry_id,
        "after": log(agency, agency.optimisation, "2026-09-24T13:00", 2).entry_id,
    }


@pytest.mark.parametrize("activity", ["Bids", "Call"])
@pytest.mark.parametrize("start", ["2026-09-21T06:00", "2026-09-23T10:00", "2026-09-23T13:00", "2026-09-25T10:00"])
def test_a_drop_adds_what_the_tip_says(agency: Agency, used_up: dict[str, str], activity: str, start: str) -> None:
    week = side(agency)
    place = next(json.loads(one["data"])["hint"] for one in week["templates"] if one["name"] == activity)
    hint = week["events"]["hints"][place]
    gesture = {"kind": "new", "hint": hint | {"duration": 7200}, "from": None, "to": span(start, 2)}
    logs = agency.optimisation if activity == "Bids" else agency.strategy
    assert_foretold(agency, gesture, lambda: log(agency, logs, start, 2))


@pytest.mark.parametrize("entry", ["before", "call", "after"])
@pytest.mark.parametrize("start", ["2026-09-21T06:00", "2026-09-22T06:00", "2026-09-23T12:00", "2026-09-25T10:00"])
def test_a_move_changes_what_the_tip_says(agency: Agency, used_up: dict[str, str], entry: str, start: str) -> None:
    row, held, hours = block(agency, used_up[entry])
    gesture = {"kind": "move", "hint": row, "from": held, "to": span(start, hours)}
    assert_foretold(
        agency, gesture, lambda: move_to_wall(agency.owner, used_up[entry], 1, datetime.fromisoformat(start))
    )


@pytest.mark.parametrize("entry", ["before", "call", "after"])
@pytest.mark.parametrize("by", [-1, 1, 4])
def test_a_resize_changes_what_the_tip_says(agency: Agency, used_up: dict[str, str], entry: str, by: int) -> None:
    row, held, hours = block(agency, used_up[entry])
    to = span(held["start"], hours + by)
    gesture = {"kind": "resize", "hint": row, "from": held, "to": to}
    begins, ends = (datetime.fromisoformat(to[name]) for name in ("start", "end"))
    assert_foretold(agency, gesture, lambda: resize_to_walls(agency.owner, used_up[entry], 1, begins, ends))


def test_a_move_to_another_month_is_told_for_both(agency: Agency, used_up: dict[str, str]) -> None:
    row, held, hours = block(agency, used_up["before"], date(2026, 9, 28))
    gesture = {"kind": "move", "hint": row, "from": held, "to": span("2026-10-01T08:00", hours)}
    before = subtotal(agency)
    [tip] = told(gesture)
    move_to_wall(agency.owner, used_up["before"], 1, datetime(2026, 10, 1, 8))
    taken, added = (f"€{amount / 100:,.2f}" for amount in (before - subtotal(agency), subtotal(agency, month=10)))
    assert tip["text"].startswith(f"Takes {taken} off Sep, adds {added} to Oct.")


def assert_foretold(agency: Agency, gesture: dict[str, Any], make: Callable[[], Logged]) -> None:
    before = subtotal(agency)
    [tip] = told(gesture)
    make()
    said = re.match(r"(Adds|Takes) €([\d,.]+)", tip["text"])
    amount = int(said[2].replace(",", "").replace(".", "")) * (1 if said[1] == "Adds" else -1) if said else 0
    assert amount == subtotal(agency) - before, tip["text"]


def subtotal(agency: Agency, month: int = 9) -> int:
    return read_draft(agency.owner, agency.northwind, date(2026, month, 15)).draft.totals.subtotal_minor


def side(agency: Agency, monday: date = MONDAY) -> Any:
    return week_side(read_week(agency.owner, monday, agency.northwind), agency.northwind, monday, agency.owner.zone)


def block(agency: Agency, entry_id: str, until: date = MONDAY) -> tuple[dict[str, Any], dict[str, str], int]:
    """Return the hint of a block as the page has it, where it is, and its hours."""
    week = read_week(agency.owner, MONDAY, agency.northwind)
    [row] = [row for row in week.entries if row.id == entry_id]
    assert row.started_at is not None
    told_of = side(agency)["events"]
    kind = next(one[4] for one in told_of["rows"] if one[0] == entry_id)
    hint = told_of["hints"][told_of["kinds"][kind][-1]]
    if until != MONDAY:  # the week beside it, which a block can be carried into
        hint = hint | {"periods": side(agency, until)["events"]["hints"][0]["periods"] | hint["periods"]}
    wall = row.started_at.astimezone(ZoneInfo(agency.owner.zone))
    return hint | {"duration": row.seconds}, span(f"{wall:%Y-%m-%dT%H:%M}", row.seconds // 3600), row.seconds // 3600


def span(start: str, hours: int) -> dict[str, str]:
    begins = datetime.fromisoformat(start)
    return {"start": begins.isoformat(), "end": (begins + timedelta(hours=hours)).isoformat()}


def log(agency: Agency, activity: str, start: str, hours: int) -> Logged:
    begins = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(agency.owner.zone))
    return log_time(agency.owner, LogTime(agency.northwind, activity, begins, begins + timedelta(hours=hours)))
