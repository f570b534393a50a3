"""`/invoices`: the drafts and invoices, and the builder, in which every line opens to the work behind it."""

import reflex as rx

from agency_app.services.draft_layout import GROUPINGS
from agency_app.states.after_invoice import AfterInvoice
from agency_app.states.builder import Builder
from agency_app.states.invoices import Invoices, ListedRow, PaperLine
from agency_app.states.views import Fact
from agency_app.ui.components.builder_dialogs import add_menu, builder_dialogs
from agency_app.ui.components.builder_trace import trace
from agency_app.ui.components.document_preview import preview_pane, preview_switch
from agency_app.ui.components.entry_dialog import finalise_dialog
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import download_link, page_link, top_bar


def invoice_list() -> rx.Component:
    """Return the list."""
    return rx.el.div(
        top_bar("Invoices", Invoices.me, rx.el.span(class_name="grow")),
        rx.el.main(
            rx.el.h1("Invoices"),
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th("Number"),
                            rx.el.th("Client"),
                            rx.el.th("Period"),
                            rx.el.th("Issued"),
                            rx.el.th("Due"),
                            rx.el.th("Total", class_name="num"),
                            rx.el.th("Open", class_name="num"),
                            rx.el.th("Standing"),
                            rx.el.th(""),
                        )
                    ),
                    rx.el.tbody(rx.foreach(Invoices.listed, _row)),
                    class_name="tbl tbl-inv",
                ),
                rx.cond(
                    Invoices.listed.length() == 0,
                    rx.el.p(
                        "No draft yet. Log the first entry for a client; its draft builds itself.",
                        class_name="hint pad",
                    ),
                ),
                rx.cond(
                    Invoices.past_due,
                    rx.el.p(
                        "Past due says that the due date has passed: payments are not kept here.",
                        class_name="hint pad",
                    ),
                ),
                class_name="card",
            ),
            class_name="page rt-page",
        ),
        class_name="doc",
    )


def _row(row: rx.Var[ListedRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            page_link(row["number"], href=row["href"], class_name="strong"),
            rx.cond(row["about"] != "", rx.el.span(row["about"], class_name="td-s")),
        ),
        rx.el.td(
            rx.el.span(
                rx.el.span(class_name="dot"),
                row["client"],
                class_name="row " + row["colour"].to(str),
            ),
            rx.el.span(row["period"], class_name="td-s on-phone"),
        ),
        rx.el.td(row["period"]),
        rx.el.td(row["issued"]),
        rx.el.td(row["due"]),
        rx.el.td(
            row["total"],
            rx.cond(row["until"] != "", rx.el.span(row["until"], class_name=row["tone"].to(str) + " on-phone")),
            class_name="num strong",
        ),
        rx.el.td(row["open"], class_name="num"),
        rx.el.td(
            rx.el.span(row["state"], class_name=row["tone"]),
            rx.cond(row["credited"] != "", rx.el.span(row["credited"], class_name="td-s")),
        ),
        rx.el.td(
            rx.cond(
                row["final"],
                download_link(
                    icon("download", "s"),
                    "PDF",
                    href=row["pdf"],
                    class_name="btn btn-s",
                ),
            ),
            class_name="num",
        ),
        key=row["href"],
    )


def invoice_builder() -> rx.Component:
    """Return the builder."""
    paper = Invoices.paper
    return rx.el.div(
        top_bar("Invoices", Invoices.me, rx.el.span(class_name="grow")),
        rx.cond(
            paper["found"],
            rx.el.main(_desk(), trace(), class_name="main"),
            rx.cond(
                rx.State.is_hydrated,
                rx.el.main(
                    rx.el.h1("No such invoice"),
                    rx.el.p(
                        "It is not in this workspace. ",
                        page_link("See all invoices", href="/invoices"),
                    ),
                    class_name="page",
                ),
            ),
        ),
        finalise_dialog(
            paper["due_total"],
            paper["title"],
            Invoices.error,
            Invoices.reasons,
            Invoices.notes,
            Invoices.busy,
            Invoices.ask,
            Invoices.finalise,
        ),
        builder_dialogs(),
        class_name="doc",
    )


