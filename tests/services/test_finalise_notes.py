"""What is told before a month is finalised, and the one month that is not finalised at all: one that has not begun."""

from datetime import date, timedelta

import pytest

from agency_app.services import finalise_notes as notes_module
from agency_app.services.finalise_invoice import finalise_invoice
from agency_app.services.finalise_notes import finalise_notes
from agency_app.services.plan_task import PlanTask, plan_task
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import NotReady
from agency_app.store.engine import transaction
from agency_app.tables import Workspace
from tests.services.conftest import Agency
from tests.services.test_entries import DAY, NINE, everything, log


def today_is(monkeypatch: pytest.MonkeyPatch, days_later: int) -> None:
    monkeypatch.setattr(notes_module, "now", lambda: NINE + timedelta(days=days_later))


def test_days_to_come_earlier_work_and_waiting_tasks_are_told(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    today_is(monkeypatch, 6)
    log(agency)
    log(agency, NINE - timedelta(days=30), 3)
    plan_task(agency.owner, PlanTask(agency.northwind, agency.reporting, "Report", 3600))
    plan_task(agency.owner, PlanTask(agency.summit, agency.reporting, "Report", 3600))
    assert finalise_notes(agency.owner, agency.northwind, DAY) == [
        "November has 7 days left: once it is invoiced, no more work of it can be logged for Northwind Outdoor.",
        "1 entry of Performance before November, 3 h, is not invoiced. What rolls over from those months is closed "
        "with November: finalise them first.",
        "Still in the Inbox: 1 task for Northwind Outdoor.",
    ]


def test_a_month_that_is_over_and_complete_needs_no_word(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    today_is(monkeypatch, 20)
    log(agency)
    assert finalise_notes(agency.owner, agency.northwind, DAY) == []


def test_what_a_new_agency_has_not_filled_in_is_told_before_the_invoice_lacks_it(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    today_is(monkeypatch, 20)
    log(agency)
    with transaction() as session:
        workspace = session.get_one(Workspace, agency.workspace_id)
        workspace.vat_id = workspace.iban = ""
    assert finalise_notes(agency.owner, agency.northwind, DAY) == [
        "It charges VAT, and the agency has no VAT number yet: Settings, VAT number.",
        "It does not tell Northwind Outdoor where to pay: Settings, IBAN.",
    ]


def test_a_month_that_has_not_begun_is_not_finalised(agency: Agency) -> None:
    log(agency, NINE + timedelta(days=30))
    december = DAY + timedelta(days=30)
    version = read_draft(agency.owner, agency.northwind, december).version
    before = everything()
    with pytest.raises(NotReady, match="December has not begun"):
        finalise_invoice(agency.owner, agency.northwind, december, version, issue_date=date(2026, 11, 23))
    assert everything() == before
    assert finalise_invoice(agency.owner, agency.northwind, december, version, issue_date=date(2026, 12, 1)).number
