"""The palette finds clients, retainers and invoices of the workspace by name, and what the actor may finalise."""

from datetime import date

from agency_app.services.actor import Actor
from agency_app.services.finalise_invoice import open_draft
from agency_app.services.find_places import find_places
from agency_app.services.member_preferences import set_single_keys, single_keys
from agency_app.store.engine import transaction
from agency_app.tables import Client
from tests.services.conftest import Agency
from tests.services.test_entries import NINE, invoice_november, log
from tests.stranger import add_stranger

TODAY = date(2026, 12, 3)


def test_everything_with_a_name_is_found(agency: Agency) -> None:
    log(agency)
    number = invoice_november(agency)
    log(agency, NINE.replace(month=10))
    open_draft(agency.owner, agency.northwind, date(2026, 10, 17))
    found = [(place.kind, place.name, place.about) for place in find_places(agency.owner, TODAY)]
    assert ("focus", "Northwind Outdoor", "") in found
    assert ("client", "Summit Coffee", "") in found
    assert ("retainer", "Northwind, Performance", "") in found
    assert ("invoice", number, "Northwind, November 2026") in found
    assert ("invoice", "Draft Northwind, October 2026", "") in found
    assert [name for kind, name, _ in found if kind == "finalise"] == [
        "Northwind, December 2026",
        "Summit, December 2026",
        "Northwind, October 2026",
    ]


def test_an_archived_client_can_be_visited_but_not_focused(agency: Agency) -> None:
    with transaction() as session:
        client = session.get_one(Client, agency.summit)
        client.archived = True
        session.add(client)
    found = [(place.kind, place.about) for place in find_places(agency.owner, TODAY) if place.id == agency.summit]
    assert found == [("client", "Archived")]


def test_a_member_is_offered_nothing_to_finalise_and_nobody_anothers_workspace(agency: Agency, ida: Actor) -> None:
    assert not [place for place in find_places(ida, TODAY) if place.kind == "finalise"]
    stranger = add_stranger()
    own = {place.id for place in find_places(agency.owner, TODAY)}
    assert own.isdisjoint(place.id for place in find_places(stranger, TODAY))


def test_each_member_switches_single_keys_for_themselves(agency: Agency) -> None:
    assert single_keys(agency.owner)
    set_single_keys(agency.owner, False)
    assert not single_keys(agency.owner)
    assert single_keys(agency.lead)
    set_single_keys(agency.owner, True)
    assert single_keys(agency.owner)
