"""How long the main job takes, in a real browser on a real server: ``uv run python -m tests.bench.main_job``.

Times of the screen are taken inside the pages (mouseup, then the mutation that changed the figure), never by polling
from outside. Each measure stands beside a floor of the same run: what the least possible work costs here and now.
Words after the command keep only the measures whose key begins with one of them: drop, visit, size, draft, finalise,
start.
"""

import contextlib
import json
import math
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page
from sqlmodel import col, select

from agency_app.domain.retainer import period_of
from agency_app.services.actor import actor_of
from agency_app.services.read_draft import read_draft
from agency_app.serving.server import running_server
from agency_app.store.engine import reading
from agency_app.tables import Client, Invoice, Member, Retainer
from tests.bench.fill import fill_client, fill_up_to, services_on
from tests.demo_data import ROOT, seed_demo_into
from tests.ui.calendar_hand import drag_in
from tests.ui.chromium import opened_chromium
from tests.ui.conftest import sign_in, today

MARA, JONAS, SEM = "mara@halden.example", "jonas@halden.example", "sem@halden.example"
TABS, DROPS, VISITS, READS, STARTS = 10, 20, 8, 20, 4
BIG_CLIENTS = 3
# Every person sits before their own screen: a page that Chromium takes for hidden gets a timer and a frame a second.
UNTHROTTLED = (
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)

WATCH_TOTAL = """() => {
    const total = () => document.querySelector('#draft-total')?.textContent ?? '';
    window.bench = { pressed: 0, changed: 0, total: total() };
    addEventListener('mouseup', () => { window.bench.pressed = Date.now(); }, true);
    new MutationObserver(() => {
        if (window.bench.changed || !total() || total() === window.bench.total) return;
        window.bench.changed = Date.now();
        window.bench.total = total();
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""
REARM = "() => Object.assign(window.bench, { pressed: 0, changed: 0 })"
# Not Playwright's own waiting, which looks at every frame and so makes the page draw sixty of them a second.
CHANGED = """() => new Promise((tell) => {
    const look = () => (window.bench.changed ? tell(true) : setTimeout(look, 50));
    look();
})"""

WATCH_USABLE = """
    window.usable = 0;
    new MutationObserver((_, observer) => {
        const has = (selector) => document.querySelector(selector);
        if (!has('.wk-lane') || !has('[data-event-id]') || !has('#draft-total')?.textContent) return;
        window.usable = performance.now();
        observer.disconnect();
    }).observe(document, { childList: true, characterData: true, attributes: true, subtree: true });