def _desk() -> rx.Component:
    paper = Invoices.paper
    return rx.el.section(
        rx.el.div(
            page_link(
                icon("left"),
                href="/invoices",
                class_name="icon-btn",
                aria_label="Back to invoices",
            ),
            rx.el.h1(paper["title"]),
            rx.cond(
                paper["final"],
                rx.el.span("Final, ", paper["number"], class_name="chip st-ok"),
                rx.el.span(
                    rx.cond(AfterInvoice.view["status"] == "void", "Void", "Draft"), class_name="chip chip-line"
                ),
            ),
            rx.el.span(class_name="grow"),
            preview_switch(),
            rx.cond(Builder.board["may_build"], _tools()),
            class_name="desk-h",
        ),
        preview_pane(),
        rx.el.article(
            rx.el.div(
                rx.el.div(
                    rx.el.div(paper["seller_name"], class_name="pb"),
                    rx.foreach(paper["seller"], lambda text: rx.el.div(text, key=text)),
                ),
                rx.el.div(
                    rx.el.h2(rx.cond(paper["kind"] == "credit_note", "Credit note", "Invoice")),
                    rx.el.span(
                        rx.cond(
                            paper["final"],
                            paper["number"],
                            "Draft, will be " + Builder.board["will_be"],
                        ),
                        class_name="q",
                    ),
                    class_name="right",
                ),
                class_name="pt",
            ),
            rx.el.div(
                rx.el.div(
                    rx.el.div("Billed to", class_name="q"),
                    rx.el.b(paper["buyer_name"]),
                    rx.foreach(paper["buyer"], lambda text: rx.el.div(text, key=text)),
                ),
                _paper_fact("Issued", paper["issued"]),
                _paper_fact("Due", paper["due"]),
                _paper_fact("Period", paper["period"]),
                _paper_fact("Your reference", paper["reference"]),
                rx.cond(paper["order"] != "", _paper_fact("Your order", paper["order"])),
                class_name="pg",
            ),
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(""),
                        rx.el.th("Description"),
                        rx.el.th("Quantity", class_name="num"),
                        rx.el.th("Rate", class_name="num"),
                        rx.el.th("Amount", class_name="num"),
                    )
                ),
                rx.el.tbody(rx.foreach(paper["lines"], _paper_line)),
                class_name="il",
            ),
            rx.cond(
                paper["lines"].length() == 0,
                rx.el.p(
                    "No billable time in this period yet. The first entry starts the invoice.",
                    class_name="q pad",
                ),
            ),
            rx.el.div(
                rx.el.div(
                    rx.foreach(
                        paper["retainers"],
                        lambda row: rx.el.p(
                            rx.el.b(row["name"]),
                            rx.el.br(),
                            row["value"],
                            class_name="q",
                            key=row["value"],
                        ),
                    )
                ),
                rx.el.table(
                    rx.el.tbody(
                        rx.foreach(paper["sums"], _sum),
                        rx.el.tr(
                            rx.el.td("Subtotal"),
                            rx.el.td(paper["subtotal"], class_name="num"),
                        ),
                        rx.foreach(paper["vat"], _sum),
                        rx.cond(
                            paper["paid"].length() > 0,
                            rx.fragment(
                                rx.el.tr(rx.el.td("Total"), rx.el.td(paper["total"], class_name="num")),
                                rx.foreach(paper["paid"], _sum),
                            ),
                        ),
                        rx.el.tr(
                            rx.el.td(rx.cond(paper["kind"] == "credit_note", "Total credited", "Total due")),
                            rx.el.td(paper["due_total"], class_name="num", id="invoice-total"),
                            class_name="g",
                        ),
                    ),
                    class_name="tt",
                ),
                class_name="low",
            ),
            rx.foreach(paper["notes"], lambda text: rx.el.p(text, class_name="q para", key=text)),
            rx.cond(
                paper["kind"] == "credit_note",
                rx.el.div(
                    rx.el.b(paper["due_total"], " credited. Nothing to pay."),
                    rx.el.span(paper["note"]),
                    class_name="pay",
                ),
                rx.el.div(
                    rx.el.b("Pay ", paper["due_total"], " by ", paper["due"]),
                    rx.cond(paper["iban"] != "", rx.el.span("IBAN ", paper["iban"])),
                    rx.cond(paper["bic"] != "", rx.el.span("BIC ", paper["bic"])),
                    class_name="pay",
                ),
            ),
            rx.el.div(paper["footer"], class_name="q foot"),
            class_name="paper",
        ),
        class_name="desk",
        aria_label="Invoice",
    )


def _paper_fact(name: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.div(rx.el.div(name, class_name="q"), value)


def _paper_line(line: rx.Var[PaperLine]) -> rx.Component:
    selected = Invoices.selected.to_string() == line["position"]
    return rx.el.tr(
        rx.el.td(line["position"], class_name="grip", draggable=Builder.board["may_build"].bool()),
        rx.el.td(
            rx.el.button(
                line["description"],
                type="button",
                class_name="line-b",
                aria_expanded=selected,
                on_click=Invoices.select(line["position"]),
            ),
            rx.el.div(line["detail"], class_name="q"),
        ),
        rx.el.td(line["quantity"], class_name="num"),
        rx.el.td(line["price"], class_name="num"),
        rx.el.td(line["amount"], class_name="num"),
        class_name=rx.cond(selected, "sel", ""),
        on_click=Invoices.select(line["position"]),
        custom_attrs={"data-key": line["key"]},
        key=line["key"],
    )


def _sum(row: rx.Var[Fact]) -> rx.Component:
    return rx.el.tr(rx.el.td(row["name"]), rx.el.td(row["value"], class_name="num"), key=row["name"] + row["value"])


def _tools() -> rx.Component:
    """Return what changes the draft as a whole; the hidden field takes the order of lines that a drag or a key gives."""
    return rx.el.div(
        rx.el.select(
            *(rx.el.option(name, value=value) for value, name in GROUPINGS.items()),
            value=Builder.board["grouping"],
            on_change=Builder.group,
            aria_label="How the work stands together",
            class_name="sel-s",
        ),
        rx.el.button("Rounding", type="button", class_name="btn btn-s", on_click=Builder.open_rounding),
        rx.el.button("Note, due date, order", type="button", class_name="btn btn-s", on_click=Builder.open_head),
        add_menu(),
        rx.el.input(type="text", id="line-order", class_name="unseen", tab_index=-1, on_change=Builder.order),
        class_name="tools",
    )
