"""What is on record about an entry: logged, moved, decided about and taken back, imported; and in whose words."""

from datetime import UTC, datetime, timedelta

import pytest

from agency_app.services.change_entry import move_entry
from agency_app.services.decide_billing import Seen, bill_seconds, move_to_period, write_off
from agency_app.services.draft_edits import undo_draft_change
from agency_app.services.entry_record import entry_record
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_billing import read_billing
from agency_app.services.refusal import NotFound
from agency_app.states.billing_words import billing_facts
from agency_app.states.record_words import proof_of, time_of_day
from agency_app.store.engine import transaction
from agency_app.tables import ImportedEntry
from tests.services.conftest import Agency
from tests.stranger import add_stranger

NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)
HOUR = 3600


def log(agency: Agency) -> str:
    command = LogTime(
        agency.northwind, agency.optimisation, NINE, NINE + timedelta(hours=2), note="Budgets", tags=("rush",)
    )
    return log_time(agency.owner, command).entry_id


def test_all_that_was_done_to_an_entry_is_told_in_order(agency: Agency) -> None:
    entry_id = log(agency)
    moved = move_entry(agency.owner, entry_id, 1, NINE + timedelta(hours=1), NINE + timedelta(hours=3))
    bill_seconds(agency.lead, Seen(entry_id, moved.version), 90 * 60)
    write_off(agency.owner, Seen(entry_id, moved.version, 1), 600, "Rework")
    move_to_period(agency.owner, Seen(entry_id, moved.version, 2), NINE.date() + timedelta(days=30))
    record = entry_record(agency.lead, entry_id)
    assert time_of_day(record.row) == "10:00–12:00"
    proof = proof_of(record, "Europe/Amsterdam", "EUR")
    assert (proof["facts"][0], proof["facts"][-1]) == ("Optimisation", "#rush")
    assert proof["rate"].startswith("€95.00 / h, ")
    assert [(row["text"], row["detail"]) for row in proof["rows"]] == [
        ("Logged by Mara Halden", "Tue 17 Nov 09:00–11:00"),
        ("Moved by Mara Halden", "Tue 17 Nov 09:00–11:00 → 10:00–12:00"),
        ("Billing decided by Joris Vink", "30 min not billed"),
        ("Billing decided by Mara Halden", "30 min not billed, 10 min written off: Rework"),
        ("Billing decided by Mara Halden", "30 min not billed, 10 min written off: Rework, moved to December 2026"),
    ]


def test_a_decision_that_was_taken_back_stays_on_record_beside_the_next(agency: Agency) -> None:
    entry_id = log(agency)
    other = log(agency)
    bill_seconds(agency.owner, Seen(other, 1), 60)
    undo_draft_change(agency.owner, bill_seconds(agency.owner, Seen(entry_id, 1), 90 * 60).undo_id)
    write_off(agency.lead, Seen(entry_id, 1), 600, "Rework")
    rows = proof_of(entry_record(agency.owner, entry_id), "Europe/Amsterdam", "EUR")["rows"]
    assert [(row["text"], row["detail"]) for row in rows[1:]] == [
        ("Billing decided by Mara Halden", "30 min not billed"),
        ("Billing decided by Mara Halden", "billed whole"),
        ("Billing decided by Joris Vink", "10 min written off: Rework"),
    ]


def test_less_than_a_minute_that_is_not_billed_is_told_in_seconds(agency: Agency) -> None:
    command = LogTime(agency.northwind, agency.optimisation, NINE, NINE + timedelta(minutes=30, seconds=20))
    entry_id = log_time(agency.owner, command).entry_id
    bill_seconds(agency.owner, Seen(entry_id, 1), 30 * 60)
    write_off(agency.owner, Seen(entry_id, 1, 1), 80, "Rework")
    record = entry_record(agency.owner, entry_id)
    assert [row["detail"] for row in proof_of(record, "Europe/Amsterdam", "EUR")["rows"]][1:] == [
        "20 s not billed",
        "20 s not billed, 1 min 20 s written off: Rework",
    ]
    assert [fact["text"] for fact in billing_facts(read_billing(agency.owner, entry_id))] == [
        "20 s are not billed",
        "1 min 20 s are written off: Rework",
    ]


def test_an_imported_entry_names_the_line_it_came_from(agency: Agency) -> None:
    entry_id = log(agency)
    with transaction() as session:
        session.add(
            ImportedEntry(workspace_id=agency.workspace_id, key="k", format="toggl", line=12, entry_id=entry_id)
        )
    rows = proof_of(entry_record(agency.owner, entry_id), "Europe/Amsterdam", "EUR")["rows"]
    assert ("Imported", "toggl, line 12") in [(row["text"], row["detail"]) for row in rows]


def test_nobody_sees_the_record_of_another_workspace(agency: Agency) -> None:
    with pytest.raises(NotFound):
        entry_record(add_stranger(), log(agency))
