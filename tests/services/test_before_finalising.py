"""What is told before a month is finalised, and the one month that is not finalised at all: one that has not begun."""

from datetime import date, timedelta

import pytest

from agency_app.services import before_finalising as module
from agency_app.services.before_finalising import before_finalising
from agency_app.services.finalise_invoice import finalise_invoice
from agency_app.services.plan_task import PlanTask, plan_task
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import NotReady
from agency_app.store.engine import transaction
from agency_app.tables import Client, Workspace
from tests.services.conftest import Agency
from tests.services.test_entries import DAY, NINE, everything, log


def today_is(monkeypatch: pytest.MonkeyPatch, days_later: int) -> None:
    monkeypatch.setattr(module, "now", lambda: NINE + timedelta(days=days_later))


def notes(agency: Agency) -> list[str]:
    return [fault.message for fault in before_finalising(agency.owner, agency.northwind, DAY).notes]


def test_days_to_come_earlier_work_and_waiting_tasks_are_told(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    today_is(monkeypatch, 6)
    log(agency)
    log(agency, NINE - timedelta(days=30), 3)
    plan_task(agency.owner, PlanTask(agency.northwind, agency.reporting, "Report", 3600))
    plan_task(agency.owner, PlanTask(agency.summit, agency.reporting, "Report", 3600))
    assert notes(agency) == [
        "November has 7 days left: once it is invoiced, no more work of it can be logged for Northwind Outdoor.",
        "1 entry of Performance before November, 3 h, is not invoiced. What rolls over from those months is closed "
        "with November: finalise them first.",
        "Still in the Inbox: 1 task for Northwind Outdoor.",
    ]


def test_a_month_that_is_over_and_complete_needs_no_word(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    today_is(monkeypatch, 20)
    log(agency)
    assert notes(agency) == []


def test_what_a_new_agency_has_not_filled_in_is_told_before_the_invoice_lacks_it(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    today_is(monkeypatch, 20)
    log(agency)
    with transaction() as session:
        workspace = session.get_one(Workspace, agency.workspace_id)
        workspace.vat_id = workspace.iban = ""
    known = before_finalising(agency.owner, agency.northwind, DAY)
    assert known.stops == []
    assert [(fault.message, fault.field, fault.of_client) for fault in known.notes] == [
        ("VAT is charged, and the agency has no VAT number: add it in the settings.", "vat_id", False),
        ("There is no bank account to pay to: add the IBAN in the settings.", "iban", False),
    ]


def test_an_invoice_that_would_print_a_wrong_iban_or_vat_number_is_not_finalised(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    today_is(monkeypatch, 20)
    log(agency)
    with transaction() as session:  # as an earlier version let them in
        workspace = session.get_one(Workspace, agency.workspace_id)
        workspace.vat_id, workspace.iban = "garbage", "NL00BAD"
        session.get_one(Client, agency.northwind).vat_id = "NL12"
    known = before_finalising(agency.owner, agency.northwind, DAY)
    assert [fault.field for fault in known.stops] == ["iban", "vat_id"]
    assert [(fault.field, fault.of_client) for fault in known.notes] == [("vat_id", True)]
    with pytest.raises(NotReady, match="NL00BAD"):
        finalise_invoice(agency.owner, agency.northwind, DAY, read_draft(agency.owner, agency.northwind, DAY).version)


def test_what_keeps_a_month_from_being_final_is_told_before_it_is_tried(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    today_is(monkeypatch, 20)
    with transaction() as session:
        session.get_one(Workspace, agency.workspace_id).address = ""
    known = before_finalising(agency.owner, agency.northwind, DAY)
    assert [fault.field or fault.log for fault in known.stops] == [True, "address"]
    assert known.notes == []
    log(agency)
    before = everything()
    [missing] = before_finalising(agency.owner, agency.northwind, DAY).stops
    version = read_draft(agency.owner, agency.northwind, DAY).version
    with pytest.raises(NotReady) as refused:
        finalise_invoice(agency.owner, agency.northwind, DAY, version, issue_date=date(2026, 12, 7))
    assert refused.value.reasons == [missing]
    assert everything() == before


def test_a_month_that_has_not_begun_is_not_finalised(agency: Agency) -> None:
    log(agency, NINE + timedelta(days=30))
    december = DAY + timedelta(days=30)
    version = read_draft(agency.owner, agency.northwind, december).version
    before = everything()
    with pytest.raises(NotReady, match="December has not begun"):
        finalise_invoice(agency.owner, agency.northwind, december, version, issue_date=date(2026, 11, 23))
    assert everything() == before
    assert finalise_invoice(agency.owner, agency.northwind, december, version, issue_date=date(2026, 12, 1)).number
