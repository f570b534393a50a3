"""A week travels small, and nothing that a block shows is lost on the way."""

import json
from datetime import UTC, date, datetime, timedelta

from agency_app.services.log_time import LogTime, log_time
from agency_app.services.plan_task import PlanTask, plan_task
from agency_app.services.read_week import read_week
from agency_app.states.packed_week import Packed
from agency_app.states.week_view import calendar_events, week_side
from tests.services.conftest import Agency

MONDAY = date(2026, 11, 16)


def test_a_hundred_blocks_take_less_than_ten_kilobytes(agency: Agency) -> None:
    for place in range(100):
        start = datetime(2026, 11, 16, 6, tzinfo=UTC) + timedelta(days=place % 5, minutes=30 * (place // 5))
        client = (agency.northwind, agency.summit)[place % 2]
        log_time(agency.owner, LogTime(client, agency.optimisation, start, start + timedelta(minutes=25)))
    side = week_side(read_week(agency.owner, MONDAY, agency.northwind), agency.northwind, MONDAY, "UTC")
    assert len(side["events"]["rows"]) == 100
    assert len(json.dumps(side["events"], separators=(",", ":"))) < 8_500


def _wall(since: str, minutes: int) -> str:
    return (datetime.fromisoformat(since) + timedelta(minutes=minutes)).isoformat()


def test_what_blocks_share_is_told_once_and_each_keeps_what_is_its_own(agency: Agency) -> None:
    start = datetime(2026, 11, 17, 8, 0, 30, tzinfo=UTC)
    for client in (agency.northwind, agency.northwind, agency.summit):
        log_time(agency.owner, LogTime(client, agency.optimisation, start, start + timedelta(minutes=25)))
    log_time(agency.owner, LogTime(agency.summit, agency.strategy, None, None, day=MONDAY, seconds=900))
    plan_task(agency.owner, PlanTask(agency.northwind, agency.optimisation, "Budgets", 3600))
    flat = calendar_events(read_week(agency.owner, MONDAY, agency.northwind), "UTC")
    flat[0] |= {"locked": True, "locked_note": "On INV-1", "initials": "JV"}
    packed = Packed().events(flat)
    assert len(packed["kinds"]) == 3
    assert len(packed["hints"]) == 2
    for block, (entry_id, version, begins, seconds, kind, *rest) in zip(flat, packed["rows"], strict=True):
        flags, ends, more = [*rest, *(0, "", {})[len(rest) :]]
        client, activity, platform, colour, hint = packed["kinds"][kind]
        assert (entry_id, version, seconds) == (block["id"], block["version"], block["seconds"])
        assert (client, activity, platform, colour) == tuple(
            block[name] for name in ("client", "activity", "platform", "colour")
        )
        assert (bool(flags & 1), bool(flags & 2)) == (block["locked"], block["overlap"])
        assert (begins if isinstance(begins, str) else _wall(packed["since"], begins)) == block["start"]
        assert ends == ""
        assert packed["hints"][hint] == block["hint"]
        assert more == ({"locked_note": "On INV-1", "initials": "JV"} if block is flat[0] else {})
        assert all(rest[-1:])


def test_the_end_is_told_where_the_clocks_change_on_the_way(agency: Agency) -> None:
    night = datetime(2026, 10, 24, 23, tzinfo=UTC)  # one o'clock in Amsterdam, in summer time
    log_time(agency.owner, LogTime(agency.summit, agency.strategy, night, night + timedelta(hours=4)))
    week = read_week(agency.owner, date(2026, 10, 19), agency.northwind)
    [[_, _, begins, seconds, _, _, ends]] = Packed().events(calendar_events(week, "Europe/Amsterdam"))["rows"]
    assert (begins, ends, seconds) == (60, "2026-10-25T04:00:00", 14_400)
