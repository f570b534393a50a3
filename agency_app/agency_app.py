"""The composition root: pages, routes, middleware. It wires and decides nothing."""

import asyncio
import gc

import reflex as rx

from agency_app.services.actor import outside_changes
from agency_app.services.draw_apart import serve_apart, stop_serving_apart
from agency_app.settings import settings
from agency_app.states.activities import Activities
from agency_app.states.alerts import watch_alerts
from agency_app.states.approvals import Approvals
from agency_app.states.builder import Builder
from agency_app.states.clients import Clients
from agency_app.states.costs import Costs
from agency_app.states.credit import Crediting
from agency_app.states.failures import tell_failure
from agency_app.states.gaps import Gaps
from agency_app.states.grid import Grid
from agency_app.states.guard import SignedInMiddleware
from agency_app.states.hours import Hours
from agency_app.states.invoices import Invoices
from agency_app.states.keyboard import Keyboard
from agency_app.states.pulse import beat_in, bump_from_outside, follow_other_workers, watch_outside_changes
from agency_app.states.rates import Rates
from agency_app.states.reports import Reports
from agency_app.states.retainers import Retainers
from agency_app.states.settings import Settings
from agency_app.states.templates import Templates
from agency_app.states.tidy import Tidy
from agency_app.states.workbench import Workbench
from agency_app.ui.components.failures import guarded, no_connection
from agency_app.ui.pages.activities import activities_page
from agency_app.ui.pages.approvals import approvals_page
from agency_app.ui.pages.clients import client_list, client_page
from agency_app.ui.pages.costs import costs_page
from agency_app.ui.pages.credit_invoice import credit_page
from agency_app.ui.pages.entries import entries_page
from agency_app.ui.pages.gaps import gaps_page
from agency_app.ui.pages.grid import grid_page
from agency_app.ui.pages.hours import hours_page
from agency_app.ui.pages.invoices import invoice_builder, invoice_list
from agency_app.ui.pages.keyboard import keyboard_page
from agency_app.ui.pages.not_found import not_found
from agency_app.ui.pages.rates import rates_page
from agency_app.ui.pages.reports import reports_page
from agency_app.ui.pages.retainer_detail import retainer_detail
from agency_app.ui.pages.retainers import retainer_dashboard
from agency_app.ui.pages.settings import settings_page
from agency_app.ui.pages.templates import templates_page
from agency_app.ui.pages.workbench import workbench
from agency_app.web.routes import make_routes

app = rx.App(
    stylesheets=[
        "/fonts.css",
        "/tokens.css",
        "/components.css",
        "/app.css",
        "/week_calendar.css",
        "/retainers.css",
        "/row_form.css",
        "/approvals.css",
        "/credit.css",
        "/timer.css",
        "/planning.css",
        "/routines.css",
        "/day_list.css",
        "/builder.css",
        "/documents.css",
        "/commands.css",
        "/entries.css",
        "/week_grid.css",
    ],
    head_components=[
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1"),
        rx.el.link(
            rel="preload",
            href="/fonts/inter-latin.woff2",
            custom_attrs={"as": "font", "crossOrigin": "anonymous"},
            type="font/woff2",
        ),
        rx.el.script(src="/agency.js"),
        rx.el.script(src="/row_form.js"),
        rx.el.script(src="/builder.js"),
        rx.el.script(src="/timer.js"),
        rx.el.script(src="/logo.js"),
        rx.el.script(src="/preview.js"),
        rx.el.script(src="/keyboard.js"),
        rx.el.script(src="/palette.js"),
    ],
    api_transformer=make_routes(),
    app_wraps={
        (55, "ErrorBoundary"): guarded,
        (5, "Overlay"): lambda stateful: no_connection() if stateful else None,
    },
    backend_exception_handler=tell_failure,
    toaster=None,
    html_lang="en",
)
app.add_middleware(SignedInMiddleware())
app.add_page(not_found, route="404", title="Not found · Agency")
app.add_page(workbench, route="/", title="Week · Agency", on_load=Workbench.load)
app.add_page(invoice_list, route="/invoices", title="Invoices · Agency", on_load=Invoices.load_list)
app.add_page(
    invoice_builder,
    route="/invoices/[invoice_id]",
    title="Invoice · Agency",
    on_load=[Invoices.load, Builder.load],
)
app.add_page(
    credit_page, route="/invoices/[invoice_id]/credit", title="Credit an invoice · Agency", on_load=Crediting.load
)
app.add_page(retainer_dashboard, route="/retainers", title="Retainers · Agency", on_load=Retainers.load)
app.add_page(retainer_detail, route="/retainers/[retainer_id]", title="Retainer · Agency", on_load=Retainers.load)
app.add_page(client_list, route="/clients", title="Clients · Agency", on_load=Clients.load_list)
app.add_page(client_page, route="/clients/[client_id]", title="Client · Agency", on_load=Clients.load)
app.add_page(approvals_page, route="/approvals", title="Approvals · Agency", on_load=Approvals.load)
app.add_page(entries_page, route="/entries", title="Entries · Agency", on_load=Tidy.load)
app.add_page(grid_page, route="/grid", title="Week grid · Agency", on_load=Grid.load)
app.add_page(gaps_page, route="/gaps", title="Gaps · Agency", on_load=Gaps.load)
app.add_page(settings_page, route="/settings", title="Settings · Agency", on_load=Settings.load)
app.add_page(hours_page, route="/settings/hours", title="Working hours · Agency", on_load=Hours.load)
app.add_page(activities_page, route="/settings/activities", title="Activities · Agency", on_load=Activities.load)
app.add_page(rates_page, route="/settings/rates", title="Rates · Agency", on_load=Rates.load)
app.add_page(keyboard_page, route="/settings/keyboard", title="Keyboard · Agency", on_load=Keyboard.load)
app.add_page(
    templates_page, route="/settings/templates", title="Templates and routines · Agency", on_load=Templates.load
)
app.add_page(costs_page, route="/settings/costs", title="Cost rates · Agency", on_load=Costs.load)
app.add_page(reports_page, route="/reports", title="Reports · Agency", on_load=Reports.load)


async def _follow_other_processes() -> None:
    await watch_outside_changes(lambda: asyncio.to_thread(outside_changes), bump_from_outside)


async def _follow_other_workers() -> None:
    if settings().redis_url:
        await follow_other_workers(settings().redis_url)


async def _leave_what_stays_uncollected() -> None:
    """Take what the start loaded out of the garbage collector's sight: it stays as long as the server does, and a full
    collection that looks through all of it answers no tab for a tenth of a second or two."""
    gc.collect()
    gc.freeze()


async def _draw_apart() -> None:
    """Keep the process that draws PDFs for as long as this one serves."""
    await asyncio.to_thread(serve_apart)
    try:
        await asyncio.Event().wait()
    finally:
        stop_serving_apart()


beat_in(app)
app.register_lifespan_task(_leave_what_stays_uncollected)
app.register_lifespan_task(_follow_other_processes)
app.register_lifespan_task(_follow_other_workers)
app.register_lifespan_task(_draw_apart)
app.register_lifespan_task(watch_alerts)
