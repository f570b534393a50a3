"""Tabs that go away in the middle of anything: nobody else may notice."""

import asyncio

from agency_app.services.actor import Actor
from agency_app.services.sign_in import sign_in
from agency_app.serving.server import RunningServer
from agency_app.web.session_cookie import COOKIE
from tests.web.conftest import EMAIL, PASSWORD
from tests.web.test_socket import FORM, HYDRATE, START_CLIENT, Tab, server

__all__ = ["server"]


async def test_tabs_closed_while_they_load_or_save_hold_up_nobody(owner: Actor, server: RunningServer) -> None:
    cookie = f"{COOKIE}={sign_in(EMAIL, PASSWORD, 'here')}"
    async with Tab(server, cookie) as witness:
        await witness.send(HYDRATE)
        assert await witness.hears("Northwind")
        for number in range(24):
            async with Tab(server, cookie) as leaving:
                await leaving.send(HYDRATE)
                if number % 3 == 0:  # an arrival replaced by the next one, as by quick clicks on Next week
                    await leaving.send(HYDRATE)
                if number % 3 == 1:
                    await leaving.send(START_CLIENT, data=FORM | {"name": f"Fjord {number}"})
                await asyncio.sleep(0.003 * number)
        async with Tab(server, cookie) as coming:
            await coming.send(HYDRATE)
            assert await coming.hears("Northwind")
            witness.received.clear()
            await coming.send(START_CLIENT, data=FORM | {"name": "Lumen"})
            assert await coming.hears("Lumen")
        assert await witness.hears("pulse____pulse")
    assert "Traceback" not in server.log_file.read_text()