"""

PING = """async () => {
    const began = performance.now();
    await (await fetch('/ping', { cache: 'no-store' })).text();
    return performance.now() - began;
}"""

# Opens the New entry dialog again and again; each answer is the time from the click to the open dialog.
ASK_AGAIN = """() => {
    window.asking = true;
    window.answers = [];
    const dialog = document.querySelector('#entry-dialog');
    const ask = () => {
        const began = Date.now();
        const observer = new MutationObserver(() => {
            if (!dialog.open) return;
            observer.disconnect();
            window.answers.push([began, Date.now() - began]);
            dialog.close();
            if (window.asking) setTimeout(ask, 60);
        });
        observer.observe(dialog, { attributes: true, attributeFilter: ['open'] });
        document.querySelector('#new-entry').click();
    };
    ask();
}"""
STOP_ASKING = "() => { window.asking = false; return window.answers; }"

WATCH_FINAL = """() => {
    const said = () => document.querySelector('.toast')?.innerText ?? '';
    window.final = { began: 0, ended: 0 };
    const before = said();
    document.querySelector('#finalise-dialog').addEventListener('click', (event) => {
        if (event.target.closest('button')?.innerText.includes('Finalise')) window.final.began = Date.now();
    }, true);
    new MutationObserver(() => {
        if (!window.final.began || window.final.ended) return;
        if (said() === before || !said().includes('is final')) return;
        window.final.ended = Date.now();
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


@dataclass(frozen=True)
class Measure:
    """One line of the table, in words."""

    what: str
    target: str
    measured: str
    floor: str


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies, by nearest rank."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def milliseconds(values: list[float]) -> str:
    """Return p50 / p95 and the count, from milliseconds; says so when nothing was measured."""
    if not values:
        return "no sample"
    return f"{percentile(values, 0.5):.0f} / {percentile(values, 0.95):.0f} ms (n={len(values)})"


class Bench:
    """A seeded demo to copy from, and a browser."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        """Seed the demo by the command itself."""
        self.browser = browser
        self.folder = folder
        self.seeded = folder / "seeded"
        seed_demo_into(self.seeded)

    def copy(self, name: str) -> Path:
        """Return a fresh copy of the demo's data."""
        shutil.copytree(self.seeded, self.folder / name)
        return self.folder / name

    @contextlib.contextmanager
    def signed_in(self, origin: str, email: str, path: str) -> Iterator[tuple[BrowserContext, Page]]:
        """Open a signed-in context with the week ready."""
        context, page = sign_in(self.browser, origin, email, path)
        ready(page)
        yield context, page
        context.close()


def ready(page: Page) -> None:
    """Wait until the week and the draft are on screen."""
    page.wait_for_selector(".wk-lane")
    page.wait_for_function("() => document.querySelector('#draft-total')?.innerText")


def address(client_id: str) -> str:
    """Return the address of this week with a client in focus."""
    return f"/?week={today().isoformat()}&client={client_id}"


def billed_clients() -> list[str]:
    """Return the ids of the billed clients, by name, whose overage waits for nobody's word."""
    asks = select(Retainer.client_id).where(Retainer.overage == "approval")
    query = select(Client.id).where(col(Client.internal).is_(False), col(Client.id).not_in(asks))
    with reading() as session:
        return list(session.exec(query.order_by(Client.name)))


def northwind() -> str:
    """Return the id of the client with the retainer that the tests use."""
    with reading() as session:
        return session.exec(select(Client.id).where(Client.name == "Northwind Coffee")).one()


def measure_drop(bench: Bench) -> list[Measure]:
    """Drop a template on the week and see the total change, here and in another browser, ten tabs being open."""
    data = bench.copy("drop")
    with services_on(data):
        path = address(northwind())
    monday = today() - timedelta(days=today().weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    days = [day.isoformat() for day in days if day.month == today().month]
    own: list[float] = []
    others: list[float] = []
    floor: list[float] = []
    with (
        running_server(data) as server,
        bench.signed_in(server.url, MARA, path) as (mara, hand),
        bench.signed_in(server.url, JONAS, path) as (jonas, other),
    ):
        for number in range(TABS - 2):
            page = (mara, jonas)[number % 2].new_page()
            page.goto(f"{server.url}{path}")
            ready(page)
        for page in (hand, other):
            page.bring_to_front()  # Chromium hands a tab behind others one frame, and one move of the mouse, a second
            page.wait_for_timeout(500)
            page.evaluate(WATCH_TOTAL)
        for number in range(DROPS):
            for page in (hand, other):
                page.evaluate(REARM)
            floor.append(hand.evaluate(PING))
            day, hour = days[number % len(days)], 17 + number // len(days) % 6
            drag_in(hand, hand.locator(".tk", has_text="Weekly report"), day, f"{hour}:00")
            for page in (hand, other):
                page.evaluate(CHANGED)
            pressed = hand.evaluate("() => window.bench.pressed")
            own.append(hand.evaluate("() => window.bench.changed") - pressed)
            others.append(other.evaluate("() => window.bench.changed") - pressed)
            hand.wait_for_timeout(400)
    bare = f"ping in the page {milliseconds(floor)}"
    return [
        Measure(f"drop -> own screen shows the new total, {TABS} tabs", TARGETS["own"], milliseconds(own), bare),
        Measure(f"drop -> another browser's, {TABS} tabs", TARGETS["other"], milliseconds(others), bare),
    ]


def visit(context: BrowserContext, url: str) -> tuple[float, float]:
    """Open the week in a new tab: milliseconds from navigation start until usable, and until the bare page is there."""
    page = context.new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_function("() => window.usable")
    usable = page.evaluate("() => window.usable")
    bare = page.evaluate("() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    page.close()
    return usable, bare


def measure_visit(bench: Bench) -> list[Measure]:
    """Open the week with an empty cache, and again in the same browser."""
    data = bench.copy("visit")
    with services_on(data):
        path = address(northwind())
    first: list[tuple[float, float]] = []
    again: list[tuple[float, float]] = []
    with running_server(data) as server, bench.signed_in(server.url, MARA, path) as (signed_in, _):
        cookies = signed_in.storage_state()
        for _ in range(VISITS):
            context = bench.browser.new_context(storage_state=cookies, viewport={"width": 1440, "height": 900})
            context.add_init_script(WATCH_USABLE)
            first.append(visit(context, server.url + path))
            again.append(visit(context, server.url + path))
            context.close()
    return [
        Measure(
            f"week page usable, {name} visit",
            TARGETS[name],
            milliseconds([usable for usable, _ in taken]),
            f"page without data {milliseconds([bare for _, bare in taken])}",
        )
        for name, taken in (("first", first), ("repeat", again))
    ]


def measure_size(bench: Bench) -> list[Measure]:
    """Repeat visits on 1,000 and on 100,000 entries by turns. The month on screen is the same in both."""
    last = today().replace(day=1) - timedelta(days=1)
    folders: list[Path] = []
    for total in (1_000, 100_000):
        folder = bench.copy(f"size-{total}")
        with services_on(folder):
            path = address(northwind())
            fill_up_to(total, last - timedelta(days=3 * 365), last)
        folders.append(folder)
    small: list[float] = []
    large: list[float] = []
    with (
        running_server(folders[0]) as first,
        running_server(folders[1]) as second,
        bench.signed_in(first.url, MARA, path) as (with_few, _),
        bench.signed_in(second.url, MARA, path) as (with_many, _),
    ):
        for context in (with_few, with_many):
            context.add_init_script(WATCH_USABLE)
        for turn in range(VISITS * 2 + 1):
            few, _ = visit(with_few, first.url + path)
            many, _ = visit(with_many, second.url + path)
            if turn:  # the first of each warms the server
                small.append(few)
                large.append(many)
    ratio = percentile(large, 0.5) / percentile(small, 0.5), percentile(large, 0.95) / percentile(small, 0.95)
    return [
        Measure(
            "repeat visit with 100,000 entries : 1,000",
            "<= 1.2",
            f"{ratio[0]:.2f} / {ratio[1]:.2f} ({milliseconds(large)})",
            f"1,000 entries {milliseconds(small)}",
        )
    ]


def measure_draft(bench: Bench) -> list[Measure]:
    """Read the draft of a client with 1,000 entries in the period, in this process."""
    data = bench.copy("draft")
    first, last = period_of(today())
    with services_on(data):
        client_id = northwind()
        fill_client(client_id, SEM, 1_000, first, today())
        with reading() as session:
            actor = actor_of(session.exec(select(Member).where(Member.email == MARA)).one())
        read = [taken(lambda: read_draft(actor, client_id, today())) for _ in range(READS + 1)][1:]
        found = len(read_draft(actor, client_id, today()).entries)
    bare = [taken(lambda: bare_select(data, client_id, first, last)) for _ in range(READS)]
    return [
        Measure(f"read_draft, {found} entries", TARGETS["draft"], milliseconds(read), f"SELECT {milliseconds(bare)}")
    ]


def taken(act: Callable[[], object]) -> float:
    """Return how many milliseconds an act takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def bare_select(data: Path, client_id: str, first: date, last: date) -> int:
    """Read the rows of the period and nothing else."""
    query = "SELECT * FROM time_entry WHERE client_id = ? AND work_date BETWEEN ? AND ? ORDER BY work_date, started_at"
    (database,) = data.glob("*.db")
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return len(connection.execute(query, (client_id, first.isoformat(), last.isoformat())).fetchall())


def measure_finalise(bench: Bench) -> list[Measure]:
    """Finalise invoices with a work log of 1,000 rows, while another member's tab keeps opening a dialog."""
    data = bench.copy("finalise")
    first, _ = period_of(today())
    with services_on(data):
        chosen = billed_clients()[:BIG_CLIENTS]
        for client_id in chosen:
            fill_client(client_id, SEM, 1_000, first, today())
    finals: list[float] = []
    during: list[float] = []
    idle: list[float] = []
    with (
        running_server(data) as server,
        bench.signed_in(server.url, MARA, address(chosen[0])) as (_, hand),
        bench.signed_in(server.url, JONAS, address(chosen[0])) as (_, other),
    ):
        other.wait_for_timeout(500)
        other.evaluate(ASK_AGAIN)
        other.wait_for_timeout(2_000)
        idle = [took for _, took in other.evaluate(STOP_ASKING)][1:]
        for client_id in chosen:
            hand.goto(server.url + address(client_id))
            ready(hand)
            hand.wait_for_timeout(1_000)
            hand.evaluate(WATCH_FINAL)
            hand.get_by_role("button", name="Finalise & download").click()
            confirm = hand.locator("#finalise-dialog").get_by_role("button", name="Finalise & download")
            confirm.wait_for()
            other.evaluate(ASK_AGAIN)
            other.wait_for_timeout(300)
            with hand.expect_download() as download:
                confirm.click()
            size = download.value.path().stat().st_size
            assert size > 50_000, f"a log of 1,000 rows in {size} bytes"
            hand.wait_for_function("() => window.final.ended")
            span = hand.evaluate("() => window.final")
            other.wait_for_timeout(300)
            finals.append(span["ended"] - span["began"])
            during += [
                took
                for began, took in other.evaluate(STOP_ASKING)
                if began + took > span["began"] and began < span["ended"]
            ]
    with services_on(data):
        drawn = draw_again()
    return [
        Measure(
            "finalise with PDF, 1,000-row log",
            TARGETS["finalise"],
            f"{milliseconds(finals)}, first {finals[0]:.0f}",
            f"drawing the PDF alone {milliseconds(drawn)}",
        ),
        Measure(
            "New entry on another tab meanwhile",
            TARGETS["meanwhile"],
            milliseconds(during),
            f"idle {milliseconds(idle)}",
        ),
    ]


def draw_again() -> list[float]:
    """Draw the documents of the newest invoices again, in this process, and return the milliseconds."""
    from agency_app.documents.invoice_pdf import render_invoice

    with reading() as session:
        query = select(Invoice).where(Invoice.status == "final").order_by(col(Invoice.finalised_at).desc())
        invoices = [invoice for invoice in session.exec(query.limit(BIG_CLIENTS)) if invoice.finalised_at]
    times = []
    for invoice in invoices:
        assert invoice.snapshot is not None
        assert invoice.finalised_at is not None
        snapshot, moment = json.loads(invoice.snapshot), invoice.finalised_at
        times.append(taken(lambda snapshot=snapshot, moment=moment: render_invoice(snapshot, moment)))
    return times


def measure_start(bench: Bench) -> list[Measure]:
    """Start the server until it answers, the build being there."""
    data = bench.copy("start")
    starts: list[float] = []
    imports: list[float] = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with running_server(data):
            starts.append((time.perf_counter() - began) * 1000)
        command = [sys.executable, "-c", "import agency_app.agency_app"]
        imports.append(taken(lambda command=command: subprocess.run(command, cwd=ROOT, check=True)))
    return [Measure("warm start", TARGETS["start"], milliseconds(starts), f"importing the app {milliseconds(imports)}")]


TARGETS = {
    "own": "p95 120 ms",
    "other": "p95 250 ms",
    "first": "1500 ms",
    "repeat": "800 ms",
    "draft": "150 ms",
    "finalise": "2500 ms",
    "meanwhile": "250 ms",
    "start": "5000 ms",
}
MEASURES: dict[str, Callable[[Bench], list[Measure]]] = {
    "drop": measure_drop,
    "visit": measure_visit,
    "size": measure_size,
    "draft": measure_draft,
    "finalise": measure_finalise,
    "start": measure_start,
}


def main() -> None:
    """Measure, and print one table."""
    wanted = tuple(sys.argv[1:])
    for name in [name for name in os.environ if name.startswith("AGENCY_") and name != "AGENCY_CHROMIUM"]:
        del os.environ[name]
    # A run that is stopped must still end its servers and its browser: as an exit, not by the bare signal.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    load = os.getloadavg()[0]
    print("| what | target | measured p50 / p95 | floor in the same run |\n|---|---|---|---|", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="agency-bench-") as folder,
        opened_chromium(*UNTHROTTLED) as browser,
    ):
        bench = Bench(browser, Path(folder))
        for name, measure in MEASURES.items():
            if wanted and not name.startswith(wanted):
                continue
            for row in measure(bench):
                print(f"| {row.what} | {row.target} | {row.measured} | {row.floor} |", flush=True)
    print(f"\n{os.cpu_count()} processors; load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
