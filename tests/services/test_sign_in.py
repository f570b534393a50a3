"""Signing in: what is kept, what is refused, how guessing is slowed down, and the first visit that comes before it."""

import hashlib
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import select

from agency_app.services import sign_in as module
from agency_app.services.actor import Actor
from agency_app.services.before_finalising import before_finalising
from agency_app.services.change_client import change_client
from agency_app.services.change_workspace import change_workspace
from agency_app.services.finalise_invoice import finalise_invoice, open_draft
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.pro_forma import pro_forma
from agency_app.services.read_draft import read_draft
from agency_app.services.read_settings import read_settings
from agency_app.services.refusal import NotAllowed, NotReady, Refused
from agency_app.services.sign_in import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_EMAIL,
    TooManyAttempts,
    actor_of_token,
    actor_to_remember,
    hash_password,
    remembered_actor,
    sign_in,
    sign_out,
)
from agency_app.services.start_client import StartClient, start_client
from agency_app.services.start_workspace import ACTIVITIES, StartWorkspace, start_workspace, workspace_exists
from agency_app.settings import settings
from agency_app.states.focus_view import focus_view
from agency_app.store import clients, people
from agency_app.store.engine import reading, transaction
from agency_app.tables import Client, LoginSession, Member, Rate, Retainer, SignInAttempt, Workspace
from agency_app.tables.base import now
from tests.services.conftest import Agency

EMAIL, PASSWORD = "mara@halden.example", "a long password"
HERE = "192.0.2.1"
FIRST = StartWorkspace("Halden & Co", "Mara Halden", EMAIL, PASSWORD, country="NL")
TERMS = StartClient("Northwind", "Performance", "hours", date(2025, 1, 1), 36 * 3600, rate=950_000)


@pytest.fixture
def owner(database: str) -> Actor:
    return start_workspace(FIRST)


def _sessions() -> list[LoginSession]:
    with reading() as session:
        return list(session.exec(select(LoginSession)))


def _attempts() -> int:
    with reading() as session:
        return len(session.exec(select(SignInAttempt)).all())


def _fail(times: int, email: str = EMAIL, address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(NotAllowed, match=r"^E-mail or password is not right\.$"):
            sign_in(email, "not the password", address)


# -- sessions --------------------------------------------------------------------------------------------------------


def test_a_session_keeps_the_hash_of_its_token_and_ends_by_itself(owner: Actor) -> None:
    token = sign_in("  MARA@halden.example ", PASSWORD, HERE)
    assert len(token) == 43  # 256 bits
    [kept] = _sessions()
    assert kept.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert timedelta(0) <= now() + timedelta(days=settings().session_days) - kept.expires_at < timedelta(minutes=1)
    assert actor_of_token(token) == owner
    with time_machine.travel(now() + timedelta(days=30, minutes=1)):
        assert actor_of_token(token) is None


def test_only_a_live_session_of_an_active_member_has_an_actor(owner: Actor) -> None:
    token, other = sign_in(EMAIL, PASSWORD, HERE), sign_in(EMAIL, PASSWORD, HERE)
    assert [actor_of_token(unknown) for unknown in ("", "x" * 43, token[:-1])] == [None, None, None]
    sign_out(token)
    assert actor_of_token(token) is None
    assert actor_of_token(other) == owner
    sign_out("unknown")
    with transaction() as session:
        session.get_one(Member, owner.member_id).active = False
    assert actor_of_token(other) is None


def test_a_remembered_actor_is_believed_for_two_seconds_and_not_after_signing_out(
    owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sign_in(EMAIL, PASSWORD, HERE)
    assert remembered_actor(token) is None
    assert actor_to_remember(token) == remembered_actor(token) == owner
    asked_at = module._remembered[hashlib.sha256(token.encode()).hexdigest()][0]
    monkeypatch.setattr(module.time, "monotonic", lambda: asked_at + 2)
    assert remembered_actor(token) is None
    monkeypatch.undo()
    actor_to_remember(token)
    sign_out(token)
    assert remembered_actor(token) is None
    assert actor_to_remember(token) is None


# -- passwords -------------------------------------------------------------------------------------------------------


def test_passwords_are_kept_as_argon2id_with_a_salt_each() -> None:
    one, other = hash_password(PASSWORD), hash_password(PASSWORD)
    assert one.startswith("$argon2id$")
    assert one != other


def test_a_hash_of_weaker_parameters_is_renewed_at_the_next_sign_in(owner: Actor) -> None:
    weak = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024),)).hash(PASSWORD)
    with transaction() as session:
        session.get_one(Member, owner.member_id).password_hash = weak
    _fail(1)
    assert sign_in(EMAIL, PASSWORD, HERE)
    with reading() as session:
        renewed = session.get_one(Member, owner.member_id).password_hash
    assert renewed != weak
    assert "m=1024" not in renewed
    assert sign_in(EMAIL, PASSWORD, HERE)


