"""The composition root: pages, routes, middleware. It wires and decides nothing."""

import reflex as rx

from agency_app.states.guard import SignedInMiddleware
from agency_app.states.invoices import Invoices
from agency_app.states.pulse import Pulse
from agency_app.states.workbench import Workbench
from agency_app.ui.pages.invoices import invoice_builder, invoice_list
from agency_app.ui.pages.workbench import workbench
from agency_app.web.routes import make_routes

app = rx.App(
    stylesheets=["/tokens.css", "/components.css", "/app.css", "/week_calendar.css"],
    head_components=[
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1"),
        rx.el.script(src="/agency.js"),
    ],
    api_transformer=make_routes(),
    html_lang="en",
)
app.add_middleware(SignedInMiddleware())
app.add_page(workbench, route="/", title="Week · Agency", on_load=[Pulse.join, Workbench.load])
app.add_page(
    invoice_list,
    route="/invoices",
    title="Invoices · Agency",
    on_load=[Pulse.join, Invoices.load_list],
)
app.add_page(
    invoice_builder,
    route="/invoices/[invoice_id]",
    title="Invoice · Agency",
    on_load=[Pulse.join, Invoices.load],
)
