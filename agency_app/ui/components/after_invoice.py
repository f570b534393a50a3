"""What stands on an invoice's page about what follows it: credit notes, the way to credit, pro forma, void."""

import reflex as rx

from agency_app.states.after_invoice import AfterInvoice, NoteRow
from agency_app.states.views import Choice
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import download_link, error_text, page_link


def after_invoice() -> rx.Component:
    """Return the card."""
    view = AfterInvoice.view
    return rx.el.div(
        rx.cond(
            view["corrects"] != "",
            rx.el.p("Corrects ", page_link(view["corrects"], href=view["corrects_href"], class_name="strong"), "."),
        ),
        rx.cond(
            view["notes"].to(list[NoteRow]).length() > 0,
            rx.el.div(
                rx.el.p(rx.el.b(view["credited"]), ", ", view["left"], " is left."),
                rx.el.ul(rx.foreach(view["notes"].to(list[NoteRow]), _note), class_name="af-n"),
            ),
        ),
        rx.cond(
            view["status"] == "void",
            rx.el.p("This draft is void: it is not finalised, and its month gets no other. Its work stays as it is."),
        ),
        error_text(AfterInvoice.error),
        rx.el.div(
            rx.cond(
                view["credit_href"] != "",
                page_link("Credit this invoice", href=view["credit_href"], class_name="btn btn-s"),
            ),
            rx.cond(
                view["months"].to(list[Choice]).length() > 0,
                rx.el.details(
                    rx.el.summary("Duplicate", class_name="btn btn-s"),
                    rx.el.div(rx.foreach(view["months"].to(list[Choice]), _into), class_name="menu"),
                    class_name="account add up",
                ),
            ),
            rx.cond(
                view["pro_forma"] != "",
                download_link(icon("download", "s"), "Pro forma", href=view["pro_forma"], class_name="btn btn-s"),
            ),
            rx.cond(
                view["may"] & (view["status"] == "draft"),
                rx.el.button("Void this draft", type="button", class_name="btn btn-s", on_click=AfterInvoice.void),
            ),
            rx.cond(
                view["may"] & (view["status"] == "void"),
                rx.el.button("Restore it", type="button", class_name="btn btn-s", on_click=AfterInvoice.restore),
            ),
            class_name="af-b",
        ),
        class_name="af",
    )


def _into(month: rx.Var[Choice]) -> rx.Component:
    return rx.el.button(
        "Into ", month["name"], type="button", on_click=AfterInvoice.duplicate(month["id"]), key=month["id"]
    )


def _note(note: rx.Var[NoteRow]) -> rx.Component:
    return rx.el.li(
        page_link(note["number"], href=note["href"], class_name="strong"),
        rx.el.span(note["issued"], class_name="faint grow"),
        rx.el.span(note["amount"]),
        key=note["href"],
    )
