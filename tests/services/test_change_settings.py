"""Changing the agency's and a client's data: who may, what is refused and where, and what drafts and invoices then say."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from agency_app.services.actor import Actor, actor_of
from agency_app.services.change_client import FIELDS as CLIENT_FIELDS
from agency_app.services.change_client import change_client
from agency_app.services.change_workspace import FIELDS as WORKSPACE_FIELDS
from agency_app.services.change_workspace import change_workspace
from agency_app.services.finalise_invoice import Finalised, finalise_invoice
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import FieldsRefused, NotAllowed, NotFound, NotReady, Stale
from agency_app.services.row_form import Outdated, text_of
from agency_app.services.start_client import StartClient, start_client
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import reading, transaction
from agency_app.tables import AuditEvent, Client, Invoice, Member, Workspace
from tests.services.conftest import Agency

DAY = date(2026, 11, 17)
NINE = datetime(2026, 11, 17, 8, tzinfo=UTC)


def actor_with(agency: Agency, role: str) -> Actor:
    with transaction() as session:
        name = f"Ida {role}"
        member = Member(workspace_id=agency.workspace_id, email=f"{role}@halden.example", name=name, role=role)
        session.add(member)
        session.flush()
        return actor_of(member)


def workspace_of(agency: Agency) -> Workspace:
    with reading() as session:
        return session.get_one(Workspace, agency.workspace_id)


def client_of(agency: Agency, client_id: str = "") -> Client:
    with reading() as session:
        return session.get_one(Client, client_id or agency.northwind)


def log(agency: Agency, start: datetime = NINE) -> None:
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=2)))


def finalise(agency: Agency, client_id: str = "", issued: date = date(2026, 11, 30)) -> Finalised:
    client_id = client_id or agency.northwind
    version = read_draft(agency.owner, client_id, DAY).version
    return finalise_invoice(agency.owner, client_id, DAY, version, issue_date=issued)


def test_a_saved_setting_is_stored_counted_and_recorded_with_the_row_before(agency: Agency) -> None:
    before = workspace_of(agency)
    saved = change_workspace(
        agency.owner, 1, {"registration": " KvK   87654321 ", "iban": "de89 3704 0044 0532 0130 00"}
    )
    assert (saved.version, saved.changed) == (2, ("Registration", "IBAN"))
    after = workspace_of(agency)
    assert (after.registration, after.iban, after.version) == ("KvK 87654321", "DE89370400440532013000", 2)
    assert after.revision == before.revision + 1
    assert (after.address, after.legal_name) == (before.address, before.legal_name)
    with reading() as session:
        event = session.exec(select(AuditEvent).where(AuditEvent.verb == "change_workspace")).one()
    detail = json.loads(event.detail)
    assert (event.member_id, event.subject_id) == (agency.owner.member_id, agency.workspace_id)
    assert detail["before"]["iban"] == before.iban
    assert detail["after"]["iban"] == "DE89370400440532013000"


def test_saving_what_is_there_already_changes_and_records_nothing(agency: Agency) -> None:
    for row, fields in ((workspace_of(agency), WORKSPACE_FIELDS), (client_of(agency), CLIENT_FIELDS)):
        typed = text_of(fields, row)
        saved = (
            change_workspace(agency.owner, 1, typed)
            if isinstance(row, Workspace)
            else change_client(agency.owner, row.id, 1, typed)
        )
        assert (saved.version, saved.changed) == (1, ())
    with reading() as session:
        assert session.exec(select(AuditEvent)).all() == []


def test_every_field_is_read_back_as_it_is_written(agency: Agency) -> None:
    typed = {
        "name": "Vink Media",
        "legal_name": "Vink Media GmbH",
        "address": "Torstraße 1\n10119 Berlin\nGermany",
        "country": "DE",
        "vat_id": "DE123456789",
        "tax_number": "12/345/67890",
        "registration": "HRB 1",
        "contact": "Joris Vink",
        "phone": "+49 30 123456",
        "email": "billing@vink.example",
        "electronic_scheme": "9930",
        "electronic_address": "DE123456789",
        "iban": "DE89 3704 0044 0532 0130 00",
        "bic": "COBADEFFXXX",
        "payment_terms_days": "30",
        "vat_rate": "5.5",
        "vat_exemption": "Small business, no VAT.",
        "default_rate": "95.1250",
        "currency": "GBP",
        "invoice_pattern": "{year}-{number}",
        "invoice_yearly": "on",
        "credit_pattern": "C{number:05}",
        "credit_yearly": "on",
        "zone": "Europe/Berlin",
        "locale": "de",
        "alert_thresholds": "80, 100",
        "alert_under_serviced": "no",
        "locked_until": "2026-10-31",
        "first_weekday": "sunday",
        "approval": "on",
    }
    change_workspace(agency.owner, 1, typed)
    assert text_of(WORKSPACE_FIELDS, workspace_of(agency)) == typed
    assert (workspace_of(agency).vat_rate, workspace_of(agency).default_rate) == (550, 951_250)
    typed = {
        "name": "Northwind",
        "short_name": "NW",
        "legal_name": "Northwind Ltd",
        "attention": "Accounts payable",
        "address": "1 High Street\nLondon\nUnited Kingdom",
        "country": "GB",
        "email": "ap@northwind.example",
        "vat_id": "GB123456789",
        "reference": "PO 7",
        "purchase_order": "4711",
        "electronic_scheme": "",
        "electronic_address": "",
        "vat_reason": "Article 44, services abroad",
        "payment_terms_days": "0",
        "language": "fr",
        "currency": "GBP",
        "vat_category": "AE",
        "vat_rate": "0",
        "rounding_mode": "up",
        "rounding_step_seconds": "0:36",
        "rounding_scope": "entry",
        "lead_id": agency.lead.member_id,
    }
    change_client(agency.owner, agency.northwind, 1, typed)
    assert text_of(CLIENT_FIELDS, client_of(agency)) == typed


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "  ", "name"),
        ("legal_name", "x" * 121, "120"),
        ("address", "\n".join("123456789"), "8 lines"),
        ("email", "billing at halden", "such as"),
        ("iban", "NL91 ABNA 0417 1643 01", "check digits"),
        ("iban", "12345678", "begins with its country"),
        ("vat_id", "garbage", "begins with its country"),
        ("vat_id", "NL00BAD", "has its shape"),
        ("bic", "ABNA", "8 or 11"),
        ("country", "Utopia", "two-letter code"),
        ("electronic_scheme", "Peppol", "four digits"),
        ("payment_terms_days", "a month", "0 to 365"),
        ("payment_terms_days", "366", "0 to 365"),
        ("payment_terms_days", "²", "0 to 365"),
        ("vat_rate", "5.5555", "two decimals"),
        ("vat_rate", "101", "between 0 and 100"),
        ("default_rate", "1,250", "two ways"),
        ("currency", "EURO", "ISO 4217"),
        ("zone", "Amsterdam", "time zone"),
        ("locale", "xx", "Choose one"),
        ("invoice_pattern", "INV-{number}", "{year} too"),
        ("credit_pattern", "INV-{year}-{number}", "differ"),
        ("invoice_pattern", "INV-{year}", "{number} once"),
        ("invoice_pattern", "{year}-{number.__class__}", "{number} once"),
        ("invoice_pattern", "{year}/{number}", "{number} once"),
        ("invoice_pattern", "INVOICE-OF-THE-AGENCY-{year}-{number:09}", "longer"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused_by_its_field(
    agency: Agency, field: str, typed: str, says: str
) -> None:
    before = workspace_of(agency)
    with pytest.raises(FieldsRefused) as refused:
        change_workspace(agency.owner, 1, {field: typed, "registration": "KvK 1"})
    assert list(refused.value.errors) == [field]
    assert says in refused.value.errors[field]
    assert workspace_of(agency) == before


def test_a_country_is_kept_as_its_code(agency: Agency) -> None:
    change_client(agency.owner, agency.northwind, 1, {"country": "Nederland"})
    assert client_of(agency).country == "NL"
    change_client(agency.owner, agency.northwind, 2, {"country": " be "})
    assert client_of(agency).country == "BE"


def test_every_wrong_field_is_named_at_once(agency: Agency) -> None:
    with pytest.raises(FieldsRefused) as refused:
        change_client(agency.owner, agency.northwind, 1, {"email": "x", "payment_terms_days": "y", "currency": "z"})
    assert list(refused.value.errors) == ["email", "payment_terms_days", "currency"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "summit COFFEE"}, "name"),
        ({"vat_rate": "0"}, "vat_rate"),
        ({"vat_category": "AE"}, "vat_id"),
        ({"rounding_mode": "up"}, "rounding_step_seconds"),
        ({"rounding_mode": "up", "rounding_step_seconds": "soon"}, "rounding_step_seconds"),
        ({"rounding_scope": "day"}, "rounding_scope"),
    ],
)
def test_client_data_that_does_not_fit_together_is_refused(agency: Agency, typed: dict[str, str], field: str) -> None:
    before = client_of(agency)
    with pytest.raises(FieldsRefused) as refused:
        change_client(agency.owner, agency.northwind, 1, typed)
    assert list(refused.value.errors) == [field]
    assert client_of(agency) == before


def test_only_owner_and_finance_change_the_workspace_and_leads_the_clients_too(agency: Agency) -> None:
    finance, member = actor_with(agency, "finance"), actor_with(agency, "member")
    before = workspace_of(agency)
    for refused in (agency.lead, member):
        with pytest.raises(NotAllowed):
            change_workspace(refused, 1, {"iban": ""})
        # A role that was taken away since the page was opened does not help.
        with pytest.raises(NotAllowed):
            change_workspace(replace(refused, role="owner"), 1, {"iban": ""})
    with pytest.raises(NotAllowed):
        change_client(member, agency.northwind, 1, {"reference": "PO 1"})
    assert workspace_of(agency) == before
    assert client_of(agency).version == 1
    assert change_workspace(finance, 1, {"iban": ""}).version == 2
    for version, allowed in enumerate((agency.owner, agency.lead, finance), start=1):
        change_client(allowed, agency.northwind, version, {"reference": f"PO {version}"})


def test_a_client_of_another_workspace_does_not_exist_here(agency: Agency) -> None:
    with transaction() as session:
        other = Workspace(name="Elsewhere")
        session.add(other)
        session.flush()
        stranger = Client(workspace_id=other.id, name="Stranger", short_name="Stranger")
        session.add(stranger)
        session.flush()
        stranger_id = stranger.id
    for client_id in (stranger_id, "", "no-such-client"):
        with pytest.raises(NotFound):
            change_client(agency.owner, client_id, 1, {"reference": "PO 1"})


def test_the_second_of_two_saves_is_refused_and_says_who_changed_what(agency: Agency) -> None:
    finance = actor_with(agency, "finance")
    change_client(finance, agency.northwind, 1, {"reference": "PO 1", "payment_terms_days": "30"})
    with pytest.raises(Outdated) as refused:
        change_client(agency.owner, agency.northwind, 1, {"reference": "PO 2"})
    stale = refused.value
    assert isinstance(stale, Stale)
    assert stale.message.startswith("Ida finance changed the reference and the payment terms after you")
    assert set(stale.changed) == {"reference", "payment_terms_days"}
    assert (stale.now["reference"], stale.seen["reference"], stale.version) == ("PO 1", "", 2)
    assert client_of(agency).reference == "PO 1"
    assert change_client(agency.owner, agency.northwind, stale.version, {"reference": "PO 2"}).version == 3


def test_a_save_that_is_two_saves_behind_hears_of_both(agency: Agency) -> None:
    change_workspace(agency.owner, 1, {"registration": "KvK 1"})
    change_workspace(actor_with(agency, "finance"), 2, {"bic": ""})
    with pytest.raises(Outdated) as refused:
        change_workspace(agency.owner, 1, {"iban": ""})
    assert set(refused.value.changed) == {"registration", "bic"}
    assert refused.value.seen["registration"] == "KvK 12345678"


def test_a_version_that_never_was_is_refused(agency: Agency) -> None:
    for version in (0, -1, 99):
        with pytest.raises(Outdated, match="Somebody changed"):
            change_workspace(agency.owner, version, {"iban": ""})


def test_of_two_saves_at_once_one_is_refused(agency: Agency) -> None:
    def save(number: int) -> str:
        try:
            change_client(agency.owner, agency.northwind, 1, {"reference": f"PO {number}"})
        except Outdated:
            return "refused"
        return f"PO {number}"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(save, range(4)))
    assert answers.count("refused") == 3
    assert client_of(agency).reference in answers
    assert client_of(agency).version == 2


def test_a_missing_address_is_named_with_its_field_and_adding_it_lets_the_invoice_through(agency: Agency) -> None:
    log(agency)
    change_workspace(agency.owner, 1, {"address": "", "legal_name": ""})
    change_client(agency.owner, agency.northwind, 1, {"address": ""})
    with pytest.raises(NotReady) as refused:
        finalise(agency)
    places = [(reason.field, reason.of_client) for reason in refused.value.reasons]
    assert places == [("legal_name", False), ("address", False), ("address", True)]
    change_workspace(agency.owner, 2, {"address": "Keizersgracht 1\nAmsterdam", "legal_name": "Halden B.V."})
    change_client(agency.owner, agency.northwind, 2, {"address": "Marktplein 5\nUtrecht"})
    done = finalise(agency)
    with reading() as session:
        snapshot = json.loads(session.get_one(Invoice, done.invoice_id).snapshot or "{}")
    assert snapshot["seller"]["address"] == ["Keizersgracht 1", "Amsterdam"]
    assert snapshot["buyer"]["address"] == ["Marktplein 5", "Utrecht"]


def test_a_draft_seen_before_a_setting_changed_is_not_finalised(agency: Agency) -> None:
    log(agency)
    seen = read_draft(agency.owner, agency.northwind, DAY).version
    change_workspace(agency.owner, 1, {"iban": "DE89370400440532013000"})
    with pytest.raises(Stale):
        finalise_invoice(agency.owner, agency.northwind, DAY, seen, issue_date=date(2026, 11, 30))


def test_terms_vat_and_rounding_change_the_draft_and_leave_the_invoice(agency: Agency) -> None:
    log(agency)
    done = finalise(agency, agency.summit)
    with reading() as session:
        frozen = session.get_one(Invoice, done.invoice_id).model_dump()
    for client_id in (agency.northwind, agency.summit):
        change_client(
            agency.owner,
            client_id,
            1,
            {"vat_category": "AE", "vat_id": "DE123456789", "payment_terms_days": "60", "legal_name": "New Name"},
        )
    change_workspace(agency.owner, 1, {"legal_name": "Vink Media", "address": "Elsewhere 1\nBerlin"})
    totals = read_draft(agency.owner, agency.northwind, DAY).draft.totals
    assert (totals.subtotal_minor, totals.vat_minor) == (19_000, 0)
    with reading() as session:
        assert session.get_one(Invoice, done.invoice_id).model_dump() == frozen
    later = finalise(agency)
    assert later.due_date == later.issue_date + timedelta(days=60)
    assert verify_workspace() == []


def test_rounding_changes_what_is_billed_and_not_what_was_logged(agency: Agency) -> None:
    log_time(
        agency.owner,
        LogTime(agency.northwind, agency.optimisation, NINE, NINE + timedelta(minutes=50)),
    )
    change_client(agency.owner, agency.northwind, 1, {"rounding_mode": "up", "rounding_step_seconds": "15"})
    (line,) = read_draft(agency.owner, agency.northwind, DAY).draft.lines
    assert (line.quantity, line.work[0].seconds, line.work[0].billed_seconds) == (10_000, 3000, 3600)


def test_a_new_number_pattern_counts_from_the_next_year(agency: Agency) -> None:
    log(agency)
    assert finalise(agency, agency.summit).number == "INV-2026-0001"
    change_workspace(agency.owner, 1, {"invoice_pattern": "H{year}-{number:03}"})
    assert finalise(agency).number == "INV-2026-0002"
    january = datetime(2027, 1, 12, 9, tzinfo=UTC)
    log(agency, january)
    version = read_draft(agency.owner, agency.northwind, january.date()).version
    done = finalise_invoice(agency.owner, agency.northwind, january.date(), version, issue_date=date(2027, 1, 31))
    assert done.number == "H2027-001"
    assert verify_workspace() == []


def test_a_currency_changes_only_before_the_first_entry(agency: Agency) -> None:
    with pytest.raises(FieldsRefused, match="fee agreed in EUR"):
        change_client(agency.owner, agency.summit, 1, {"currency": "JPY"})
    assert change_client(agency.owner, agency.summit, 1, {"currency": "usd"}).version == 2
    assert client_of(agency, agency.summit).currency == "USD"
    log(agency)
    with pytest.raises(FieldsRefused, match="time logged in EUR"):
        change_client(agency.owner, agency.northwind, 1, {"currency": "USD"})


def test_a_new_client_starts_with_the_settings(agency: Agency) -> None:
    change_workspace(agency.owner, 1, {"vat_rate": "19", "payment_terms_days": "30", "currency": "GBP"})
    today = date(2026, 11, 1)
    typed = {"name": "Fjord", "retainer_name": "R", "basis": "hours", "hours": "20", "rate": "95"}
    client = client_of(agency, start_client(agency.owner, StartClient.of_form(typed, today)))
    assert (client.vat_category, client.vat_rate, client.payment_terms_days, client.currency) == ("S", 1900, 30, "GBP")
    typed |= {"name": "Lumen", "vat_percent": "0"}
    assert client_of(agency, start_client(agency.owner, StartClient.of_form(typed, today))).vat_category == "Z"
