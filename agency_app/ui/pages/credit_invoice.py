"""`/invoices/{id}/credit`: what is left of an invoice, line by line and entry by entry, and the credit note over a part."""

import reflex as rx

from agency_app.states.credit import Crediting, CreditLine, CreditWork
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import error_text, page_link, top_bar


def credit_page() -> rx.Component:
    """Return the page."""
    view = Crediting.view
    return rx.el.div(
        top_bar("Invoices", Crediting.me, rx.el.span(class_name="grow")),
        rx.cond(
            view["found"],
            rx.el.main(
                page_link(icon("left", "s"), view["number"], href=view["invoice"], class_name="back"),
                rx.el.div(rx.el.h1("Credit ", view["number"]), class_name="pg-h"),
                rx.el.p(
                    view["left"],
                    " of ",
                    view["total"],
                    " to ",
                    view["client"],
                    " is left. Choose what is given back: whole lines, or some of the time under them.",
                    class_name="pg-s",
                ),
                rx.el.form(_lines(), _sum(), on_submit=Crediting.issue, class_name="cr"),
                class_name="page narrow",
            ),
            rx.cond(
                rx.State.is_hydrated & (view["problem"] != ""),
                rx.el.main(
                    rx.el.h1("Nothing to credit here"),
                    rx.el.p(view["problem"], " ", page_link("See all invoices", href="/invoices")),
                    class_name="page",
                ),
            ),
        ),
        class_name="doc",
    )


def _lines() -> rx.Component:
    view = Crediting.view
    return rx.el.section(
        rx.el.div(
            rx.el.h2("What is given back"),
            rx.el.span(class_name="grow"),
            rx.el.button("All that is left", type="button", class_name="btn btn-s", on_click=Crediting.take_all),
            class_name="cr-h",
        ),
        rx.el.ul(rx.foreach(view["lines"], _line), class_name="cr-l"),
        class_name="card sec",
    )


def _line(line: rx.Var[CreditLine]) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=line["whole"],
                disabled=line["gone"],
                on_change=lambda chosen: Crediting.take(line["position"], chosen),
            ),
            rx.el.span(
                rx.el.b(line["position"], ". ", line["description"]),
                rx.el.span(line["detail"], class_name="faint"),
                class_name="grow cr-d",
            ),
            rx.el.span(rx.el.b(line["given"]), rx.el.span("of ", line["left"], class_name="faint"), class_name="cr-n"),
            class_name=rx.cond(line["gone"], "cr-r gone", "cr-r"),
        ),
        rx.cond(
            line["work"].to(list[CreditWork]).length() > 0,
            rx.el.details(
                rx.el.summary("Some of its time"),
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th("Date"),
                            rx.el.th("Task"),
                            rx.el.th("Left", class_name="num"),
                            rx.el.th("Credit", class_name="num"),
                        )
                    ),
                    rx.el.tbody(rx.foreach(line["work"].to(list[CreditWork]), _work)),
                    class_name="tbl",
                ),
                open=rx.cond(line["whole"], False, rx.Var("undefined")),
            ),
        ),
        key=line["position"],
    )


def _work(work: rx.Var[CreditWork]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(work["date"]),
        rx.el.td(rx.el.span(work["task"], class_name="strong"), rx.el.span(work["member"], class_name="faint cr-m")),
        rx.el.td(work["left"], class_name="num"),
        rx.el.td(
            rx.el.input(
                type="text",
                default_value=work["typed"],
                placeholder="0:00",
                auto_complete="off",
                aria_label="Time to credit of " + work["task"].to(str),
                on_blur=lambda typed: Crediting.take_time(work["key"], typed),
                class_name="cr-t",
            ),
            class_name="num",
        ),
        key=work["key"].to(str) + work["typed"].to(str),
    )


def _sum() -> rx.Component:
    view = Crediting.view
    return rx.el.section(
        rx.el.label(
            rx.el.span("Why it is credited", class_name="label"),
            rx.el.input(type="text", name="reason", auto_complete="off", max_length=500),
            rx.el.span("Your client reads this on the credit note.", class_name="faint"),
            class_name="fld wide",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.span("Net ", view["net"], ", VAT ", view["vat"], class_name="muted"),
                rx.el.span("Left of the invoice after it: ", view["after"], class_name="muted"),
                class_name="cr-f",
            ),
            rx.el.div(
                rx.el.span("Credited", class_name="muted"), rx.el.b(view["credit"], id="credited"), class_name="cr-c"
            ),
            class_name="cr-s",
            role="status",
            aria_live="polite",
        ),
        error_text(rx.cond(Crediting.error != "", Crediting.error, view["wrong"])),
        rx.el.div(
            rx.el.p(
                "The credit note gets its number and never changes. What it credits is free to be billed again.",
                class_name="faint grow",
            ),
            page_link("Cancel", href=view["invoice"], class_name="btn"),
            rx.el.button(
                rx.cond(Crediting.busy, "Issuing", "Issue credit note"),
                type="submit",
                class_name="btn btn-primary",
                disabled=Crediting.busy | ~view["ready"].to(bool),
            ),
            class_name="cr-b",
        ),
        class_name="card sec",
    )
