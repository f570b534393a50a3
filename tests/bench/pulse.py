"""How long one change takes to reach ten tabs, and what it costs the server: ``uv run python -m tests.bench.pulse``.

The tabs are bare websockets, so that no browser's drawing is among the figures (for that: ``tests.bench.main_job drop``).
Once the tabs are all one member's, once they are of all the members that the demo has.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from agency_app.services.seed_demo import DEMO_PASSWORD
from agency_app.services.sign_in import sign_in
from agency_app.serving.server import RunningServer, running_server
from agency_app.store.engine import reading
from agency_app.tables import Client, Member, TaskTemplate
from agency_app.web.session_cookie import COOKIE
from tests.bench.fill import services_on
from tests.bench.main_job import address, milliseconds
from tests.demo_data import seed_demo_into
from tests.ui.conftest import today
from tests.web.test_socket import HYDRATE, WORKBENCH, Tab

TABS, DROPS = 10, 30


class Watching(Tab):
    """A tab on the week that notes when the week came."""

    came: float = 0

    def on_week(self, path: str) -> "Watching":
        """Go to an address of the week."""
        query = dict(part.split("=") for part in path.partition("?")[2].split("&"))
        self.address = {"pathname": "/", "asPath": path, "query": query}
        return self

    def _receive(self, update: Any) -> None:
        moment = time.perf_counter()
        super()._receive(update)
        if any(name.startswith("side") for name in self.received.pop().get("delta", {}).get(WORKBENCH, {})):
            self.came = self.came or moment


async def measure(server: RunningServer, cookies: Sequence[str], path: str, template_id: str) -> str:
    """Drop a template in the first of the tabs again and again; return a row of the table."""
    own: list[float] = []
    last: list[float] = []
    async with AsyncExitStack() as opened:
        tabs = [Watching(server, cookies[number % len(cookies)]).on_week(path) for number in range(TABS)]
        for tab in tabs:
            await opened.enter_async_context(tab)
            await tab.send(HYDRATE)
            await asyncio.sleep(0.4)
        monday = today() - timedelta(days=today().weekday())
        spent = processor_milliseconds(server)
        for number in range(DROPS):
            for tab in tabs:
                tab.came = 0
            day = date.fromordinal(monday.toordinal() + number % 5)
            began = time.perf_counter()
            start = f"{day}T{17 + number // 5:02d}:00:00"
            await tabs[0].send(f"{WORKBENCH}.drop", key=f"template:{template_id}", start=start)
            while not all(tab.came for tab in tabs):
                await asyncio.sleep(0.005)
                assert time.perf_counter() - began < 10, "a tab was not told"
            own.append((tabs[0].came - began) * 1000)
            last.append((max(tab.came for tab in tabs) - began) * 1000)
            await asyncio.sleep(1.2)  # what follows a change, the alerts, is over before the next
        spent = processor_milliseconds(server) - spent
    return f"{milliseconds(own)} | {milliseconds(last)} | {spent / DROPS:.0f} ms"


def processor_milliseconds(server: RunningServer) -> float:
    """Return the processor's time that the server and its worker have had."""
    workers = subprocess.run(["pgrep", "-P", str(server.process_id)], capture_output=True, text=True, check=False)
    ticks = 0
    for process in (str(server.process_id), *workers.stdout.split()):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, and print one table."""
    with tempfile.TemporaryDirectory(prefix="agency-bench-") as folder:
        data = Path(folder)
        seed_demo_into(data)
        with services_on(data), reading() as session:
            members = list(session.exec(select(Member.email).order_by(col(Member.email).desc())))
            client_id = session.exec(select(Client.id).where(Client.name == "Northwind Coffee")).one()
            template_id = session.exec(select(TaskTemplate.id).where(TaskTemplate.name == "Weekly report")).one()
        with services_on(data):
            cookies = [f"{COOKIE}={sign_in(email, DEMO_PASSWORD, 'bench')}" for email in members]
        print(
            "| tabs | own answer p50 / p95 | last tab p50 / p95 | processor a change |\n|---|---|---|---|", flush=True
        )
        with running_server(data) as server:
            for whose, some in (("one member's", cookies[:1]), (f"of {len(cookies)} members", cookies)):
                row = asyncio.run(measure(server, some, address(client_id), template_id))
                print(f"| {TABS} {whose} | {row} |", flush=True)
    print(f"\n{os.cpu_count()} processors; load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    sys.exit(main())
