"""A duplicated invoice gives its items and its layout to another month's draft, never its time."""

from datetime import date

import pytest

from agency_app.services.actor import Actor
from agency_app.services.draft_head import describe_line, group_work, save_head
from agency_app.services.draft_items import save_item
from agency_app.services.duplicate_invoice import duplicate_invoice
from agency_app.services.finalise_invoice import finalise_invoice, open_draft
from agency_app.services.read_draft import read_draft
from agency_app.services.read_invoice import list_invoices
from agency_app.services.refusal import Locked, NotAllowed, NotFound, Refused
from agency_app.services.set_draft_aside import void_draft
from agency_app.services.verify_workspace import verify_workspace
from tests.services.conftest import Agency
from tests.services.test_draft_builder import DAY, ISSUED, add, draft_id, live, log

DECEMBER = date(2026, 12, 9)


@pytest.fixture
def november(agency: Agency) -> str:
    """A draft with every kind of item, words for its line, and a head of its own."""
    log(agency)
    draft = draft_id(agency)
    add(agency, draft, kind="fixed", description="Landing page", price="500", quantity="2")
    add(agency, draft, kind="media", description="Media spend", price="1000", markup="5")
    add(agency, draft, kind="surcharge", description="Rush", percent="10")
    add(agency, draft, kind="prepayment", description="Deposit", amount="100", happened_on="2026-11-02")
    describe_line(agency.owner, draft, live(agency).draft.lines[0].key, 0, "Care of the campaigns")
    plan = save_head(agency.owner, draft, 0, {"note": "Thank you.", "purchase_order": "PO 7", "due_on": "2026-12-24"})
    group_work(agency.owner, draft, plan.version, "task")
    return draft


def test_items_and_layout_are_copied_and_time_and_prepayments_are_not(agency: Agency, november: str) -> None:
    done = finalise_invoice(agency.owner, agency.northwind, DAY, live(agency).version, ISSUED)
    made = duplicate_invoice(agency.owner, done.invoice_id, DECEMBER)
    assert (made.items, made.first_day) == (3, date(2026, 12, 1))
    assert open_draft(agency.owner, agency.northwind, DECEMBER) == made.invoice_id
    draft = read_draft(agency.owner, agency.northwind, DECEMBER)
    assert [line.description for line in draft.draft.lines if line.work] == []
    assert {item.description for item in draft.layout.items} == {"Landing page", "Media spend", "Rush"}
    assert (draft.layout.plan.note, draft.layout.plan.purchase_order) == ("Thank you.", "PO 7")
    assert (draft.layout.plan.grouping, draft.layout.plan.due_on) == ("task", None)
    assert verify_workspace() == []


def test_what_the_other_draft_says_already_stays(agency: Agency, november: str) -> None:
    december = open_draft(agency.owner, agency.northwind, DECEMBER)
    save_head(agency.owner, december, 0, {"note": "Happy holidays."})
    save_item(agency.owner, december, "", 0, {"kind": "fixed", "description": "Audit", "price": "50"})
    assert duplicate_invoice(agency.owner, november, DECEMBER).items == 3
    draft = read_draft(agency.owner, agency.northwind, DECEMBER)
    assert (draft.layout.plan.note, draft.layout.plan.grouping) == ("Happy holidays.", "activity")
    assert len(draft.layout.items) == 4


def test_a_second_invoice_of_the_same_month_is_made(agency: Agency, november: str) -> None:
    done = finalise_invoice(agency.owner, agency.northwind, DAY, live(agency).version, ISSUED)
    made = duplicate_invoice(agency.owner, done.invoice_id, DAY)
    again = finalise_invoice(agency.owner, agency.northwind, DAY, live(agency).version, ISSUED)
    assert again.invoice_id == made.invoice_id != done.invoice_id
    assert verify_workspace() == []


def test_what_cannot_be_duplicated_is_refused_and_nothing_is_made(agency: Agency, november: str, ida: Actor) -> None:
    bare = open_draft(agency.owner, agency.summit, DAY)
    rows = len(list_invoices(agency.owner))
    with pytest.raises(Refused, match="nothing to copy"):
        duplicate_invoice(agency.owner, bare, DECEMBER)
    with pytest.raises(Refused, match="itself"):
        duplicate_invoice(agency.owner, november, DAY)
    with pytest.raises(NotFound):
        duplicate_invoice(agency.owner, "unknown", DECEMBER)
    with pytest.raises(NotAllowed):
        duplicate_invoice(ida, november, DECEMBER)
    assert len(list_invoices(agency.owner)) == rows
    void_draft(agency.owner, open_draft(agency.owner, agency.northwind, DECEMBER))
    with pytest.raises(Locked, match="void"):
        duplicate_invoice(agency.owner, november, DECEMBER)
