"""The list of entries: what is asked is found, on every page once, with its totals, and goes into the file."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from agency_app.services.actor import Actor
from agency_app.services.approve_week import submit_week
from agency_app.services.change_workspace import change_workspace
from agency_app.services.entries_csv import COLUMNS, entries_csv
from agency_app.services.find_entries import (
    Found,
    asked_by,
    changeable_ids,
    filter_of,
    find_entries,
    query_of,
)
from agency_app.services.locks import lock_notes
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_settings import read_settings
from agency_app.services.refusal import NotFound, Refused
from agency_app.services.save_filter import drop_filter, save_filter
from agency_app.services.undo_change import undo_change
from agency_app.store import approvals, entry_search, entry_views
from agency_app.store.engine import reading, transaction
from agency_app.store.entry_search import EntryFilter
from agency_app.tables import RetainerPeriod, TimeEntry
from agency_app.tables.base import now
from tests.services.conftest import Agency
from tests.services.test_entries import DAY, HOUR, NINE, invoice_november, log
from tests.stranger import add_stranger

TODAY = DAY
ALL = EntryFilter()


def found(actor: Actor, **typed: str) -> list[str]:
    """Return the ids that an address finds."""
    return [row.id for row in find_entries(actor, filter_of(typed, TODAY)).rows]


def say(agency: Agency, start: datetime = NINE, **said: object) -> str:
    """Log an hour for Northwind with some of its fields said."""
    kept = {"client_id": agency.northwind, "activity_id": agency.optimisation, "start": start, "end": start + HOUR}
    return log_time(agency.owner, LogTime(**kept | said)).entry_id  # pyright: ignore[reportArgumentType]


def test_each_field_finds_what_it_names_and_all_of_them_together(agency: Agency, ida: Actor) -> None:
    plain = say(agency)
    said = say(
        agency,
        NINE + timedelta(days=1),
        activity_id=agency.reporting,
        campaign_id=agency.campaign,
        note="Monthly figures, 100 % done",
        tags=("q4", "long_run"),
        billable=False,
        retainer_id="none",
    )
    other = say(agency, NINE + timedelta(days=2), client_id=agency.summit, title="Weekly report", tags=("q4",))
    idas = log(agency, NINE + timedelta(days=3), actor=ida).entry_id
    owner = agency.owner
    assert found(owner) == [idas, other, said, plain]
    assert found(owner, client=agency.summit) == [other]
    assert found(owner, activity=agency.reporting) == [said]
    assert found(owner, campaign=agency.campaign) == [said]
    assert found(owner, campaign="none") == [idas, other, plain]
    assert found(owner, retainer=agency.northwind_retainer) == [idas, plain]
    assert found(owner, retainer="none") == [said]
    assert found(owner, member=ida.member_id) == [idas]
    assert found(owner, billable="no") == [said]
    assert found(owner, billable="yes") == [idas, other, plain]
    assert found(owner, tags="q4") == [other, said]
    assert found(owner, tags="#Q4, long_run") == [said]
    assert found(owner, tags="q") == found(owner, tags="longXrun") == []
    assert found(owner, q="REPORT") == [other]
    assert found(owner, q="figures monthly") == [said]
    assert found(owner, q="autumn") == [said]
    assert found(owner, q="100 %") == [said]
    assert found(owner, q="1_0") == []
    assert found(owner, **{"from": "2026-11-18", "to": "2026-11-19"}) == [other, said]
    assert found(owner, when="this-week") == [idas, other, said, plain]
    assert found(owner, when="last-week") == []
    assert found(owner, client=agency.northwind, tags="q4", billable="no", q="done", when="this-month") == [said]


def test_totals_are_of_all_that_is_asked(agency: Agency) -> None:
    for day in range(3):
        say(agency, NINE + timedelta(days=day), billable=day > 0)
    totals = find_entries(agency.owner, ALL).totals
    assert (totals.count, totals.seconds, totals.billable_seconds) == (3, 3 * 3600, 2 * 3600)
    nothing = find_entries(agency.owner, filter_of({"client": "nobody"}, TODAY)).totals
    assert (nothing.count, nothing.seconds, nothing.billable_seconds) == (0, 0, 0)


def test_a_member_finds_their_own_entries_alone_whatever_they_ask(agency: Agency, ida: Actor) -> None:
    log(agency)
    own = log(agency, NINE + 2 * HOUR, actor=ida).entry_id
    assert found(ida) == found(ida, member=agency.owner.member_id) == [own]
    assert find_entries(ida, ALL).members == []
    assert [row["Entry"] for row in exported(ida, filter_of({"member": agency.owner.member_id}, TODAY))] == [own]


def test_nothing_of_another_workspace_is_found(agency: Agency) -> None:
    log(agency)
    stranger = add_stranger()
    assert find_entries(stranger, ALL).rows == []
    assert exported(stranger, ALL) == []


def test_every_entry_is_on_one_page_in_both_directions(agency: Agency) -> None:
    first = log(agency)
    with transaction() as session:
        columns: dict[str, Any] = session.get_one(TimeEntry, first.entry_id).model_dump()
        for number in range(124):
            day = DAY + timedelta(days=number % 3)
            start = None if number % 5 == 0 else NINE + timedelta(days=number % 3, minutes=number // 20)
            end = None if start is None else start + HOUR
            span = {"started_at": start, "ended_at": end, "work_date": day}
            made: dict[str, Any] = columns | span | {"id": f"{number:03}", "note": str(number)}
            session.add(TimeEntry(**made))
    with reading() as session:
        order = [row.id for row in entry_search.stream(session, agency.workspace_id, ALL)]
    pages: list[Found] = [find_entries(agency.owner, ALL)]
    while (place := pages[-1].older) is not None:
        pages.append(find_entries(agency.owner, ALL, after=place.as_text()))
    assert [row.id for page in pages for row in page.rows] == order
    assert len(order) == len(set(order)) == 125
    assert [len(page.rows) for page in pages] == [50, 50, 25]
    back = [pages[-1]]
    while (place := back[-1].newer) is not None:
        back.append(find_entries(agency.owner, ALL, before=place.as_text()))
    assert [row.id for page in reversed(back) for row in page.rows] == order
    assert {page.totals.count for page in pages} == {125}


@pytest.mark.parametrize(
    "place", ["x", "20261117.0", "20261117.zero.id", "20261399.0.id", "20261117.9999999999999999999.i"]
)
def test_a_place_that_is_none_is_refused(agency: Agency, place: str) -> None:
    with pytest.raises(Refused, match="no place"):
        find_entries(agency.owner, ALL, after=place)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"from": "17.11.2026"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "from"),
        ({"when": "some-day"}, "when"),
        ({"state": "frozen"}, "state"),
        ({"billable": "maybe"}, "billable"),
    ],
)
def test_what_cannot_be_read_is_refused_rather_than_left_out(typed: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        filter_of(typed, TODAY)
    assert refused.value.field == field


def test_what_is_found_locked_is_what_is_said_to_be_locked(agency: Agency, ida: Actor) -> None:
    october, november = NINE - timedelta(days=31), NINE
    for start in (october - timedelta(days=40), october, november, november + timedelta(days=21)):
        for billable in (True, False):
            say(agency, start, billable=billable)
            say(agency, start + HOUR, client_id=agency.summit, billable=billable)
        log(agency, start + 3 * HOUR, actor=ida)
    invoice_november(agency)
    change_workspace(agency.owner, read_settings(agency.owner).version, {"approval": "on"})
    submit_week(ida, (november + timedelta(days=21)).date())
    change_workspace(agency.owner, read_settings(agency.owner).version, {"locked_until": "2026-09-30"})
    _approve_all(agency)
    with transaction() as session:
        session.add(
            RetainerPeriod(
                workspace_id=agency.workspace_id,
                retainer_id=agency.summit_retainer,
                starts_on=date(2026, 10, 1),
                ends_on=date(2026, 10, 31),
                granted_seconds=0,
                closed_at=now(),
            )
        )
    with reading() as session:
        rows = list(entry_search.stream(session, agency.workspace_id, ALL))
        notes = lock_notes(session, agency.workspace_id, rows)
    assert {note.split()[0] for note in notes.values()} == {"On", "Closed", "Approved", "Period"}
    owner = agency.owner
    assert set(found(owner, state="locked")) == set(notes)
    assert set(found(owner, state="open")) == {row.id for row in rows} - set(notes)
    assert set(found(owner, state="invoiced")) == {row.id for row in rows if row.invoice_number}
    assert set(found(owner, state="uninvoiced")) == {row.id for row in rows if not row.invoice_number}
    assert set(changeable_ids(owner, ALL, 500)) == set(found(owner, state="open"))
    assert changeable_ids(owner, EntryFilter(state="locked"), 500) == {}
    assert set(changeable_ids(ida, ALL, 500)) == set(found(ida, state="open"))
    assert changeable_ids(ida, EntryFilter(member_id=owner.member_id), 500) == {}
    assert len(changeable_ids(owner, ALL, 3)) == 3


def _approve_all(agency: Agency) -> None:
    """Approve what waits, past the service, which would ask whether it is seen as it is."""
    with transaction() as session:
        for row, _, _ in approvals.in_question(session, agency.workspace_id, 7):
            row.status = "approved"
            session.add(row)


# The file


def exported(actor: Actor, asked: EntryFilter) -> list[dict[str, str]]:
    """Return the rows of the file as a spreadsheet reads them."""
    text = b"".join(entries_csv(actor, asked)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_exactly_what_is_asked_for(agency: Agency) -> None:
    say(agency, note="left out")
    entry_id = say(
        agency,
        NINE + timedelta(days=1),
        end=NINE + timedelta(days=1, minutes=50),
        campaign_id=agency.campaign,
        title="Budgets",
        note='=HYPERLINK("http://bad.example")',
        tags=("meta", "q4"),
    )
    (row,) = exported(agency.owner, filter_of({"tags": "q4"}, TODAY))
    assert list(row) == list(COLUMNS)
    assert row == {
        "Date": "2026-11-18",
        "Start": "2026-11-18T09:00:00+01:00",
        "End": "2026-11-18T09:50:00+01:00",
        "Zone": "Europe/Amsterdam",
        "Hours": "0.8333",
        "Seconds": "3000",
        "Member": "Mara Halden",
        "Client": "Northwind Outdoor",
        "Retainer": "Performance",
        "Campaign": "Autumn prospecting",
        "Platform": "Meta",
        "Activity": "Optimisation",
        "Task": "Budgets",
        "Note": '\'=HYPERLINK("http://bad.example")',
        "Tags": "meta q4",
        "Billable": "yes",
        "Rate": "95.0000",
        "Currency": "EUR",
        "Invoice": "",
        "Entry": entry_id,
    }


def test_the_file_is_made_in_parts(agency: Agency) -> None:
    first = log(agency)
    with transaction() as session:
        columns: dict[str, Any] = session.get_one(TimeEntry, first.entry_id).model_dump()
        for number in range(1500):
            made: dict[str, Any] = columns | {"id": f"{number:04}", "note": "n" * 200}
            session.add(TimeEntry(**made))
    parts = list(entries_csv(agency.owner, ALL))
    assert len(parts) > 5
    assert max(len(part) for part in parts) < 70_000
    assert len(exported(agency.owner, ALL)) == 1501


# Saved filters


def test_a_filter_is_saved_by_name_for_its_member_alone_and_comes_back_when_undone(agency: Agency, ida: Actor) -> None:
    filter_id = save_filter(agency.owner, " Open  work ", f"state=open&page=3&from=&client={agency.northwind}")
    (saved,) = find_entries(agency.owner, ALL).saved
    assert (saved.id, saved.name) == (filter_id, "Open work")
    assert saved.query == f"client={agency.northwind}&state=open"
    assert filter_of(asked_by(saved.query), TODAY) == replace(ALL, client_id=agency.northwind, state="open")
    assert find_entries(ida, ALL).saved == []
    with pytest.raises(NotFound):
        drop_filter(ida, filter_id)
    undo_id = drop_filter(agency.owner, filter_id)
    assert find_entries(agency.owner, ALL).saved == []
    undo_change(agency.owner, undo_id)
    assert [one.id for one in find_entries(agency.owner, ALL).saved] == [filter_id]


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [
        ("", "state=open", "a name"),
        ("Nothing", "page=2", "not filtered"),
        ("OPEN", "state=locked", "already"),
        ("Bad", "state=frozen", "not known"),
    ],
)
def test_a_filter_that_cannot_be_saved_says_why(agency: Agency, name: str, query: str, said: str) -> None:
    save_filter(agency.owner, "Open", "state=open")
    with pytest.raises(Refused, match=said):
        save_filter(agency.owner, name, query)
    with reading() as session:
        assert len(entry_views.saved_filters(session, agency.workspace_id, agency.owner.member_id)) == 1


def test_an_address_is_written_the_same_way_whatever_its_order() -> None:
    assert query_of({"q": " a b ", "client": "x", "other": "y", "to": ""}) == "client=x&q=a+b"
    assert query_of({"when": "this-week", "from": "2026-11-01"}) == "when=this-week"
