"""A retainer is started with a client there is already, on both databases."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from agency_app.services.actor import Actor
from agency_app.services.agreed_terms import NewTerms
from agency_app.services.agreement import rate_for
from agency_app.services.agreement_form import agreement_of_form
from agency_app.services.finalise_invoice import finalise_invoice
from agency_app.services.read_draft import read_draft
from agency_app.services.read_retainers import read_retainers
from agency_app.services.refusal import Locked, NotAllowed, Refused
from agency_app.services.start_agreement import NewAgreement, start_agreement
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import reading, transaction
from agency_app.tables import Client, Retainer, RetainerScope, Workspace
from tests.services.conftest import Agency

HOUR = 3600
BUDGET = NewTerms("budget", budget_minor=300_000, overage="approval", overage_rate=1_200_000)


def signed(agency: Agency, **changed: object) -> NewAgreement:
    plain = NewAgreement(agency.northwind, "Launch", date(2026, 10, 1), None, BUDGET)
    return replace(plain, **changed)  # pyright: ignore[reportArgumentType]


def test_a_second_retainer_starts_with_its_scope_and_a_rate_of_its_client(agency: Agency) -> None:
    new = signed(agency, scope=[(agency.campaign, None), (None, agency.reporting)], rate=1_050_000)
    retainer_id = start_agreement(agency.lead, new)
    [_, read] = read_retainers(agency.owner, date(2026, 10, 20), agency.northwind)
    assert (read.retainer.id, read.retainer.name) == (retainer_id, "Launch")
    assert read.periods[-1].period.balance.granted == 300_000
    with reading() as session:
        assert len(session.exec(select(RetainerScope)).all()) == 2
        at = agency.workspace_id, agency.northwind, agency.reporting, agency.owner.member_id
        assert rate_for(session, *at, date(2026, 10, 1)).rate == 1_050_000
        assert rate_for(session, *at, date(2026, 9, 30)).rate == 950_000
    assert verify_workspace() == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " performance "}, "name"),
        ({"name": ""}, "name"),
        ({"ends_on": date(2026, 9, 30)}, "ends_on"),
        ({"starts_on": date(1999, 1, 1)}, "starts_on"),
        ({"terms": NewTerms("hours")}, "granted_seconds"),
        ({"client_id": "nobody"}, "client"),
        ({"rate": -1}, "rate"),
        ({"scope": [(None, "nothing")]}, "activity"),
        ({"scope": [("nothing", None)]}, "campaign"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_nothing_is_saved(
    agency: Agency, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        start_agreement(agency.owner, signed(agency, **changed))
    assert refused.value.field == field
    with reading() as session:
        assert len(session.exec(select(Retainer)).all()) == 2


def test_a_member_cannot_start_one_and_the_agencys_own_work_needs_none(agency: Agency, ida: Actor) -> None:
    with pytest.raises(NotAllowed):
        start_agreement(ida, signed(agency))
    with transaction() as session:
        session.get_one(Client, agency.northwind).internal = True
    with pytest.raises(Refused, match="never billed"):
        start_agreement(agency.owner, signed(agency))


def test_it_starts_after_what_is_invoiced_or_closed(agency: Agency) -> None:
    october = date(2026, 10, 1)
    draft = read_draft(agency.owner, agency.summit, october)
    finalise_invoice(agency.owner, agency.summit, october, draft.version)
    with pytest.raises(Locked, match="invoiced up to 31 Oct 2026"):
        start_agreement(agency.owner, signed(agency, client_id=agency.summit, starts_on=date(2026, 9, 1)))
    start_agreement(agency.owner, signed(agency, client_id=agency.summit, starts_on=date(2026, 11, 1)))
    with transaction() as session:
        session.get_one(Workspace, agency.workspace_id).locked_until = date(2026, 10, 31)
    with pytest.raises(Locked, match="closed up to 31 Oct 2026"):
        start_agreement(agency.owner, signed(agency))


def test_the_form_is_read_field_by_field(agency: Agency) -> None:
    typed = {
        "client": agency.northwind,
        "name": "Sprint",
        "starts_on": "2026-10-05",
        "ends_on": "",
        "basis": "hybrid",
        "hours": "12:30",
        "fee": "900",
        "cycle_unit": "week",
        "cycle_every": "2",
        "anchor": "anniversary",
        "proration": "working_day",
        "rollover": "capped",
        "cap_percent": "25",
        "expires_after": "3",
        "overage": "absorb",
        "rate": "101.5",
        "campaign_0": agency.campaign,
        "activity_0": "",
        "campaign_1": "",
        "activity_1": "",
    }
    new = agreement_of_form(typed, "EUR")
    assert (new.terms.granted_seconds, new.terms.fee_minor, new.rate) == (45_000, 90_000, 1_015_000)
    assert (new.terms.anchor_on, new.terms.rollover_cap_share) == (date(2026, 10, 5), 2_500)
    assert new.scope == [(agency.campaign, None)]
    assert start_agreement(agency.owner, new)
    with pytest.raises(Refused) as refused:
        agreement_of_form(typed | {"overage": "bill"}, "EUR")
    assert refused.value.field == "overage_rate"
