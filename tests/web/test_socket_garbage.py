"""A signed-in websocket that sends garbage to every handler: clear answers, nothing saved, and the server goes on."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from sqlmodel import func, select

from agency_app.services.actor import Actor
from agency_app.services.sign_in import sign_in
from agency_app.serving.server import RunningServer
from agency_app.states.activities import Activities
from agency_app.states.after_invoice import AfterInvoice
from agency_app.states.approvals import Approvals
from agency_app.states.builder import Builder
from agency_app.states.campaigns import Campaigns
from agency_app.states.clients import Clients
from agency_app.states.costs import Costs
from agency_app.states.grid import Grid
from agency_app.states.hours import Hours
from agency_app.states.invoices import Invoices
from agency_app.states.night import Night
from agency_app.states.quick_line import QuickLine
from agency_app.states.rates import Rates
from agency_app.states.retainers import Retainers
from agency_app.states.settings import Settings
from agency_app.states.timer import Timer
from agency_app.states.workbench import Workbench
from agency_app.store.engine import reading
from agency_app.tables import Activity, Campaign, Client, GridRow, Invoice, InvoiceSeries, Task, TimeEntry, Workspace
from agency_app.web.session_cookie import COOKIE
from tests.web.conftest import EMAIL, PASSWORD
from tests.web.test_socket import FORM, HYDRATE, START_CLIENT, Tab, server

__all__ = ["server"]

GARBAGE: tuple[Any, ...] = (
    None,
    -1,
    1.5,
    "",
    "x" * 5000,
    "2026-13-45T99:99:99",
    "9999-12-31T23:59:59",
    "0001-01-01T00:00:00",
    {"a": {"b": []}},
    [1, [2]],
    True,
    "'; DROP TABLE time_entry; --",
)


def rows() -> list[int]:
    with reading() as session:
        tables = (TimeEntry, Task, Invoice, InvoiceSeries, Client, GridRow, Activity, Campaign)
        counts = [session.exec(select(func.count()).select_from(table)).one() for table in tables]
        return [*counts, session.exec(select(Workspace.version)).one(), *session.exec(select(Client.version))]


STATES = (
    Workbench,
    Invoices,
    QuickLine,
    Clients,
    Settings,
    Retainers,
    Timer,
    Approvals,
    Hours,
    Rates,
    Costs,
    Builder,
    AfterInvoice,
    Grid,
    Night,
    Activities,
    Campaigns,
)


def handlers() -> list[tuple[str, tuple[str, ...]]]:
    """Every handler of the pages, as the browser could call it, with the names of its arguments."""
    found = []
    for state in STATES:
        for name, handler in state.event_handlers.items():
            arguments = handler.fn.__code__.co_varnames[1 : handler.fn.__code__.co_argcount]
            found.append((f"{state.get_full_name()}.{name}", arguments))
    return found


@pytest.mark.parametrize("with_arguments", [True, False], ids=["garbage arguments", "no arguments"])
async def test_garbage_changes_nothing_and_the_next_good_event_works(
    owner: Actor, server: RunningServer, with_arguments: bool
) -> None:
    token = sign_in(EMAIL, PASSWORD, "here")
    before = rows()
    async with Tab(server, f"{COOKIE}={token}") as tab:
        await tab.send(HYDRATE)
        assert await tab.hears("Northwind")
        for name, arguments in handlers():
            # These two make a draft's row, as pressing Review does, and take no argument that could be garbage.
            if name.endswith((".review", ".load_list")):
                continue
            for value in GARBAGE if with_arguments and arguments else GARBAGE[:1]:
                await tab.send(name, **(dict.fromkeys(arguments, value) if with_arguments else {}))
        await tab.send(f"{Workbench.get_full_name()}.no_such_handler", data="x")
        await asyncio.sleep(2)
    assert httpx.get(f"{server.url}/healthz").status_code == 200
    assert rows() == before
    async with Tab(server, f"{COOKIE}={token}") as tab:
        await tab.send(HYDRATE)
        await tab.send(START_CLIENT, data=FORM | {"name": "Fjord"})
        assert await tab.hears("Fjord"), json.dumps(tab.received)[-500:]
