"""The events of the settings and of a client's page, sent past their pages: roles decide, not what is on screen."""

from agency_app.services.actor import Actor
from agency_app.services.change_client import FIELDS as CLIENT_FIELDS
from agency_app.services.row_form import text_of
from agency_app.services.sign_in import hash_password, sign_in
from agency_app.serving.server import RunningServer
from agency_app.states.clients import Clients
from agency_app.states.settings import Settings
from agency_app.store import clients, people
from agency_app.store.engine import reading, transaction
from agency_app.tables import Client, Member, Workspace
from agency_app.web.session_cookie import COOKIE
from tests.web.conftest import EMAIL, PASSWORD
from tests.web.test_socket import HYDRATE, Tab, server

__all__ = ["server"]

ROUTE = "/clients/[client_id]"


def rows(owner: Actor) -> tuple[Workspace, Client]:
    with reading() as session:
        (client,) = clients.clients(session, owner.workspace_id)
        return people.workspace(session, owner.workspace_id), client


async def test_a_member_without_the_role_is_refused_and_the_owner_is_not(owner: Actor, server: RunningServer) -> None:
    with transaction() as session:
        session.add(
            Member(
                workspace_id=owner.workspace_id,
                email="ida@halden.example",
                name="Ida",
                role="member",
                password_hash=hash_password(PASSWORD),
            )
        )
    workspace, client = rows(owner)
    member, boss = sign_in("ida@halden.example", PASSWORD, "here"), sign_in(EMAIL, PASSWORD, "here")
    save_settings, save_client = f"{Settings.get_full_name()}.save", f"{Clients.get_full_name()}.save"
    settings = {"version": "1", "iban": "NL91 ABNA 0417 1643 00"}
    reference = {"version": "1", "reference": "PO 1"}

    async with Tab(server, f"{COOKIE}={member}") as tab:
        await tab.send(HYDRATE)
        await tab.send(save_settings, data=settings)
        assert await tab.hears("This is for owners and finance to do")
    async with Tab(server, f"{COOKIE}={member}", route=ROUTE, row=client.id) as tab:
        await tab.send(HYDRATE)
        await tab.send(save_client, data=reference)
        assert await tab.hears("This is for owners, leads and finance to do")
    unchanged = rows(owner)
    assert (unchanged[0].iban, unchanged[0].version) == (workspace.iban, 1)
    assert text_of(CLIENT_FIELDS, unchanged[1]) == text_of(CLIENT_FIELDS, client)

    async with Tab(server, f"{COOKIE}={boss}") as tab:
        await tab.send(HYDRATE)
        await tab.send(save_settings, data=settings)
        assert await tab.hears('"Saved"')
    async with Tab(server, f"{COOKIE}={boss}", route=ROUTE, row=client.id) as tab:
        await tab.send(HYDRATE)
        await tab.send(save_client, data=reference)
        assert await tab.hears('"Saved"')
    changed = rows(owner)
    assert (changed[0].iban, changed[1].reference) == ("NL91ABNA0417164300", "PO 1")
