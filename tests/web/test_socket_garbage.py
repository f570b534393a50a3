"""A signed-in websocket that sends garbage to every handler: clear answers, nothing saved, and the server goes on."""

import asyncio
import importlib
import json
import pkgutil
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import reflex as rx
from sqlmodel import func, select

from agency_app import states
from agency_app.services.actor import Actor
from agency_app.services.finalise_invoice import open_draft
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.sign_in import sign_in
from agency_app.serving.server import RunningServer
from agency_app.states.builder import Builder
from agency_app.states.credit import Crediting
from agency_app.states.reports import Reports
from agency_app.states.typed import UNREADABLE
from agency_app.states.workbench import Workbench
from agency_app.store.engine import reading
from agency_app.tables import (
    Activity,
    Campaign,
    Client,
    DraftItem,
    DraftLine,
    DraftPlan,
    EntryDecision,
    GridRow,
    Invoice,
    InvoiceSeries,
    Member,
    Task,
    TimeEntry,
    Workspace,
)
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
    "²",
    "2026-13-45T99:99:99",
    "9999-12-31T23:59:59",
    "0001-01-01T00:00:00",
    {},
    {"a": {"b": []}},
    {"id": {}, "entry": [], "seen": "²", "version": "²", "versions": {"x": "y"}},
    [1, [2]],
    True,
    "'; DROP TABLE time_entry; --",
)
COUNTED = (
    *(TimeEntry, Task, Invoice, InvoiceSeries, Client, GridRow, Activity, Campaign),
    *(DraftItem, DraftLine, DraftPlan, EntryDecision),
)


def rows() -> list[Any]:
    with reading() as session:
        counts = [session.exec(select(func.count()).select_from(table)).one() for table in COUNTED]
        versions = [*session.exec(select(Client.version)), *session.exec(select(TimeEntry.version))]
        kept = [(one.single_keys, one.snap_minutes) for one in session.exec(select(Member))]
        return [*counts, *versions, *kept, session.exec(select(Workspace.version)).one()]


def every_state() -> list[type[rx.State]]:
    """Every state of the pages."""
    for module in pkgutil.iter_modules(states.__path__, "agency_app.states."):
        importlib.import_module(module.name)
    ours = [one for one in rx.State.get_substates() if one.__module__.startswith("agency_app.")]
    return sorted(ours, key=lambda one: one.get_full_name())  # pyright: ignore[reportReturnType]


def handlers(of: list[type[rx.State]]) -> list[tuple[str, tuple[str, ...]]]:
    """Every handler of some states, as the browser could call it, with the names of its arguments."""
    found = []
    for state in of:
        for name, handler in state.event_handlers.items():
            if not handler.fn.__module__.startswith("agency_app."):
                continue  # Reflex's own, which sets nothing that has no setter
            arguments = handler.fn.__code__.co_varnames[1 : handler.fn.__code__.co_argcount]
            found.append((f"{state.get_full_name()}.{name}", arguments))
    return found


def crashes(server: RunningServer) -> list[str]:
    """What handlers did not expect, and the tab heard nothing of: the last place of our own in each traceback."""
    lines = server.log_file.read_text().splitlines()
    return [line.strip() for line in lines if "/agency_app/states/" in line or re.match(r"\w+(Error|Exception):", line)]


@pytest.mark.parametrize("with_arguments", [True, False], ids=["garbage arguments", "no arguments"])
async def test_garbage_changes_nothing_and_the_next_good_event_works(
    owner: Actor, server: RunningServer, with_arguments: bool
) -> None:
    token = sign_in(EMAIL, PASSWORD, "here")
    before = rows()
    async with Tab(server, f"{COOKIE}={token}") as tab:
        await tab.send(HYDRATE)
        assert await tab.hears("Northwind")
        for name, arguments in handlers(every_state()):
            # These two make a draft's row, as pressing Review does, and take no argument that could be garbage.
            if name.endswith((".review", ".load_list")):
                continue
            for value in GARBAGE if with_arguments and arguments else GARBAGE[:1]:
                await tab.send(name, **(dict.fromkeys(arguments, value) if with_arguments else {}))
        await asyncio.sleep(2)
    assert crashes(server) == []
    assert httpx.get(f"{server.url}/healthz").status_code == 200
    assert rows() == before
    async with Tab(server, f"{COOKIE}={token}") as tab:
        await tab.send(HYDRATE)
        await tab.send(f"{Workbench.get_full_name()}.no_such_handler", data="x")
        await tab.send(START_CLIENT, data=FORM | {"name": "Fjord"})
        assert await tab.hears("Fjord"), json.dumps(tab.received)[-500:]


