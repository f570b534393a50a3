"""How many frames a second a drag on the calendar shows: ``uv run python -m tests.bench.calendar_drag``.

A week of 120 entries, one of them carried over the whole week for some seconds. The frames are counted in Chromium's own
trace: ``DrawFrame`` is a frame that reached the screen's side of the compositor. Beside it stands a floor of the same
run: a bare page on which nothing but one box follows the pointer, dragged by the same hand. The time that the page's
main thread spent between two frames of the drag is told too, because it does not depend on how fast the machine draws.
"""

import asyncio
import os
import socket
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
from playwright.sync_api import Browser, CDPSession
from sqlalchemy import insert
from sqlmodel import col, select

from agency_app.serving.server import running_server
from agency_app.store.engine import reading, transaction
from agency_app.tables import Activity, Client, Member, Task, TimeEntry
from tests.bench.fill import services_on
from tests.bench.main_job import SEM, UNTHROTTLED, Bench, percentile, ready
from tests.ui.calendar_hand import block, place, press_at
from tests.ui.chromium import opened_chromium
from tests.ui.conftest import sign_in, today

ENTRIES, SECONDS, RUNS = 120, 4, 3
TARGET_FRAMES = 50
MOVES_A_SECOND, SCREENS_A_SECOND = 125, 0.35
"""How often the mouse reports, and how often it crosses the week: a drag over five days takes about two seconds."""
_CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline.frame,disabled-by-default-devtools.timeline"

BARE_PAGE = """<body style="margin:0;height:100vh"><div style="position:fixed;width:120px;height:60px;background:#c63">
</div><script>const box = document.querySelector('div');
addEventListener('pointermove', (e) => box.style.transform = `translate(${e.clientX}px,${e.clientY}px)`);</script>"""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


PORT = _free_port()


def fill_week(count: int) -> str:
    """Log entries over this week's seven days for the member who has none, and return the one to drag."""
    with reading() as session:
        member = session.exec(select(Member).where(Member.email == SEM)).one()
        clients = list(session.exec(select(Client).where(col(Client.internal).is_(False)).order_by(Client.name)))
        activity = session.exec(select(Activity).order_by(col(Activity.position))).first()
    assert activity is not None
    monday = today() - timedelta(days=today().weekday())
    tasks, entries = [], []
    for number in range(count):
        client, (turn, weekday) = clients[number % len(clients)], divmod(number, 7)
        start = datetime(monday.year, monday.month, monday.day, 6, tzinfo=UTC) + timedelta(
            days=weekday, minutes=45 * turn
        )
        home: dict[str, Any] = {"workspace_id": member.workspace_id, "client_id": client.id}
        task = Task(**home, activity_id=activity.id, title="Audience test", platform="Meta", done=True)
        entry = TimeEntry(
            **home,
            task_id=task.id,
            member_id=member.id,
            started_at=start,
            ended_at=start + timedelta(minutes=40),
            work_date=start.date(),
            zone=member.zone,
            seconds=2400,
            rate=950_000,
            note=f"Round {number}",
        )
        tasks.append(task.model_dump())
        entries.append(entry.model_dump())
    with transaction() as session:
        session.connection().execute(insert(Task), tasks)
        session.connection().execute(insert(TimeEntry), entries)
    return str(entries[7 * 4 + 2]["id"])