def test_somebody_unknown_costs_as_much_hashing_as_somebody_known(
    owner: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    real = module._hasher().verify_and_update

    def watched(password: str, stored: str) -> tuple[bool, str | None]:
        checked.append(stored.rpartition("$")[0].rpartition("$")[0])
        return real(password, stored)

    monkeypatch.setattr(module._hasher(), "verify_and_update", watched)
    _fail(1)
    _fail(1, "nobody@halden.example")
    assert len(checked) == 2
    assert checked[0] == checked[1]  # the same algorithm with the same parameters


def test_a_member_without_a_password_cannot_sign_in(owner: Actor) -> None:
    with transaction() as session:
        session.get_one(Member, owner.member_id).password_hash = ""
    for password in ("", PASSWORD):
        with pytest.raises(NotAllowed):
            sign_in(EMAIL, password, HERE)
    assert _sessions() == []


# -- guessing --------------------------------------------------------------------------------------------------------


def test_after_eight_failures_an_address_is_closed_for_everybody_until_they_are_old(owner: Actor) -> None:
    start = now()
    with time_machine.travel(start, tick=False):
        _fail(4)
    with time_machine.travel(start + timedelta(minutes=5), tick=False):
        _fail(FAILURES_PER_EMAIL - 4, EMAIL.upper(), "192.0.2.2")
        with pytest.raises(TooManyAttempts, match=r"^Too many attempts: try again in 10 minutes\.$"):
            sign_in(EMAIL, PASSWORD, "192.0.2.3")
    with (
        time_machine.travel(start + timedelta(minutes=14, seconds=30), tick=False),
        pytest.raises(TooManyAttempts, match=r"try again in 1 minute\."),
    ):
        sign_in(EMAIL, PASSWORD, HERE)
    with time_machine.travel(start + timedelta(minutes=15, seconds=1), tick=False):
        assert sign_in(EMAIL, PASSWORD, HERE)


def test_attempts_that_are_refused_unseen_do_not_prolong_the_wait(owner: Actor) -> None:
    _fail(FAILURES_PER_EMAIL)
    counted = _attempts()
    for _ in range(3):
        with pytest.raises(TooManyAttempts):
            sign_in(EMAIL, PASSWORD, HERE)
    assert _attempts() == counted == 2 * FAILURES_PER_EMAIL


def test_one_caller_cannot_try_many_people(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_check_password", lambda _member, _password: (False, None))
    for number in range(FAILURES_PER_ADDRESS):
        _fail(1, f"person{number}@halden.example")
    with pytest.raises(TooManyAttempts):
        sign_in("another@halden.example", PASSWORD, HERE)
    _fail(1, "another@halden.example", "192.0.2.2")


def test_a_success_forgets_the_failures_of_the_person_but_not_of_the_caller(owner: Actor) -> None:
    _fail(FAILURES_PER_EMAIL - 1)
    _fail(1, "nobody@halden.example")
    sign_in(EMAIL, PASSWORD, HERE)
    _fail(FAILURES_PER_EMAIL - 1)
    assert sign_in(EMAIL, PASSWORD, HERE)
    assert _attempts() == 2 * FAILURES_PER_EMAIL - 2 + 2


# -- the first visit -------------------------------------------------------------------------------------------------


def test_the_first_visit_makes_what_the_first_touch_of_work_needs(database: str) -> None:
    assert not workspace_exists()
    owner = start_workspace(replace(FIRST, currency=" gbp ", zone="Europe/London", address="1 Quay", country="UK"))
    assert workspace_exists()
    assert (owner.name, owner.initials, owner.role, owner.zone) == ("Mara Halden", "MH", "owner", "Europe/London")
    with reading() as session:
        workspace = people.workspace(session, owner.workspace_id)
        names = {activity.id: activity.name for activity in clients.activities(session, owner.workspace_id)}
        templates = [
            (template.name, names[template.activity_id], template.default_seconds // 60)
            for template in clients.templates(session, owner.workspace_id)
        ]
    assert (workspace.currency, workspace.address) == ("GBP", "1 Quay\nUK")
    assert tuple(names.values()) == ACTIVITIES
    assert templates == [
        ("Daily optimisation", "Optimisation", 30),
        ("Weekly report", "Reporting", 60),
        ("Strategy call", "Strategy call", 45),
        ("Creative swap", "Creative", 60),
    ]
    assert actor_of_token(sign_in(EMAIL, PASSWORD, HERE)) == owner


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agency_name": " "}, "agency_name"),
        ({"agency_name": "x" * 121}, "agency_name"),
        ({"owner_name": ""}, "owner_name"),
        ({"email": "mara at halden"}, "email"),
        ({"password": "x" * 9}, "password"),
        ({"password": "x" * 1001}, "password"),
        ({"currency": "XXX"}, "currency"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"country": "Utopia"}, "country"),
        ({"address": "x" * 501}, "address"),
        ({"vat_rate": 10_001}, "vat_rate"),
    ],
)
def test_a_first_visit_that_is_refused_names_the_field_and_saves_nothing(
    database: str, changes: dict[str, str | int], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        start_workspace(replace(FIRST, **changes))  # pyright: ignore[reportArgumentType]
    assert refused.value.field == field
    assert not workspace_exists()


@pytest.mark.parametrize(
    ("said", "country", "rate"),
    [
        ({"country": "Germany"}, "DE", 1900),
        ({"country": "fi"}, "FI", 2550),
        ({"address": "1 Quay\nDublin", "country": "Ireland"}, "", 2300),
        ({"address": "Bahnhofstrasse 1\n8001 Zürich\nSchweiz"}, "", 810),
        ({"vat_id": "EL123456789"}, "", 2400),
        ({"country": "US"}, "US", None),
        ({"address": "1 Quay\nNowhere", "country": "Utopia"}, "", None),
        ({}, "", None),
        ({"country": "Germany", "vat_rate": 0}, "DE", 0),
    ],
)
def test_a_new_agency_starts_with_the_standard_rate_of_a_country_it_names_and_else_with_none(
    database: str, said: dict[str, str], country: str, rate: int | None
) -> None:
    owner = start_workspace(replace(FIRST, **({"country": ""} | said)))  # pyright: ignore[reportArgumentType]
    with reading() as session:
        workspace = people.workspace(session, owner.workspace_id)
    assert (workspace.country, workspace.vat_rate) == (country, rate)


def test_of_two_first_visitors_at_the_same_moment_one_is_refused(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier, came_of_it = threading.Barrier(4), []

    def late_hash(_password: str) -> str:
        barrier.wait(20)  # all have seen an empty database by now
        return "no hash"

    monkeypatch.setattr("agency_app.services.start_workspace.hash_password", late_hash)

    def visit(number: int) -> None:
        try:
            came_of_it.append(start_workspace(replace(FIRST, email=f"visitor{number}@halden.example")).role)
        except Refused as refused:
            came_of_it.append(refused.message)

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(30)
    assert sorted(came_of_it) == ["This agency is set up already. Sign in instead."] * 3 + ["owner"]
    with reading() as session:
        assert len(session.exec(select(Workspace)).all()) == 1
        assert len(session.exec(select(Member)).all()) == 1


# -- the first client ------------------------------------------------------------------------------------------------


def test_starting_with_a_client_makes_its_retainer_and_its_rate(agency: Agency) -> None:
    form = {
        "name": " Fjord  Outdoor ",
        "retainer_name": "Performance",
        "basis": "hybrid",
        "hours": "36,5",
        "fee": "1.250,50",
        "rate": "95.00",
        "overage_rate": "",
        "starts_on": "",
        "address": "Wijnhaven 63\r\n\r\n3011 WJ Rotterdam",
        "vat_id": "NL003692581B01",
        "vat_percent": "5.5",
    }
    client_id = start_client(agency.lead, StartClient.of_form(form, date(2026, 11, 22)))
    with reading() as session:
        client = session.get_one(Client, client_id)
        [retainer] = clients.retainers(session, agency.workspace_id, client_id)
        rate = session.exec(select(Rate).where(Rate.client_id == client_id)).one()
    assert (client.name, client.legal_name, client.short_name) == ("Fjord Outdoor",) * 3
    assert client.address == "Wijnhaven 63\n3011 WJ Rotterdam"
    assert (client.currency, client.vat_category, client.vat_rate, client.colour) == ("EUR", "S", 550, 3)
    assert (retainer.basis, retainer.granted_seconds, retainer.fee_minor) == ("hybrid", 131_400, 125_050)
    assert (retainer.overage, retainer.overage_rate, retainer.starts_on) == ("bill", 950_000, date(2026, 11, 1))
    assert (rate.rate, rate.starts_on) == (950_000, date(2026, 11, 1))


def test_work_for_a_first_client_is_billed_by_its_agreement(owner: Actor) -> None:
    client_id = start_client(owner, replace(TERMS, granted_seconds=3600, overage_rate=1_250_000))
    with reading() as session:
        activity = clients.activities(session, owner.workspace_id)[0]
    start = now().replace(hour=10, minute=0, second=0, microsecond=0)
    log_time(owner, LogTime(client_id, activity.id, start, start + timedelta(hours=2)))
    totals = read_draft(owner, client_id, start.date()).draft.totals
    assert totals.subtotal_minor == 95_00 + 125_00
    assert totals.vat_minor == 46_20


def test_without_a_vat_rate_nothing_is_final_before_the_client_has_one(database: str) -> None:
    owner = start_workspace(replace(FIRST, country="", address="1 Quay\nSpringfield"))
    form = {"name": "Fjord", "retainer_name": "R", "basis": "hours", "hours": "20", "rate": "95", "address": "2 Quay"}
    client_id = start_client(owner, StartClient.of_form(form, now().date()))
    with reading() as session:
        client = clients.client(session, owner.workspace_id, client_id)
        activity = clients.activities(session, owner.workspace_id)[0]
    assert client is not None
    assert (client.vat_category, client.vat_rate) == ("S", 0)
    start = now().replace(hour=0, minute=0, second=0, microsecond=0)
    log_time(owner, LogTime(client_id, activity.id, start, start + timedelta(hours=2)))
    draft = read_draft(owner, client_id, start.date())
    view = focus_view(draft, [], start.date(), start.date(), "")
    assert [row["name"] for row in view["vat"]] == ["VAT, no rate yet"]
    [stop] = before_finalising(owner, client_id, start.date()).stops
    assert (stop.field, stop.of_client) == ("vat_rate", True)
    assert stop.message == "Fjord has no VAT rate yet: add it to the client, or choose there why there is none."
    with pytest.raises(Refused, match="no VAT rate yet"):
        pro_forma(owner, open_draft(owner, client_id, start.date()))
    with pytest.raises(NotReady):
        finalise_invoice(owner, client_id, start.date(), draft.version)

    change_client(owner, client_id, 1, {"vat_rate": "10"})
    draft = read_draft(owner, client_id, start.date())
    assert before_finalising(owner, client_id, start.date()).stops == []
    assert draft.draft.totals.vat_minor == 19_00
    finalise_invoice(owner, client_id, start.date(), draft.version)


def test_an_agency_says_its_vat_rate_later_and_may_take_it_back(database: str) -> None:
    owner = start_workspace(replace(FIRST, country=""))
    assert read_settings(owner).values["vat_rate"] == ""
    for version, (typed, vat) in enumerate((("0", ("Z", 0)), ("8.1", ("S", 810)), ("", ("S", 0))), start=1):
        change_workspace(owner, version, {"vat_rate": typed})
        made = start_client(owner, replace(TERMS, name=f"Client {version}"))
        with reading() as session:
            client = session.get_one(Client, made)
        assert (client.vat_category, client.vat_rate) == vat


def test_colours_go_round_and_a_client_without_vat_or_overage_is_marked_so(agency: Agency) -> None:
    terms = replace(TERMS, vat_rate=0, overage_rate=0)
    ids = [start_client(agency.owner, replace(terms, name=f"Client {number}")) for number in range(4)]
    with reading() as session:
        made = [session.get_one(Client, client_id) for client_id in ids]
        retainer = session.exec(select(Retainer).where(Retainer.client_id == ids[0])).one()
    assert [client.colour for client in made] == [3, 4, 1, 2]
    assert {client.vat_category for client in made} == {"Z"}
    assert retainer.overage == "absorb"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "NORTHWIND outdoor"}, "name"),
        ({"retainer_name": " "}, "retainer_name"),
        ({"basis": "barter"}, "basis"),
        ({"granted_seconds": 0}, "hours"),
        ({"granted_seconds": -1}, "hours"),
        ({"rate": 0}, "rate"),
        ({"rate": -1}, "rate"),
        ({"overage_rate": -1}, "overage_rate"),
        ({"fee": 10_000}, "fee"),
        ({"basis": "fee"}, "fee"),
        ({"basis": "hybrid"}, "fee"),
        ({"basis": "budget"}, "budget"),
        ({"basis": "budget", "budget": 10_050}, "budget"),
        ({"basis": "budget", "budget": 10_000, "rate": 0}, "rate"),
        ({"basis": "fee", "fee": 10_050}, "fee"),
        ({"vat_rate": 10_001}, "vat_percent"),
        ({"starts_on": date(1, 1, 1)}, "starts_on"),
        ({"address": "x\n" * 9}, "address"),
    ],
)
def test_terms_that_are_refused_name_the_field_and_save_nothing(
    agency: Agency, changes: dict[str, str | int | date], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        start_client(agency.owner, replace(TERMS, **changes))  # pyright: ignore[reportArgumentType]
    assert refused.value.field == field
    with reading() as session:
        assert len(clients.clients(session, agency.workspace_id)) == 2


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("rate", "1,250"),
        ("rate", "95.00.00"),
        ("rate", "-95"),
        ("rate", "1e3"),
        ("fee", "1.234,567,890"),
        ("overage_rate", "much"),
        ("hours", "many"),
        ("starts_on", "22-11-2026"),
        ("vat_percent", "5.555"),
    ],
)
def test_a_form_that_cannot_be_read_names_the_field(field: str, typed: str) -> None:
    form = {"name": "Fjord", "basis": "hybrid", "hours": "20", "rate": "95", field: typed}
    with pytest.raises(Refused) as refused:
        StartClient.of_form(form, date(2026, 11, 22))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("95", 950_000),
        ("95,5", 955_000),
        ("0.125", 1_250),
        ("1 250.00", 12_500_000),
        ("1,250.00", 12_500_000),
        ("1.250,00", 12_500_000),
        ("1’250.2500", 12_502_500),
        ("1,234,567", 12_345_670_000),
        ("1234.567", 12_345_670),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, amount: int) -> None:
    assert StartClient.of_form({"rate": typed}, date(2026, 11, 22)).rate == amount


