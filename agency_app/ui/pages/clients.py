"""`/clients`: the clients, and each with its data, what was agreed, where the work is, and its invoices."""

import reflex as rx

from agency_app.states.clients import (
    LANGUAGE_CHOICES,
    ROUNDING_CHOICES,
    SCOPE_CHOICES,
    VAT_CHOICES,
    ClientRow,
    Clients,
    InvoiceRow,
    RetainerRow,
)
from agency_app.ui.components.client_campaigns import campaign_dialog, client_campaigns
from agency_app.ui.components.icons import icon
from agency_app.ui.components.new_retainer_dialog import new_retainer_button, new_retainer_dialog
from agency_app.ui.components.row_form import Field, Section, back_link, page_toast, row_facts, row_form
from agency_app.ui.components.shell import page_link, top_bar

_SECTIONS = (
    Section(
        "Billed to",
        "As the invoice prints it. Needed before the first one: the billing address.",
        (
            Field("name", "Client, as you call it"),
            Field("short_name", "Short name", "On the week's blocks"),
            Field("legal_name", "Legal name"),
            Field("attention", "Attention"),
            Field(
                "address",
                "Billing address",
                "Street and number, postcode and city, country: a line each",
                True,
                lines=4,
            ),
            Field("vat_id", "VAT number"),
            Field("email", "E-mail for invoices", attributes={"input_mode": "email"}),
            Field("reference", "Reference", "What they ask to see; for German authorities the Leitweg-ID"),
            Field("purchase_order", "Order number"),
        ),
    ),
    Section(
        "E-invoices",
        "Every invoice goes out as an e-invoice too where it says enough; a draft's checks name what is missing.",
        (
            Field("country", "Country", "Where the address does not end with it"),
            Field("electronic_address", "Electronic address", "Such as a Peppol id; empty means the e-mail above"),
            Field("electronic_scheme", "Its kind", "As in 0106 for a KvK number, 9930 for a German VAT number"),
        ),
    ),
    Section(
        "Terms and VAT",
        "",
        (
            Field(
                "language",
                "Language of invoices",
                "Words, dates and figures; the words of activities and notes stay as you typed them",
                choices=tuple(LANGUAGE_CHOICES),
            ),
            Field("payment_terms_days", "Payment terms, in days", attributes={"input_mode": "numeric"}),
            Field("currency", "Currency", "Until the first entry is logged"),
            Field("vat_category", "VAT", choices=tuple(VAT_CHOICES)),
            Field("vat_rate", "VAT %", "Where VAT is charged", attributes={"input_mode": "decimal"}),
            Field(
                "vat_reason", "Why there is no VAT", "Where the usual words do not do, such as the article of the law"
            ),
        ),
    ),
    Section(
        "Rounding",
        "What is billed may be rounded; what was logged never changes.",
        (
            Field("rounding_mode", "Time is", choices=tuple(ROUNDING_CHOICES)),
            Field("rounding_step_seconds", "To minutes", "As in 6 or 15", attributes={"input_mode": "numeric"}),
            Field("rounding_scope", "What is rounded", choices=tuple(SCOPE_CHOICES)),
        ),
    ),
    Section(
        "In the agency",
        "",
        (Field("lead_id", "Lead", "Answers for the client and approves its weeks", choices=Clients.lead_choices),),
    ),
)


def client_list() -> rx.Component:
    """Return the list."""
    return rx.el.div(
        top_bar("Clients", Clients.me, rx.el.span(class_name="grow")),
        rx.el.main(
            rx.el.div(
                rx.el.h1("Clients"),
                rx.el.span(class_name="grow"),
                page_link(icon("plus", "s"), "New client", href="/?start=client", class_name="btn"),
                class_name="pg-h",
            ),
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th("Client"),
                            rx.el.th("Billed to"),
                            rx.el.th("Retainers"),
                            rx.el.th("Terms"),
                            rx.el.th(""),
                        )
                    ),
                    rx.el.tbody(rx.foreach(Clients.listed, _row)),
                    class_name="tbl cl-list",
                ),
                rx.cond(
                    rx.State.is_hydrated & (Clients.listed.length() == 0),
                    rx.el.p("No client yet. Add the first one with its retainer.", class_name="hint pad"),
                ),
                class_name="card",
            ),
            class_name="page rt-page",
        ),
        class_name="doc",
    )


