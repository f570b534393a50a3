"""What is done to a running agreement besides its terms: pause and resume, its work, its notes. On both databases."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from agency_app.domain.retainer.history import settled
from agency_app.services.actor import Actor
from agency_app.services.change_agreement import end_agreement, pause_agreement, resume_agreement, set_scope
from agency_app.services.close_period import close_period, preview_close
from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.load_workspace import load_workspace
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_retainers import going, read_dashboard, read_retainer, read_retainers
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused, Stale
from agency_app.services.retainer_notes import add_note, remove_note
from agency_app.states.agreement_view import agreement_facts, scope_rows
from agency_app.store.engine import reading, transaction
from agency_app.tables import Campaign, Retainer
from tests.services.conftest import Agency, EmptyDatabase

OCTOBER = date(2026, 10, 1)


def paused(agency: Agency, first: date, last: date | None) -> str:
    version = _version(agency)
    pause_agreement(agency.owner, agency.northwind_retainer, version, first, last)
    return read_retainer(agency.owner, agency.northwind_retainer, first).pauses[-1].id


def _version(agency: Agency) -> int:
    with reading() as session:
        return session.get_one(Retainer, agency.northwind_retainer).version


def test_a_pause_ends_on_the_day_before_the_agreement_runs_again(agency: Agency) -> None:
    pause_id = paused(agency, OCTOBER, None)
    with pytest.raises(Stale):
        resume_agreement(agency.owner, agency.northwind_retainer, 1, pause_id, date(2026, 10, 20))
    resume_agreement(agency.owner, agency.northwind_retainer, 2, pause_id, date(2026, 10, 20))
    [pause] = read_retainer(agency.owner, agency.northwind_retainer, OCTOBER).pauses
    assert pause.ends_on == date(2026, 10, 19)
    with pytest.raises(Refused, match="ends on 19 Oct 2026 by itself"):
        resume_agreement(agency.owner, agency.northwind_retainer, 3, pause_id, date(2026, 11, 1))
    resume_agreement(agency.owner, agency.northwind_retainer, 3, pause_id, date(2026, 9, 1))
    assert read_retainer(agency.owner, agency.northwind_retainer, OCTOBER).pauses == []
    with pytest.raises(NotFound):
        resume_agreement(agency.owner, agency.northwind_retainer, 4, pause_id, OCTOBER)


def test_a_closed_period_keeps_its_pause(agency: Agency) -> None:
    pause_id = paused(agency, date(2026, 9, 10), date(2026, 9, 12))
    close_period(agency.owner, agency.northwind_retainer, date(2026, 9, 1))
    with pytest.raises(Locked, match="closed up to 30 Sep 2026"):
        resume_agreement(agency.owner, agency.northwind_retainer, 2, pause_id, date(2026, 9, 11))


def test_the_dashboard_names_the_retainers_that_do_not_run(agency: Agency) -> None:
    paused(agency, OCTOBER, None)
    end_agreement(agency.owner, agency.summit_retainer, 1, date(2026, 9, 30))
    dashboard = read_dashboard(agency.owner, date(2026, 10, 20))
    assert dashboard.rows == []
    resting = {one.retainer.name: (one.paused, one.paused_until) for one in dashboard.resting}
    assert resting == {"Performance": (True, None), "Always on": (False, None)}


def test_the_page_names_the_work_a_retainer_is_for_even_when_the_campaign_was_archived(agency: Agency) -> None:
    set_scope(
        agency.owner, agency.northwind_retainer, 1, [(agency.campaign, agency.reporting), (None, agency.strategy)]
    )
    with transaction() as session:
        session.get_one(Campaign, agency.campaign).archived = True
    detail = read_retainer(agency.owner, agency.northwind_retainer, OCTOBER)
    assert detail.shown is not None
    facts = {fact["name"]: fact["value"] for fact in agreement_facts(detail, detail.shown.period.terms, "EUR")}
    assert sorted(facts["Work"].split("; ")) == ["Meta: Autumn prospecting · Reporting", "Strategy"]
    rows = {(row["campaign"], row["activity"]) for row in scope_rows(detail)}
    assert rows == {(agency.campaign, agency.reporting), ("", agency.strategy), ("", "")}


def test_notes_are_signed_and_taken_away_by_who_wrote_them_or_a_lead(agency: Agency, ida: Actor) -> None:
    first = add_note(ida, agency.northwind_retainer, " They want a call on Mondays. ")
    second = add_note(agency.owner, agency.northwind_retainer, "Renewal in March")
    notes = read_retainer(agency.owner, agency.northwind_retainer, OCTOBER).notes
    assert {(note.text, author) for note, author in notes} == {
        ("They want a call on Mondays.", "Ida Roos"),
        ("Renewal in March", "Mara Halden"),
    }
    with pytest.raises(NotAllowed):
        remove_note(ida, second)
    remove_note(agency.lead, first)
    with pytest.raises(NotFound, match="gone"):
        remove_note(agency.lead, first)
    for text in ("  ", "x" * 2001):
        with pytest.raises(Refused):
            add_note(ida, agency.northwind_retainer, text)
    assert len(read_retainer(agency.owner, agency.northwind_retainer, OCTOBER).notes) == 1


def test_a_dump_and_a_load_bring_the_notes_back(
    agency: Agency, empty_database: EmptyDatabase, tmp_path_factory: pytest.TempPathFactory
) -> None:
    add_note(agency.owner, agency.northwind_retainer, "Renewal in March")
    path = tmp_path_factory.mktemp("dump") / "all.json"
    dump_workspace(path)
    empty_database()
    assert load_workspace(path)["retainer_note"] == 1
    [(note, author)] = read_retainer(agency.owner, agency.northwind_retainer, OCTOBER).notes
    assert (note.text, author) == ("Renewal in March", "Mara Halden")


def test_what_closing_freezes_is_told_first_and_is_what_it_freezes(agency: Agency) -> None:
    with transaction() as session:
        retainer = session.get_one(Retainer, agency.northwind_retainer)
        retainer.rollover, retainer.starts_on = "all", date(2026, 8, 1)
    told = preview_close(agency.owner, agency.northwind_retainer, date(2026, 9, 1))
    assert [(one.first.month, balance.rolled_out) for one, balance in told] == [(8, 36 * 3600), (9, 72 * 3600)]
    close_period(agency.owner, agency.northwind_retainer, date(2026, 9, 1))
    read = read_retainer(agency.owner, agency.northwind_retainer, OCTOBER).read
    assert [one.period.balance for one in read.periods[:2]] == [balance for _, balance in told]
    with pytest.raises(Locked, match="closed already"):
        preview_close(agency.owner, agency.northwind_retainer, date(2026, 9, 1))
    with pytest.raises(Refused, match="runs until"):
        preview_close(agency.owner, agency.northwind_retainer, datetime.now(ZoneInfo(agency.owner.zone)).date())


@pytest.mark.parametrize(("rollover", "periods"), [("expire", 1), ("capped", 1), ("all", 3)])
def test_one_entry_works_out_its_own_period_again_and_those_that_start_otherwise(
    agency: Agency, rollover: str, periods: int
) -> None:
    with transaction() as session:
        retainer = session.get_one(Retainer, agency.northwind_retainer)
        retainer.rollover, retainer.rollover_cap_seconds = rollover, 3600
    settled.cache_clear()
    going.cache_clear()
    as_of = date(2026, 10, 20)
    before = read_retainers(agency.owner, as_of)
    settled_before, paces_before = settled.cache_info().misses, going.cache_info().misses
    assert read_retainers(agency.owner, as_of) == before
    assert (settled.cache_info().misses, going.cache_info().misses) == (settled_before, paces_before)
    start = datetime(2026, 7, 6, 6, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start.replace(minute=13, second=11)))
    after = read_retainers(agency.owner, as_of)
    changed = [one for old, new in zip(before, after, strict=True) for one in new.periods if one not in old.periods]
    # July itself; where all rolls over also August and September, which ended, and October, which runs
    assert len(changed) == periods + (rollover == "all")
    assert settled.cache_info().misses - settled_before == periods
    assert going.cache_info().misses - paces_before == len(changed)
