"""A raw websocket client against the real server: without a cookie it gets nothing but the way to the sign-in."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Self

import pytest
import socketio

from agency_app.services.actor import Actor
from agency_app.services.sign_in import sign_in, sign_out
from agency_app.services.start_client import StartClient, start_client
from agency_app.serving.server import RunningServer, running_server
from agency_app.states.approvals import Approvals
from agency_app.states.clients import Clients
from agency_app.states.invoices import Invoices
from agency_app.states.retainers import Retainers
from agency_app.store import clients
from agency_app.store.engine import reading
from agency_app.web.session_cookie import COOKIE
from tests.web.conftest import EMAIL, PASSWORD

NAMESPACE = "/_event"
STATE = "reflex___state____state"
WORKBENCH = f"{STATE}.agency_app___states___workbench____workbench"
HYDRATE = f"{STATE}.hydrate_and_load"
START_CLIENT = f"{WORKBENCH}.start_with_client"
FORM = {"name": "Smuggled", "retainer_name": "R", "basis": "hours", "hours": "20", "rate": "95"}


@pytest.fixture
def server(owner: Actor, database: Path) -> Iterator[RunningServer]:
    """The server over the agency that was just set up, with one client."""
    start_client(owner, StartClient("Northwind", "Retainer", "hours", date(2025, 1, 1), 36_000, rate=950_000))
    with running_server(database) as running:
        yield running


class Tab:
    """What a tab is to the server: a websocket with the headers of its page. `row` is the id in the address of a page of
    one row, whose `route` ends with its parameter: `/clients/[client_id]`."""

    def __init__(self, server: RunningServer, cookie: str, tab_id: str = "", route: str = "/", row: str = "") -> None:
        self.url, self.tab_id = server.url, tab_id or str(uuid.uuid4())
        page, _, parameter = route.partition("[")
        self.address = {"pathname": route, "asPath": page + row, "query": {parameter[:-1]: row} if row else {}}
        self.headers = {"Origin": server.url} | ({"Cookie": cookie} if cookie else {})
        self.socket = socketio.AsyncClient(reconnection=False)
        self.received: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        self.socket.on("event", self._receive, namespace=NAMESPACE)
        await self.socket.connect(
            f"{self.url}?token={self.tab_id}",
            headers=self.headers,
            socketio_path="/_event",
            namespaces=[NAMESPACE],
            transports=["websocket"],
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.disconnect()

    async def send(self, name: str, /, **payload: Any) -> None:
        """Send an event as the browser's code would."""
        router_data = self.address | {"headers": {"cookie": "forged=1"}}
        event = {"name": name, "payload": payload, "router_data": router_data, "token": self.tab_id}
        await self.socket.emit("event", event, namespace=NAMESPACE)

    async def hears(self, text: str, seconds: float = 10) -> bool:
        """Wait until something received holds a text."""
        for _ in range(int(seconds / 0.05)):
            if text in json.dumps(self.received):
                return True
            await asyncio.sleep(0.05)
        return False

    async def said(self, name: str, /, **payload: Any) -> str:
        """Send an event and return all that came of it."""
        del self.received[:]
        await self.send(name, **payload)
        await asyncio.sleep(0.3)
        return json.dumps(self.received)

    def _receive(self, update: Any) -> None:
        self.received.append(json.loads(update) if isinstance(update, str) else update)


def _client_names(owner: Actor) -> list[str]:
    with reading() as session:
        return [client.name for client in clients.clients(session, owner.workspace_id)]


async def test_without_a_session_a_websocket_gets_nothing_and_changes_nothing(
    owner: Actor, server: RunningServer
) -> None:
    token = sign_in(EMAIL, PASSWORD, "here")
    ended = sign_in(EMAIL, PASSWORD, "here")
    sign_out(ended)

    async with Tab(server, f"{COOKIE}={token}") as ours:
        await ours.send(HYDRATE)
        assert await ours.hears("Northwind"), ours.received
        await ours.send(START_CLIENT, data=FORM | {"name": "Fjord"})
        assert await ours.hears("Fjord")

        for cookie in ("", f"{COOKIE}={'x' * 43}", f"{COOKIE}={ended}"):
            # Even with the id of our own tab, which is no proof of anything.
            for tab_id in ("", ours.tab_id):
                async with Tab(server, cookie, tab_id) as theirs:
                    await theirs.send(HYDRATE)
                    await theirs.send(START_CLIENT, data=FORM)
                    assert await theirs.hears("/sign-in?next=")
                    await asyncio.sleep(0.5)
                    said = json.dumps(theirs.received)
                    assert "Northwind" not in said
                    assert "Fjord" not in said
                    assert "Mara" not in said
    assert sorted(_client_names(owner)) == ["Fjord", "Northwind"]


async def test_a_change_reaches_each_page_in_its_own_views_and_no_others(owner: Actor, server: RunningServer) -> None:
    cookie = f"{COOKIE}={sign_in(EMAIL, PASSWORD, 'here')}"
    async with Tab(server, cookie) as week, Tab(server, cookie, route="/clients") as listed:
        for tab in (week, listed):
            await tab.send(HYDRATE)
            assert await tab.hears("Northwind")
        await asyncio.sleep(0.5)
        for tab in (week, listed):
            tab.received.clear()
        await week.send(START_CLIENT, data=FORM | {"name": "Fjord"})
        for tab in (week, listed):
            assert await tab.hears("Fjord")
        of_week, of_clients = (
            {name for one in tab.received for name in one.get("delta", {})} for tab in (week, listed)
        )
    assert {WORKBENCH, Approvals.get_full_name()} <= of_week
    assert not of_week & {Clients.get_full_name(), Retainers.get_full_name(), Invoices.get_full_name()}
    assert Clients.get_full_name() in of_clients
    assert not of_clients & {WORKBENCH, Retainers.get_full_name(), Invoices.get_full_name()}
