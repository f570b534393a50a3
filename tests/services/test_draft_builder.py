"""What people add to a draft is on the invoice, as they saw it; two people never overwrite each other."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from agency_app.services.actor import Actor
from agency_app.services.change_client import change_client
from agency_app.services.draft_checks import checks_of_draft
from agency_app.services.draft_edits import undo_draft_change
from agency_app.services.draft_head import describe_line, group_work, order_lines, save_head
from agency_app.services.draft_items import remove_item, save_item
from agency_app.services.draw_document import draw, missing_for_einvoice
from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.finalise_invoice import finalise_invoice, open_draft
from agency_app.services.load_workspace import load_workspace
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.preview_rounding import preview_rounding
from agency_app.services.read_draft import LiveDraft, read_draft
from agency_app.services.read_invoice import InvoiceRead, read_invoice
from agency_app.services.refusal import FieldsRefused, Locked, NotAllowed, NotReady, Refused, Stale
from agency_app.services.verify_workspace import verify_workspace
from agency_app.states.checks import checks_of
from agency_app.store.engine import reading, transaction
from agency_app.tables import Client, Retainer, Workspace
from tests.services.conftest import Agency, EmptyDatabase

DAY = date(2026, 11, 17)
NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)
ISSUED = date(2026, 11, 30)


def log(agency: Agency, client_id: str = "", hours: int = 2, start: datetime = NINE, activity: str = "") -> str:
    command = LogTime(
        client_id or agency.northwind,
        activity or agency.optimisation,
        start,
        start + timedelta(hours=hours),
        agency.campaign if not client_id else None,
    )
    return log_time(agency.owner, command).entry_id


def draft_id(agency: Agency, client_id: str = "") -> str:
    return open_draft(agency.owner, client_id or agency.northwind, DAY)


def live(agency: Agency, client_id: str = "") -> LiveDraft:
    return read_draft(agency.owner, client_id or agency.northwind, DAY)


def add(agency: Agency, invoice_id: str, **typed: str) -> str:
    return save_item(agency.owner, invoice_id, "", 0, typed).row_id


def change(agency: Agency, table: type[Client] | type[Workspace], row_id: str, **columns: object) -> None:
    with transaction() as session:
        row = session.get_one(table, row_id)
        for name, value in columns.items():
            setattr(row, name, value)


def test_everything_added_is_frozen_and_the_books_hold(
    agency: Agency, empty_database: EmptyDatabase, tmp_path: Path
) -> None:
    log(agency)
    invoice_id = draft_id(agency)
    key = live(agency).draft.lines[0].key
    add(agency, invoice_id, kind="fixed", description="Landing page", price="500", quantity="2")
    add(
        agency,
        invoice_id,
        kind="expense",
        description="Stock photos",
        price="80",
        markup="10",
        happened_on="2026-11-05",
    )
    add(agency, invoice_id, kind="media", description="Meta spend", price="1000", vat_category="S", vat_rate="9")
    add(agency, invoice_id, kind="discount", description="Loyalty", percent="5", line_key=key)
    add(agency, invoice_id, kind="discount", description="Launch offer", amount="100")
    add(agency, invoice_id, kind="surcharge", description="Rush", percent="2,5")
    add(agency, invoice_id, kind="prepayment", description="Deposit", amount="200.50", happened_on="2026-11-01")
    describe_line(agency.owner, invoice_id, key, 0, "Optimising the autumn campaign")
    save_head(agency.owner, invoice_id, 0, {"note": "Thank you.", "purchase_order": "PO 7", "due_on": "2026-12-24"})
    before = live(agency)
    done = finalise_invoice(agency.owner, agency.northwind, DAY, before.version, issue_date=ISSUED)
    assert done.due_date == date(2026, 12, 24)
    snapshot = read_invoice(agency.owner, done.invoice_id).snapshot
    assert [line["description"] for line in snapshot["lines"]] == [
        "Optimising the autumn campaign",
        "Landing page",
        "Stock photos",
        "Meta spend",
    ]
    assert (snapshot["lines"][2]["net_minor"], snapshot["lines"][2]["detail"]) == (8_800, "5 November 2026")
    assert (snapshot["note"], snapshot["buyer"]["order"]) == ("Thank you.", "PO 7")
    assert snapshot["due_minor"] == snapshot["total_minor"] - 20_050
    assert missing_for_einvoice(snapshot) == []
    assert verify_workspace() == []
    file = tmp_path / "all.json"
    dump_workspace(file)
    empty_database()
    load_workspace(file)
    assert verify_workspace() == []
    assert draw("ubl", snapshot, datetime(2026, 11, 30, tzinfo=UTC)).count(b"<cac:AllowanceCharge>") == 5


@pytest.mark.parametrize(
    ("grouping", "said"),
    [
        ("activity", ["Optimisation", "Strategy"]),
        ("campaign", ["Autumn prospecting", "Autumn prospecting"]),
        ("member", ["Mara Halden", "Mara Halden"]),
        ("day", ["17 November 2026", "18 November 2026"]),
        ("one", ["Work in November 2026", "Work in November 2026"]),
    ],
)
def test_work_stands_together_as_chosen_one_line_a_rate(agency: Agency, grouping: str, said: list[str]) -> None:
    log(agency)
    log(agency, start=NINE + timedelta(days=1), activity=agency.strategy)
    group_work(agency.owner, draft_id(agency), 0, grouping)
    assert [line.description for line in live(agency).draft.lines] == said


def test_a_person_s_words_survive_another_grouping_and_back(agency: Agency) -> None:
    log(agency)
    invoice_id = draft_id(agency)
    describe_line(agency.owner, invoice_id, live(agency).draft.lines[0].key, 0, "Bids and budgets")
    there = group_work(agency.owner, invoice_id, 0, "day")
    assert live(agency).draft.lines[0].description == "17 November 2026"
    group_work(agency.owner, invoice_id, there.version, "activity")
    assert live(agency).draft.lines[0].description == "Bids and budgets"


def test_lines_stand_in_the_order_a_person_gave_them(agency: Agency) -> None:
    log(agency)
    log(agency, start=NINE + timedelta(days=1), activity=agency.strategy)
    invoice_id = draft_id(agency)
    first, second = (line.key for line in live(agency).draft.lines)
    moved = order_lines(agency.owner, invoice_id, 0, [second, first])
    assert [line.description for line in live(agency).draft.lines] == ["Strategy", "Optimisation"]
    undo_draft_change(agency.owner, moved.undo_id)
    assert [line.description for line in live(agency).draft.lines] == ["Optimisation", "Strategy"]


def test_the_second_of_two_who_change_the_same_is_refused_and_told_who_was_first(agency: Agency) -> None:
    log(agency)
    invoice_id = draft_id(agency)
    item_id = add(agency, invoice_id, kind="fixed", description="Audit", price="100")
    save_item(agency.lead, invoice_id, item_id, 1, {"kind": "fixed", "description": "Audit", "price": "120"})
    with pytest.raises(Stale, match="Joris Vink changed the price"):
        save_item(agency.owner, invoice_id, item_id, 1, {"kind": "fixed", "description": "Audit", "price": "90"})
    save_head(agency.lead, invoice_id, 0, {"note": "Hello"})
    with pytest.raises(Stale, match="Joris Vink changed the note"):
        group_work(agency.owner, invoice_id, 0, "day")
    remove_item(agency.lead, item_id, 2)
    with pytest.raises(Stale, match="Joris Vink removed it"):
        save_item(agency.owner, invoice_id, item_id, 2, {"kind": "fixed", "description": "Audit", "price": "90"})
    assert live(agency).draft.totals.subtotal_minor == 19_000


def test_a_change_is_taken_back_unless_it_was_changed_since(agency: Agency) -> None:
    log(agency)
    invoice_id = draft_id(agency)
    added = save_item(agency.owner, invoice_id, "", 0, {"kind": "fixed", "description": "Audit", "price": "100"})
    removed = remove_item(agency.owner, added.row_id, added.version)
    undo_draft_change(agency.owner, removed.undo_id)
    assert live(agency).draft.totals.subtotal_minor == 29_000
    with pytest.raises(Stale):
        undo_draft_change(agency.owner, added.undo_id)
    with pytest.raises(NotAllowed):
        undo_draft_change(agency.lead, added.undo_id)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": "fixed", "description": "", "price": "1"}, "description"),
        ({"kind": "fixed", "description": "x", "price": ""}, "price"),
        ({"kind": "fixed", "description": "x", "price": "1,250"}, "price"),
        ({"kind": "fixed", "description": "x", "price": "9999999999", "quantity": "9999999999"}, "price"),
        ({"kind": "discount", "description": "x"}, "amount"),
        ({"kind": "discount", "description": "x", "amount": "1.005"}, "amount"),
        ({"kind": "discount", "description": "x", "percent": "0"}, "percent"),
        ({"kind": "expense", "description": "x", "price": "1", "happened_on": "soon"}, "happened_on"),
        ({"kind": "media", "description": "x", "price": "1", "vat_category": "X"}, "vat_category"),
        ({"kind": "media", "description": "x", "price": "1", "vat_category": "S", "vat_rate": "0"}, "vat_rate"),
    ],
)
def test_what_cannot_be_read_names_its_field_and_nothing_is_saved(
    agency: Agency, typed: dict[str, str], field: str
) -> None:
    log(agency)
    with pytest.raises(FieldsRefused) as refused:
        save_item(agency.owner, draft_id(agency), "", 0, typed)
    assert field in refused.value.errors
    assert live(agency).layout.items == ()


def test_only_those_who_bill_build_and_a_final_invoice_takes_nothing_more(agency: Agency, ida: Actor) -> None:
    log(agency)
    invoice_id = draft_id(agency)
    with pytest.raises(NotAllowed):
        group_work(ida, invoice_id, 0, "day")
    item_id = add(agency, invoice_id, kind="fixed", description="Audit", price="100")
    finalise_invoice(agency.owner, agency.northwind, DAY, live(agency).version, issue_date=ISSUED)
    with pytest.raises(Locked):
        add(agency, invoice_id, kind="fixed", description="More", price="100")
    with pytest.raises(Locked):
        remove_item(agency.owner, item_id, 1)
    for attack in ("UPDATE draft_item SET price = 1", "DELETE FROM draft_item"):
        with pytest.raises(DBAPIError, match="final invoice"), transaction() as session:
            _run(session, attack)


def test_a_due_date_before_the_issue_date_and_a_discount_without_its_line_stop_the_invoice(agency: Agency) -> None:
    log(agency)
    invoice_id = draft_id(agency)
    add(agency, invoice_id, kind="discount", description="Loyalty", percent="5", line_key="time:gone")
    save_head(agency.owner, invoice_id, 0, {"due_on": "2026-11-01"})
    with pytest.raises(NotReady) as refused:
        finalise_invoice(agency.owner, agency.northwind, DAY, live(agency).version, issue_date=ISSUED)
    assert "“Loyalty” is on a line that is gone" in refused.value.message
    assert "due date" in refused.value.message


def test_a_small_business_charges_no_vat_and_says_why(agency: Agency) -> None:
    log(agency)
    change(agency, Workspace, agency.workspace_id, vat_exemption="No VAT under the small business scheme.", version=2)
    add(agency, draft_id(agency), kind="media", description="Spend", price="10", vat_category="S", vat_rate="9")
    done = finalise_invoice(agency.owner, agency.northwind, DAY, live(agency).version, issue_date=ISSUED)
    snapshot = read_invoice(agency.owner, done.invoice_id).snapshot
    assert [(group["category"], group["amount_minor"], group["reason"]) for group in snapshot["vat"]] == [
        ("E", 0, "No VAT under the small business scheme.")
    ]
    assert missing_for_einvoice(snapshot) == []
    assert verify_workspace() == []


def test_an_invoice_in_a_foreign_currency_states_its_vat_in_the_agency_s(agency: Agency) -> None:
    change(agency, Client, agency.northwind, currency="USD")
    log(agency)
    save_head(agency.owner, draft_id(agency), 0, {"exchange_rate": "0.9214"})
    done = finalise_invoice(agency.owner, agency.northwind, DAY, live(agency).version, issue_date=ISSUED)
    snapshot = read_invoice(agency.owner, done.invoice_id).snapshot
    assert snapshot["accounting"] == {"currency": "EUR", "vat_minor": 3_676, "exchange_rate": 921_400}
    assert b'<cbc:TaxAmount currencyID="EUR">36.76' in draw("ubl", snapshot, datetime(2026, 11, 30, tzinfo=UTC))
    assert verify_workspace() == []


@pytest.mark.parametrize(("currency", "total"), [("JPY", 230), ("BHD", 229_900)])
def test_currencies_with_no_decimals_and_with_three(agency: Agency, currency: str, total: int) -> None:
    change(agency, Client, agency.northwind, currency=currency)
    log(agency)
    invoice_id = draft_id(agency)
    if currency == "JPY":
        with pytest.raises(Refused, match="JPY has 0 decimals"):
            add(agency, invoice_id, kind="prepayment", description="Deposit", amount="1.5")
    finalise_invoice(agency.owner, agency.northwind, DAY, live(agency).version, issue_date=ISSUED)
    assert live(agency).draft.totals.total_minor == total
    assert verify_workspace() == []


def test_a_fee_says_what_it_covers_by_activity_and_asks_nothing_for_it(agency: Agency) -> None:
    with transaction() as session:
        session.get_one(Retainer, agency.summit_retainer).granted_seconds = 10 * 3600
    log(agency, agency.summit, 3)
    log(agency, agency.summit, 1, NINE + timedelta(hours=4), agency.strategy)
    [line] = read_invoice(agency.owner, draft_id(agency, agency.summit)).snapshot["lines"][:1]
    assert line["detail"] == "Covers Optimisation 3:00, Strategy 1:00. 2 entries"
    assert {work["amount_minor"] for work in line["work"]} == {0}


def test_an_item_taken_out_of_a_final_invoice_behind_our_back_is_found(agency: Agency, database: str) -> None:
    log(agency)
    invoice_id = draft_id(agency)
    add(agency, invoice_id, kind="fixed", description="Audit", price="100")
    finalise_invoice(agency.owner, agency.northwind, DAY, live(agency).version, issue_date=ISSUED)
    with transaction() as session:
        _run(session, "DROP TRIGGER draft_item_no_update" + (" ON draft_item" if database == "postgresql" else ""))
        _run(session, "UPDATE draft_item SET kind = 'prepayment', amount_minor = 5")
    assert any("“Audit” was added to it, but it does not say so" in fault for fault in verify_workspace())


def _run(session: Session, statement: str) -> None:
    session.connection().execute(text(statement))


def test_the_history_says_who_added_what(agency: Agency) -> None:
    log(agency)
    add(agency, draft_id(agency), kind="fixed", description="Audit", price="100")
    with reading() as session:
        row = (
            session.connection()
            .execute(text("SELECT detail FROM audit_event WHERE verb = 'change_draft_item'"))
            .scalar_one()
        )
    assert json.loads(row)["after"]["description"] == "Audit"


def test_a_rounding_is_shown_in_hours_and_money_before_it_applies(agency: Agency) -> None:
    command = LogTime(agency.northwind, agency.optimisation, NINE, NINE + timedelta(minutes=50))
    log_time(agency.owner, command)
    typed = {"rounding_mode": "up", "rounding_step_seconds": "15", "rounding_scope": "entry"}
    effect = preview_rounding(agency.owner, agency.northwind, DAY, typed)
    assert (effect.seconds, effect.subtotal) == (600, 1_584)
    assert live(agency).draft.totals.subtotal_minor == effect.subtotal_now == 7_916
    change_client(agency.owner, agency.northwind, effect.client_version, typed)
    assert live(agency).draft.totals.subtotal_minor == effect.subtotal_then
    with pytest.raises(Refused, match="how many minutes"):
        preview_rounding(agency.owner, agency.northwind, DAY, {"rounding_mode": "up"})


@time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=UTC))
def test_the_checks_say_what_stops_what_is_asked_for_and_what_holds(agency: Agency) -> None:
    log(agency)
    invoice_id = draft_id(agency)

    def said(kind: str) -> list[str]:
        return [
            one.fault.message for one in checks_of_draft(read_invoice(agency.owner, invoice_id)) if one.kind == kind
        ]

    assert said("stop") == said("hint") == []
    assert said("ok") == ["Totals reconcile: 2 h logged, 2 h on the lines", "E-invoice valid: EN 16931"]
    change(agency, Client, agency.northwind, address="", vat_category="AE", vat_rate=0, currency="USD")
    change(agency, Workspace, agency.workspace_id, iban="")
    assert any("no billing address" in message for message in said("stop"))
    assert any("add its VAT number" in message for message in said("hint"))
    assert any("no bank account" in message for message in said("hint"))
    change(agency, Client, agency.northwind, address="Ring 1\n10115 Berlin\nGermany", vat_category="S", vat_rate=2100)
    assert any("no VAT number: its country" in message for message in said("hint"))
    assert any("exchange rate" in message for message in said("hint"))


@time_machine.travel(datetime(2026, 11, 20, 9, tzinfo=UTC))
def test_a_draft_says_how_long_its_month_is_open_and_what_number_it_would_get(agency: Agency) -> None:
    log(agency)
    read = read_invoice(agency.owner, draft_id(agency))
    assert [one.fault.message for one in checks_of_draft(read)][-1] == (
        "November is open until 30 Nov: new entries still land here."
    )
    assert read.next_number == "INV-2026-0001"
    done = finalise_invoice(agency.owner, agency.northwind, DAY, live(agency).version, issue_date=ISSUED)
    assert done.number == read.next_number
    log(agency, agency.summit)
    assert read_invoice(agency.owner, draft_id(agency, agency.summit)).next_number == "INV-2026-0002"


@time_machine.travel(datetime(2026, 12, 2, 9, tzinfo=UTC))
def test_every_check_leads_to_what_mends_it(agency: Agency) -> None:
    with transaction() as session:
        session.get_one(Retainer, agency.summit_retainer).fee_minor = 0
    empty = read_invoice(agency.owner, draft_id(agency, agency.summit))
    assert ways(empty) == [("Log work", f"/?week=2026-11-01&client={agency.summit}")]
    log(agency)
    invoice_id = draft_id(agency)
    key = live(agency).draft.lines[0].key
    loyalty = add(agency, invoice_id, kind="discount", description="Loyalty", percent="5", line_key=key)
    deposit = add(agency, invoice_id, kind="prepayment", description="Deposit", amount="9000")
    describe_line(agency.owner, invoice_id, key, 0, "Work")
    group_work(agency.owner, invoice_id, 0, "member")
    save_head(agency.owner, invoice_id, 1, {"due_on": "2026-12-01"})
    change(agency, Client, agency.northwind, country="", address="Somewhere", vat_id="123", currency="USD")
    change(agency, Workspace, agency.workspace_id, iban="NL00ABNA0417164300", country="", address="Elsewhere")
    client, draft = f"/clients/{agency.northwind}?back=/invoices/{invoice_id}", f"/invoices/{invoice_id}"
    assert ways(read_invoice(agency.owner, invoice_id)) == [
        ("Open it", f"{draft}?open=item:{loyalty}"),
        ("Change it", f"{draft}?open=head"),
        ("Fill it in", f"/settings?back={draft}#country"),
        ("Fill it in", f"{client}#country"),
        ("Fill it in", f"{client}#vat_id"),
        ("Change it", f"{draft}?open=head"),
        ("See what was added", f"{draft}?open=items"),
    ]
    remove_item(agency.owner, deposit, 1)
    assert ("Fill it in", f"/settings?back={draft}#iban") in ways(read_invoice(agency.owner, invoice_id))
    add(agency, invoice_id, kind="fixed", description="Course", price="10", vat_category="O")
    alone = [one for one in read_invoice(agency.owner, invoice_id).faults if "BR-O-11" in one.message]
    assert [one.fix for one in alone] == ["items"]


def ways(read: InvoiceRead) -> list[tuple[str, str]]:
    """Return the link of each check that does not hold."""
    faults = [one.fault for one in checks_of_draft(read) if one.kind != "ok"]
    return [(one["link"], one["href"]) for one in checks_of(faults, read.client.id, f"/invoices/{read.invoice.id}")]


def test_each_stop_leads_to_where_it_is_mended(agency: Agency) -> None:
    log(agency)
    with transaction() as session:
        retainer = session.get_one(Retainer, agency.northwind_retainer)
        retainer.overage, retainer.granted_seconds = "approval", 3600
    change(agency, Client, agency.northwind, address="")
    change(agency, Workspace, agency.workspace_id, legal_name="", approval=True)
    faults = read_invoice(agency.owner, draft_id(agency)).faults
    assert [(one["link"], one["href"]) for one in checks_of(faults, agency.northwind, "/")] == [
        ("Fill it in", "/settings?back=/#legal_name"),
        ("Fill it in", f"/clients/{agency.northwind}?back=/#address"),
        ("See the weeks", "/approvals"),
        ("Decide", f"/retainers/{agency.northwind_retainer}?day=2026-11-30"),
    ]