@pytest.mark.parametrize(
    ("basis", "kept"),
    [
        ("hours", (72_000, 0, 0, 1_250_000, "bill")),
        ("fee", (72_000, 200_000, 0, 1_250_000, "bill")),
        ("hybrid", (72_000, 200_000, 0, 1_250_000, "bill")),
        ("budget", (0, 0, 300_000, 950_000, "bill")),
    ],
)
def test_what_means_nothing_beside_the_basis_is_passed_over(
    owner: Actor, basis: str, kept: tuple[int, int, int, int, str]
) -> None:
    form = {"name": "Fjord", "retainer_name": "Retainer", "basis": basis, "hours": "20", "rate": "95"}
    form |= {"fee": "2000", "budget": "3000", "overage_rate": "125"}
    client_id = start_client(owner, StartClient.of_form(form, date(2026, 11, 22)))
    with reading() as session:
        [one] = clients.retainers(session, owner.workspace_id, client_id)
        rates = [row.rate for row in clients.rates(session, owner.workspace_id) if row.client_id == client_id]
    assert (one.granted_seconds, one.fee_minor, one.budget_minor, one.overage_rate, one.overage) == kept
    assert (one.basis, one.starts_on, rates) == (basis, date(2026, 11, 1), [] if basis == "fee" else [950_000])


def test_a_member_may_not_start_a_client(agency: Agency) -> None:
    with transaction() as session:
        session.get_one(Member, agency.lead.member_id).role = "member"
    with pytest.raises(NotAllowed, match="This is for owners, leads and finance to do"):
        start_client(agency.lead, TERMS)
