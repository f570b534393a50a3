"""The agency's and a client's data with a real browser: filled in from a refusal, kept while typing, never overwritten."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from agency_app.serving.server import RunningServer
from agency_app.store.engine import reading, transaction
from agency_app.tables import Client, Invoice, Workspace
from tests.ui.conftest import NORTHWIND, client_id, sign_in, today


def workspace() -> Workspace:
    with reading() as session:
        return session.exec(select(Workspace)).one()


def client() -> Client:
    with reading() as session:
        return session.exec(select(Client).where(Client.name == NORTHWIND)).one()


def draft_id() -> str:
    first = today().replace(day=1)
    with reading() as session:
        query = select(Invoice.id).where(Invoice.client_id == client_id(), Invoice.period_start == first)
        return session.exec(query).one()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def expect_saved(page: Page) -> None:
    expect(page.locator(".toast")).to_contain_text("Saved")


@pytest.fixture
def mara(browser: Browser, server: RunningServer):
    context, page = sign_in(browser, server.url, "mara@halden.example", "/settings")
    expect(page.locator("form.rf")).to_be_visible()
    yield page
    context.close()


@pytest.fixture
def sem(browser: Browser, server: RunningServer):
    """The member for finance."""
    context, page = sign_in(browser, server.url, "sem@halden.example", "/settings")
    expect(page.locator("form.rf")).to_be_visible()
    yield page
    context.close()


def test_what_keeps_an_invoice_from_being_final_is_told_before_it_is_tried_and_mending_it_leads_back(
    mara: Page, server: RunningServer
) -> None:
    with transaction() as session:
        found = session.exec(select(Workspace)).one()
        found.address = found.vat_id = ""
        session.get_one(Client, client_id()).address = ""
    mara.goto(f"{server.url}/?week={today().isoformat()}&client={client_id()}")
    mara.get_by_role("button", name="Finalise & download").click()
    dialog = mara.locator("#finalise-dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("agency's address is missing")
    expect(dialog.get_by_role("alert").get_by_role("link")).to_have_count(2)
    expect(dialog.get_by_role("button", name="Finalise & download")).to_have_count(0)
    hint = dialog.locator(".notes li", has_text="no VAT number")
    hint.get_by_role("link").click()
    mara.wait_for_url(re.compile(r"/settings\?back=.+#vat_id$"))
    expect(mara.locator("#vat_id")).to_be_focused()
    mara.keyboard.insert_text("NL862143590B01")
    mara.fill("#address", "Keizersgracht 214\n1016 DX Amsterdam\nNetherlands")
    save(mara)
    expect_saved(mara)
    mara.locator(".toast").get_by_role("link", name="Back to finalising").click()

    expect(hint).to_have_count(0)
    expect(dialog.get_by_role("alert").get_by_role("link")).to_have_count(1)
    with transaction() as session:  # somebody else mends the last one meanwhile
        session.get_one(Client, client_id()).address = "Westerstraat 18\n1015 MJ Amsterdam\nNetherlands"
    dialog.get_by_role("button", name="Check again").click()
    expect(dialog.get_by_role("alert")).to_have_count(0)
    with mara.expect_download():
        dialog.get_by_role("button", name="Finalise & download").click()


def test_what_a_draft_misses_is_filled_in_from_its_checks_and_the_invoice_goes_out(
    mara: Page, server: RunningServer
) -> None:
    with transaction() as session:
        session.exec(select(Workspace)).one().address = ""
        session.get_one(Client, client_id()).address = ""
    mara.goto(f"{server.url}/?week={today().isoformat()}&client={client_id()}")
    mara.get_by_role("button", name="Review").click()
    mara.wait_for_url("**/invoices/*")
    reason = mara.locator(".chk .bad", has_text="agency's address")
    reason.get_by_role("link").click()
    mara.wait_for_url(re.compile(r"/settings\?back=/invoices/\w+#address$"))
    expect(mara.locator("#address")).to_be_focused()
    mara.keyboard.insert_text("Keizersgracht 214\n1016 DX Amsterdam\nNetherlands")
    save(mara)
    expect_saved(mara)
    mara.get_by_role("main").get_by_role("link", name="Back to the invoice").click()

    mara.locator(".chk .bad", has_text="billing address").get_by_role("link").click()
    mara.wait_for_url(re.compile(r"/clients/\w+\?back=/invoices/\w+#address$"))
    expect(mara.locator("#address")).to_be_focused()
    mara.keyboard.insert_text("Westerstraat 18\n1015 MJ Amsterdam\nNetherlands")
    mara.keyboard.press("Control+Enter")
    expect_saved(mara)
    mara.get_by_role("main").get_by_role("link", name="Back to the invoice").click()
    expect(mara.locator(".chk .bad")).to_have_count(0)
    expect(mara.locator(".paper")).to_contain_text("Westerstraat 18")
    mara.get_by_role("button", name="Finalise & download").click()
    dialog = mara.locator("#finalise-dialog")
    with mara.expect_download():
        dialog.get_by_role("button", name="Finalise & download").click()
    with reading() as session:
        invoice = session.exec(
            select(Invoice).where(Invoice.client_id == client_id(), Invoice.period_start == today().replace(day=1))
        ).one()
    assert invoice.status == "final"
    assert "Keizersgracht 214" in (invoice.snapshot or "")


def test_a_second_save_is_refused_tells_what_changed_and_keeps_what_was_typed(mara: Page, sem: Page) -> None:
    mara.fill("#bic", "INGBNL2A")
    mara.fill("#registration", "KvK 11111111")
    sem.fill("#registration", "KvK 22222222")
    sem.fill("#iban", "DE89 3704 0044 0532 0130 00")
    save(sem)
    expect_saved(sem)
    expect(mara.get_by_text("Somebody saved this in the meantime")).to_be_visible()
    assert mara.input_value("#registration") == "KvK 11111111"

    save(mara)
    alert = mara.locator(".bar-save").get_by_role("alert")
    expect(alert).to_contain_text("changed the registration and the IBAN after you opened this page")
    assert workspace().registration == "KvK 22222222"
    assert workspace().bic == "ABNANL2A"
    expect(mara.locator("#iban")).to_have_value("DE89 3704 0044 0532 0130 00")
    expect(mara.locator("#registration")).to_have_value("KvK 11111111")
    expect(mara.locator("#bic")).to_have_value("INGBNL2A")
    expect(mara.locator("#registration-about")).to_contain_text("saved “KvK 22222222”")
    expect(mara.get_by_text("Somebody saved this in the meantime")).to_have_count(0)

    save(mara)
    expect_saved(mara)
    row = workspace()
    assert (row.registration, row.bic, row.iban) == ("KvK 11111111", "INGBNL2A", "DE89370400440532013000")
    expect(sem.get_by_text("Somebody saved this in the meantime")).to_be_visible()
    sem.get_by_role("button", name="Show what is saved").click()
    expect(sem.locator("#registration")).to_have_value("KvK 11111111")


def test_errors_stand_beside_their_fields_and_enter_saves(mara: Page) -> None:
    mara.fill("#iban", "NL91 ABNA 0417 1643 01")
    mara.fill("#payment_terms_days", "soon")
    mara.keyboard.press("Enter")
    expect(mara.locator("#iban-about").get_by_role("alert")).to_contain_text("check digits")
    expect(mara.locator("#payment_terms_days-about").get_by_role("alert")).to_contain_text("0 to 365")
    expect(mara.locator("#iban")).to_be_focused()
    assert mara.input_value("#payment_terms_days") == "soon"
    assert workspace().version == 1
    mara.fill("#iban", "nl91abna0417164300")
    mara.fill("#payment_terms_days", "30")
    mara.keyboard.press("Enter")
    expect_saved(mara)
    expect(mara.locator("#iban")).to_have_value("NL91 ABNA 0417 1643 00")
    assert workspace().payment_terms_days == 30


def test_what_was_typed_survives_leaving_and_a_reload_until_it_is_discarded(mara: Page) -> None:
    mara.on("dialog", lambda dialog: dialog.accept())
    mara.fill("#registration", "KvK 11111111")
    expect(mara.locator("form.rf[data-changed]")).to_be_visible()
    mara.get_by_role("link", name="Clients").click()
    mara.get_by_role("link", name=NORTHWIND).click()
    expect(mara.locator("#reference")).to_have_value("PO NWC-1187")
    expect(mara.locator("form.rf[data-changed]")).to_have_count(0)
    mara.get_by_role("link", name="Settings").click()
    expect(mara.locator("#registration")).to_have_value("KvK 11111111")
    expect(mara.get_by_text("What you typed earlier is back")).to_be_visible()
    mara.reload()
    expect(mara.locator("#registration")).to_have_value("KvK 11111111")
    mara.get_by_role("button", name="Discard").click()
    expect(mara.locator("#registration")).to_have_value("KvK 01234567")
    expect(mara.locator("form.rf[data-changed]")).to_have_count(0)
    assert workspace().version == 1


def test_an_open_draft_follows_the_client_at_once(mara: Page, sem: Page, server: RunningServer) -> None:
    sem.goto(f"{server.url}/invoices/{draft_id()}")
    expect(sem.locator(".paper")).to_contain_text("PO NWC-1187")
    mara.goto(f"{server.url}/clients/{client_id()}#reference")
    expect(mara.locator("#reference")).to_be_focused()
    mara.fill("#reference", "PO NWC-2000")
    mara.select_option("#vat_category", "AE")
    mara.keyboard.press("Tab")
    save(mara)
    expect_saved(mara)
    expect(sem.locator(".paper")).to_contain_text("PO NWC-2000")
    expect(sem.locator(".tt")).to_contain_text("VAT 0%")
    assert (client().vat_category, client().vat_rate) == ("AE", 0)


def test_a_member_sees_the_data_and_no_form(browser: Browser, server: RunningServer) -> None:
    context, page = sign_in(browser, server.url, "ida@halden.example", f"/clients/{client_id()}")
    expect(page.locator("#address")).to_contain_text("Westerstraat 18")
    assert page.locator("form.rf").count() == 0
    assert page.get_by_role("button", name="Save", exact=True).count() == 0
    page.goto(f"{server.url}/settings")
    expect(page.locator("#iban")).to_contain_text("NL91")
    assert page.locator("form.rf").count() == 0
    context.close()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_page_scrolls_sideways(mara: Page, server: RunningServer, width: int) -> None:
    mara.set_viewport_size({"width": width, "height": 844})
    for address, drawn in (
        ("/clients", ".tbl tbody tr"),
        (f"/clients/{client_id()}", "form.rf"),
        ("/settings", "form.rf"),
        ("/", ".lg-i"),
        ("/entries", ".en-l tbody tr"),
        ("/retainers", ".rt tbody tr"),
        ("/invoices", ".tbl tbody tr"),
        ("/reports", ".rp tbody tr"),
    ):
        mara.goto(f"{server.url}{address}")
        mara.locator(drawn).first.wait_for()
        assert mara.evaluate("document.documentElement.scrollWidth") <= width
