"""The client that a week opens with: where the work is, not where the alphabet begins."""

from datetime import UTC, date, datetime

from sqlmodel import select

from agency_app.services.actor import Actor
from agency_app.services.first_focus import first_focus
from agency_app.services.log_time import LogTime, log_time
from agency_app.store.engine import transaction
from agency_app.tables import Client, Retainer
from tests.services.conftest import Agency

TODAY = date(2026, 11, 20)


def worked(actor: Actor, agency: Agency, client_id: str, day: int) -> None:
    start, end = (datetime(2026, 11, day, hour, tzinfo=UTC) for hour in (9, 10))
    log_time(actor, LogTime(client_id, agency.optimisation, start, end))


def client_named(agency: Agency, name: str, *, internal: bool = False) -> str:
    with transaction() as session:
        client = Client(workspace_id=agency.workspace_id, name=name, short_name=name, internal=internal)
        session.add(client)
    return client.id


def end_retainer(retainer_id: str, day: date) -> None:
    with transaction() as session:
        retainer = session.exec(select(Retainer).where(Retainer.id == retainer_id)).one()
        retainer.ends_on = day
        session.add(retainer)


def test_it_is_the_client_with_a_running_retainer_that_the_member_worked_for_last(agency: Agency) -> None:
    worked(agency.owner, agency, agency.summit, 18)
    worked(agency.owner, agency, agency.northwind, 17)
    worked(agency.lead, agency, agency.northwind, 19)
    assert first_focus(agency.owner, TODAY) == agency.summit
    assert first_focus(agency.lead, TODAY) == agency.northwind


def test_an_imported_client_without_a_retainer_takes_no_place_in_front(agency: Agency) -> None:
    imported = client_named(agency, "Aardvark Audio")
    worked(agency.owner, agency, agency.summit, 18)
    worked(agency.owner, agency, imported, 19)
    assert first_focus(agency.owner, TODAY) == agency.summit


def test_who_has_logged_nothing_sees_where_the_agency_worked_last(agency: Agency, ida: Actor) -> None:
    assert first_focus(ida, TODAY) == agency.northwind  # nobody worked: the first by name whose retainer runs
    worked(agency.lead, agency, agency.summit, 18)
    assert first_focus(ida, TODAY) == agency.summit


def test_a_retainer_that_has_ended_counts_no_more(agency: Agency) -> None:
    worked(agency.owner, agency, agency.northwind, 18)
    end_retainer(agency.northwind_retainer, date(2026, 11, 19))
    assert first_focus(agency.owner, TODAY) == agency.summit
    end_retainer(agency.summit_retainer, date(2026, 11, 19))
    client_named(agency, "Aardvark Audio", internal=True)
    assert first_focus(agency.owner, TODAY) == agency.northwind  # billed, though by the hour; never the agency's own


def test_only_where_there_is_no_other_it_is_the_agency_itself(agency: Agency) -> None:
    house = client_named(agency, "Halden itself", internal=True)
    with transaction() as session:
        for client_id in (agency.northwind, agency.summit):
            client = session.get_one(Client, client_id)
            client.archived = True
            session.add(client)
    assert first_focus(agency.owner, TODAY) == house