def trace_of(session: CDPSession, act: Any) -> list[dict[str, Any]]:
    """Return the events of Chromium's trace while something is done."""
    events: list[dict[str, Any]] = []
    ended: list[bool] = []
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    session.send(
        "Tracing.start", {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": _CATEGORIES.split(",")}}
    )
    act()
    session.send("Tracing.end")
    deadline = time.monotonic() + 20
    while not ended and time.monotonic() < deadline:
        session.send("Browser.getVersion")  # lets what has arrived be handled
    return events


class Hand:
    """A mouse that moves 125 times a second whether or not the page keeps up, as mice do.

    Playwright's own waits for the page after each move, and would so measure the waiting. It speaks to the page by the
    browser's debugging port, from a thread of its own.
    """

    def __init__(self, url: str) -> None:
        """Find the page that shows an address."""
        self.url = url

    def carry_about(self, left: float, top: float, right: float, bottom: float) -> None:
        """Move the pressed mouse over an area for some seconds, across and down, as somebody who is looking."""
        area = left, top, right, bottom
        thread = threading.Thread(target=lambda: asyncio.run(self._carry(area)))
        thread.start()
        thread.join()

    async def _carry(self, area: tuple[float, float, float, float]) -> None:
        left, top, right, bottom = area
        async with aiohttp.ClientSession() as client:
            async with client.get(f"http://127.0.0.1:{PORT}/json/list") as answer:
                targets = await answer.json()
            address = next(one["webSocketDebuggerUrl"] for one in targets if one["url"].startswith(self.url))
            async with client.ws_connect(address, max_msg_size=0) as page:
                began = time.monotonic()
                for number in range(SECONDS * MOVES_A_SECOND):
                    passed = number / MOVES_A_SECOND
                    across, down = (passed * SCREENS_A_SECOND) % 2, (passed * 1.4 * SCREENS_A_SECOND) % 2
                    x = left + (right - left) * (across if across < 1 else 2 - across)
                    y = top + (bottom - top) * (down if down < 1 else 2 - down)
                    move = {"type": "mouseMoved", "x": x, "y": y, "button": "left", "buttons": 1}
                    await page.send_json({"id": number + 1, "method": "Input.dispatchMouseEvent", "params": move})
                    await asyncio.sleep(max(0, began + passed - time.monotonic()))


def frames_a_second(events: list[dict[str, Any]]) -> tuple[float, list[float]]:
    """Return the frames drawn a second, and the milliseconds of each longer stretch of work on the main thread."""
    drawn = sorted(event["ts"] for event in events if event["name"] == "DrawFrame")
    drawn = [
        at for at in drawn if drawn[0] + 300_000 <= at <= drawn[-1] - 200_000
    ]  # without picking up and putting down
    work = [
        event["dur"] / 1000
        for event in events
        if event["name"] in {"RunTask", "ThreadControllerImpl::RunTask"} and event.get("dur", 0) > 1000
    ]
    return (len(drawn) - 1) * 1_000_000 / (drawn[-1] - drawn[0]), work


def measure_calendar(browser: Browser, folder: Path) -> list[tuple[float, list[float]]]:
    """Drag one of 120 entries about, some times over."""
    with services_on(folder):
        entry_id = fill_week(ENTRIES)
    found = []
    with running_server(folder) as server:
        context, page = sign_in(browser, server.url, SEM, f"/?week={today().isoformat()}")
        ready(page)
        block(page, entry_id).wait_for()
        assert page.locator("[data-event-id]").count() == ENTRIES
        session = browser.new_browser_cdp_session()
        frame = page.locator(".wk").bounding_box()
        assert frame is not None
        for _ in range(RUNS):
            _, y = place(page, today().isoformat(), "12:00")
            press_at(page, block(page, entry_id), at_height=9)
            page.mouse.move(frame["x"] + frame["width"] / 2, y, steps=4)
            area = frame["x"] + 90, frame["y"] + 90, frame["x"] + frame["width"] - 60, frame["y"] + frame["height"] - 90
            found.append(frames_a_second(trace_of(session, lambda area=area: Hand(server.url).carry_about(*area))))
            page.keyboard.press("Escape")
            page.mouse.up()
            page.wait_for_timeout(300)
        context.close()
    return found


def measure_floor(browser: Browser) -> list[tuple[float, list[float]]]:
    """Drag a box about on a page that holds nothing else."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_content(BARE_PAGE)
    session = browser.new_browser_cdp_session()
    found = [
        frames_a_second(trace_of(session, lambda: Hand("about:blank").carry_about(90, 90, 1300, 800)))
        for _ in range(RUNS)
    ]
    page.close()
    return found


def main() -> None:
    """Measure, and print one table."""
    for name in [name for name in os.environ if name.startswith("AGENCY_") and name != "AGENCY_CHROMIUM"]:
        del os.environ[name]
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="agency-bench-") as folder,
        opened_chromium(*UNTHROTTLED, f"--remote-debugging-port={PORT}") as browser,
    ):
        bench = Bench(browser, Path(folder))
        floor = measure_floor(browser)
        taken = measure_calendar(browser, bench.copy(f"drag-{uuid4().hex[:6]}"))
    print("| what | target | measured | floor in the same run |\n|---|---|---|---|")
    told = [" ".join(f"{rate:.0f}" for rate, _ in runs) for runs in (taken, floor)]
    print(f"| frames a second of a drag, {ENTRIES} entries | >= {TARGET_FRAMES} | {told[0]} | bare page {told[1]} |")
    for what, runs in (("drag", taken), ("bare page", floor)):
        work = [length for _, lengths in runs for length in lengths]
        if work:
            spread = " / ".join(f"{percentile(work, share):.1f}" for share in (0.5, 0.95, 1))
            print(f"| work over 1 ms on a main thread, {what} | | {spread} ms, n={len(work)} | |")
    print(f"\n{os.cpu_count()} processors; load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