async def test_a_form_that_cannot_be_read_is_answered_with_what_to_do(owner: Actor, server: RunningServer) -> None:
    before = rows()
    async with Tab(server, f"{COOKIE}={sign_in(EMAIL, PASSWORD, 'here')}") as tab:
        await tab.send(HYDRATE)
        assert await tab.hears("Northwind")
        for form, field in (
            (f"{Workbench.get_full_name()}.plan", "title"),
            (f"{Workbench.get_full_name()}.start_with_client", "name"),
            (f"{Crediting.get_full_name()}.issue", "reason"),
            (f"{Reports.get_full_name()}.ask", "client"),
        ):
            for value in (None, "x", [1, [2]], {field: {"b": []}}, {field: None}):
                assert UNREADABLE in await tab.said(form, data=value), (form, value)
        missing = await tab.said(f"{Workbench.get_full_name()}.plan", data={"duration": "1:00"})
        assert '"plan_fault_rx_state_": "title"' in missing
    assert rows() == before
    assert crashes(server) == []


async def test_garbage_changes_no_draft_and_each_of_its_forms_says_what_it_cannot_read(
    owner: Actor, server: RunningServer
) -> None:
    with reading() as session:
        client, activity = session.exec(select(Client.id)).one(), session.exec(select(Activity.id)).first()
    end = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    entry = log_time(owner, LogTime(client, activity or "", end - timedelta(hours=2), end)).entry_id
    draft = open_draft(owner, client, end.date())
    builder = Builder.get_full_name()
    before = rows()
    wrong: dict[str, Any] = {"a": {"b": []}}
    cookie = f"{COOKIE}={sign_in(EMAIL, PASSWORD, 'here')}"
    async with Tab(server, cookie, route="/invoices/[invoice_id]", row=draft) as tab:
        await tab.send(HYDRATE)
        assert await tab.hears(entry)
        for name, arguments in handlers([Builder]):
            for value in GARBAGE if arguments else ():
                await tab.send(name, **dict.fromkeys(arguments, value))
            if arguments == ("entry_id", "by"):
                for value in (15.0, True, "15", [15]):
                    await tab.send(name, entry_id=entry, by=value)
        assert await tab.hears(UNREADABLE)
        await tab.send(f"{builder}.open_item", kind="fixed")
        await asyncio.sleep(1)
        for form, fields in {
            "describe": {"key": "time", "description": wrong},
            "save_item": {"description": wrong, "price": "10"},
            "save_head": {"note": wrong, "purchase_order": "", "due_on": ""},
            "apply_rounding": {"rounding_mode": "up", "rounding_step_seconds": wrong, "rounding_scope": "line"},
            "bill_minutes": {"entry": entry, "minutes": ["60"]},
            "write_off": {"entry": entry, "minutes": "60", "reason": wrong},
            "split": {"entry": entry, "minutes": "60", "note": wrong},
            "move": {"entry": entry, "month": [end.date().isoformat()]},
        }.items():
            assert UNREADABLE in await tab.said(f"{builder}.{form}", data=fields), form
            assert rows() == before, form
        missing = await tab.said(f"{builder}.bill_minutes", data={"entry": "gone", "minutes": "60"})
        assert "not on this draft any more" in missing
        assert rows() == before
        done = await tab.said(f"{builder}.bill_minutes", data={"entry": entry, "minutes": "60"})
        assert "60 min billed" in done
    assert rows() != before
    assert crashes(server) == []