def _row(row: rx.Var[ClientRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.span(
                rx.el.span(class_name="dot"),
                page_link(row["name"], href=row["href"], class_name="strong"),
                class_name="row " + row["colour"].to(str),
            )
        ),
        rx.el.td(row["billed_to"]),
        rx.el.td(row["retainers"]),
        rx.el.td(row["terms"]),
        rx.el.td(
            rx.cond(
                row["missing"] != "",
                page_link(row["missing"], href=row["href"] + "#address", class_name="chip st-warn"),
            ),
            class_name="num",
        ),
        key=row["href"],
    )


def client_page() -> rx.Component:
    """Return a client's page."""
    view = Clients.view
    return rx.el.div(
        top_bar("Clients", Clients.me, rx.el.span(class_name="grow")),
        rx.cond(
            view["found"],
            rx.el.main(
                back_link(view["back"]),
                rx.el.div(
                    rx.el.span(class_name="dot"),
                    rx.el.h1(view["name"]),
                    rx.el.span(class_name="grow"),
                    page_link("Open in the week", href=view["week"], class_name="btn"),
                    class_name="pg-h " + view["colour"].to(str),
                ),
                rx.cond(view["summary"] != "", rx.el.p(view["summary"], class_name="pg-s")),
                rx.el.div(
                    rx.cond(
                        view["may_change"],
                        rx.cond(Clients.form_serial > 0, row_form(Clients, _SECTIONS), rx.el.div()),
                        rx.el.div(
                            rx.el.p("An owner, a lead or finance changes these.", class_name="say"),
                            row_facts(Clients, _SECTIONS),
                            class_name="stack",
                        ),
                    ),
                    _aside(),
                    class_name="cols",
                ),
                class_name="page",
            ),
            rx.cond(
                view["ready"] & rx.State.is_hydrated,
                rx.el.main(
                    rx.el.h1("No such client"),
                    rx.el.p("It is not in this workspace. ", page_link("See all clients", href="/clients")),
                    class_name="page",
                ),
            ),
        ),
        new_retainer_dialog(),
        campaign_dialog(),
        page_toast(Clients, back=view["back"]),
        class_name="doc",
    )


def _aside() -> rx.Component:
    view = Clients.view
    return rx.el.aside(
        rx.el.section(
            rx.el.div(
                rx.el.h2("Retainers"),
                rx.cond(view["may_change"], new_retainer_button(view["id"])),
                class_name="total-row",
            ),
            rx.cond(
                view["retainers"].length() == 0,
                rx.el.p("No retainer yet: work is billed by the hour.", class_name="muted"),
                rx.el.ul(rx.foreach(view["retainers"], _retainer)),
            ),
            class_name="card sec",
        ),
        rx.el.section(
            rx.el.div(
                rx.el.h2("Invoices"),
                class_name="total-row",
            ),
            rx.el.div(
                rx.el.span("Draft of ", view["month"], ", with VAT", class_name="muted"),
                rx.el.b(view["draft"]),
                class_name="total-row",
            ),
            rx.el.ul(rx.foreach(view["invoices"], _invoice)),
            class_name="card sec",
        ),
        client_campaigns(),
        class_name="stack",
        aria_label="Agreements, invoices and campaigns",
    )


def _retainer(row: rx.Var[RetainerRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(page_link(row["name"], href=row["href"], class_name="grow strong"), class_name="li-1"),
        rx.cond(
            row["used"] != "",
            rx.fragment(
                rx.el.div(
                    rx.el.i(class_name="used", style={"width": row["share"]}),
                    class_name="bar " + row["fill"].to(str),
                    aria_hidden="true",
                ),
                rx.el.div(rx.el.span(row["used"]), rx.el.span(row["left"], class_name="strong"), class_name="li-2"),
            ),
        ),
        rx.el.div(row["since"], class_name="li-2"),
        class_name="li",
        key=row["href"],
    )


def _invoice(row: rx.Var[InvoiceRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            page_link(row["number"], href=row["href"]),
            rx.el.span(class_name="grow"),
            rx.el.span(row["total"], class_name="num"),
            class_name="li-1",
        ),
        rx.el.div(row["period"], class_name="li-2"),
        class_name="li",
        key=row["href"],
    )
