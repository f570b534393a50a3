"""Late work is handed in by a member, waits without counting, and goes where a lead says. On both databases."""

from datetime import UTC, date, datetime

import pytest

from agency_app.services.actor import Actor
from agency_app.services.close_period import close_period
from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.late_work import decide_late_work, hand_in_late_work, is_late_work, withdraw_late_work
from agency_app.services.load_workspace import load_workspace
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_retainers import RetainerDetail, read_dashboard, read_retainer
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused
from agency_app.services.verify_workspace import verify_workspace
from agency_app.states.retainer_words import drawn_words
from agency_app.store.engine import reading
from agency_app.tables import TimeEntry
from tests.services.conftest import Agency, EmptyDatabase

HOUR = 3600
SEPTEMBER, LATE_DAY = date(2026, 9, 1), date(2026, 9, 8)


def touch(agency: Agency, day: date = LATE_DAY, hours: int = 2, **more: object) -> LogTime:
    start = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    end = start.replace(hour=8 + hours)
    return LogTime(agency.northwind, agency.optimisation, start, end, note="Bids", **more)  # pyright: ignore[reportArgumentType]


@pytest.fixture
def closed(agency: Agency) -> Agency:
    """September of Northwind is closed, with four hours used."""
    log_time(agency.owner, touch(agency, date(2026, 9, 3), 4))
    close_period(agency.owner, agency.northwind_retainer, SEPTEMBER)
    return agency


def detail(agency: Agency, day: date = SEPTEMBER) -> RetainerDetail:
    return read_retainer(agency.owner, agency.northwind_retainer, day)


def test_late_work_waits_and_counts_nowhere(closed: Agency, ida: Actor) -> None:
    with pytest.raises(Locked, match="hand it in as late work"):
        log_time(ida, touch(closed))
    assert is_late_work(ida, touch(closed), LATE_DAY)
    assert not is_late_work(ida, touch(closed, billable=False), LATE_DAY)
    assert not is_late_work(ida, touch(closed, retainer_id="none"), LATE_DAY)
    assert not is_late_work(ida, touch(closed, date(2026, 10, 5)), date(2026, 10, 5))
    before = detail(closed)
    hand_in_late_work(ida, touch(closed))
    [(row, member, activity)] = detail(closed).late
    assert (row.seconds, row.work_date, member, activity) == (2 * HOUR, LATE_DAY, "Ida Roos", "Optimisation")
    assert (detail(closed).shown, detail(closed).entries) == (before.shown, before.entries)
    [(client, retainer, count, seconds)] = read_dashboard(closed.owner, date(2026, 10, 20)).late
    assert (client.name, retainer.name, count, seconds) == ("Northwind Outdoor", "Performance", 1, 2 * HOUR)
    assert verify_workspace() == []


@pytest.mark.parametrize(
    ("placement", "reason", "september", "words"),
    [
        ("overage", "", 6, "late, overage"),
        ("written_off", "Our own mistake", 4, "late, written off: Our own mistake"),
        ("next", "", 4, "included, late work of an earlier period"),
    ],
)
def test_it_becomes_its_members_entry_where_the_lead_says(
    closed: Agency, ida: Actor, placement: str, reason: str, september: int, words: str
) -> None:
    late_id = hand_in_late_work(ida, touch(closed))
    logged = decide_late_work(closed.lead, late_id, placement, reason)
    with reading() as session:
        entry = session.get_one(TimeEntry, logged.entry_id)
    assert (entry.member_id, entry.work_date, entry.billable) == (ida.member_id, LATE_DAY, placement != "written_off")
    read = detail(closed)
    assert read.late == []
    assert read.shown is not None
    assert read.shown.used == september * HOUR
    page = detail(closed, date(2026, 10, 20)) if placement == "next" else read
    assert page.shown is not None
    [late] = [one for one in page.entries if one.row.id == logged.entry_id]
    assert drawn_words(late, page.shown.period.terms, "EUR") == words
    assert verify_workspace() == []
    with pytest.raises(NotFound, match="decided or withdrawn"):
        decide_late_work(closed.lead, late_id, placement, reason)


def test_only_who_answers_decides_and_only_what_is_late_is_handed_in(closed: Agency, ida: Actor) -> None:
    late_id = hand_in_late_work(closed.lead, touch(closed))
    with pytest.raises(NotAllowed):
        decide_late_work(ida, late_id, "next")
    with pytest.raises(NotAllowed):
        withdraw_late_work(ida, late_id)
    with pytest.raises(Refused, match="why"):
        decide_late_work(closed.lead, late_id, "written_off", " ")
    with pytest.raises(Refused, match="open"):
        hand_in_late_work(ida, touch(closed, date(2026, 10, 5)))
    own = hand_in_late_work(ida, touch(closed))
    withdraw_late_work(ida, own)
    assert [row.id for row, _, _ in detail(closed).late] == [late_id]


def test_a_dump_and_a_load_bring_waiting_work_back(
    closed: Agency, ida: Actor, empty_database: EmptyDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    late_id = hand_in_late_work(ida, touch(closed, tags=("q4",)))
    path = tmp_path_factory.mktemp("dump") / "all.json"
    dump_workspace(path)
    empty_database()
    assert load_workspace(path)["late_work"] == 1
    decide_late_work(closed.lead, late_id, "overage")
    assert verify_workspace() == []
