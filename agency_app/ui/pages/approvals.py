"""`/approvals`: the weeks that members handed in, for the leads of their clients to approve or return."""

import reflex as rx

from agency_app.states.approvals import Approvals, EntryLine, HandedRow
from agency_app.ui.components.icons import icon
from agency_app.ui.components.row_form import page_toast
from agency_app.ui.components.shell import error_text, labelled, top_bar


def approvals_page() -> rx.Component:
    """Return the page."""
    handed = Approvals.handed
    return rx.el.div(
        top_bar("Approvals", Approvals.me, rx.el.span(class_name="grow")),
        rx.el.main(
            rx.el.div(rx.el.h1("Approvals"), class_name="pg-h"),
            rx.el.p(
                "Weeks that members handed in, the oldest first. What you approve is locked; the settings turn this on.",
                class_name="pg-s",
            ),
            rx.cond(
                handed["ready"],
                rx.fragment(
                    rx.cond(
                        handed["waiting"].length() > 0,
                        rx.el.ul(rx.foreach(handed["waiting"], _week), class_name="handed"),
                        rx.el.p("Nothing waits for you. Weeks appear here as members submit them.", class_name="say"),
                    ),
                    rx.cond(
                        handed["decided"].length() > 0,
                        rx.fragment(
                            rx.el.h2("Decided lately"),
                            rx.el.ul(rx.foreach(handed["decided"], _week), class_name="handed"),
                        ),
                    ),
                ),
            ),
            class_name="page narrow",
        ),
        page_toast(Approvals),
        class_name="doc",
    )


def _week(row: rx.Var[HandedRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(class_name="dot"),
            rx.el.b(row["member"]),
            rx.el.span(row["client"]),
            rx.el.span(row["week"], class_name="faint"),
            rx.el.span(class_name="grow"),
            rx.el.b(row["hours"], class_name="num"),
            rx.el.span(row["chip"], class_name="chip " + row["chip_class"].to(str)),
            class_name="handed-h " + row["colour"].to(str),
        ),
        rx.cond(row["said"] != "", rx.el.p(row["said"], class_name="faint handed-w")),
        rx.el.details(
            rx.el.summary(row["count"]),
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(rx.el.th("When"), rx.el.th("Work"), rx.el.th("Note"), rx.el.th("Time", class_name="num"))
                ),
                rx.el.tbody(rx.foreach(row["entries"], _entry)),
                class_name="tbl",
            ),
            open=row["waits"],
        ),
        rx.cond(
            row["may_decide"] & (row["waits"] | row["approved"]),
            rx.el.div(
                rx.cond(
                    row["waits"],
                    rx.el.button(
                        icon("check", "s"),
                        "Approve",
                        class_name="btn btn-primary btn-s",
                        type="button",
                        on_click=Approvals.approve(row["id"], row["seen"]),
                    ),
                ),
                rx.el.button(
                    rx.cond(row["waits"], "Return", "Reopen"),
                    class_name="btn btn-s",
                    type="button",
                    aria_expanded=rx.cond(Approvals.returning == row["id"], "true", "false"),
                    on_click=Approvals.ask_word(row["id"]),
                ),
                class_name="handed-a",
            ),
        ),
        rx.cond(
            Approvals.returning == row["id"],
            rx.el.form(
                rx.el.input(type="hidden", name="id", default_value=row["id"]),
                rx.el.input(type="hidden", name="approved", default_value=rx.cond(row["approved"], "true", "false")),
                labelled(
                    "What is to be mended",
                    rx.el.input(type="text", name="word", auto_complete="off", auto_focus=True, max_length=500),
                    True,
                ),
                rx.el.button("Return the week", class_name="btn", type="submit"),
                error_text(Approvals.error),
                on_submit=Approvals.give_back,
                class_name="handed-f",
            ),
        ),
        class_name="card",
        key=row["id"],
    )


def _entry(entry: rx.Var[EntryLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(entry["when"]),
        rx.el.td(
            entry["what"], rx.cond(entry["billable"], rx.fragment(), rx.el.span(", not billable", class_name="faint"))
        ),
        rx.el.td(entry["note"]),
        rx.el.td(entry["duration"], class_name="num"),
        key=entry["key"],
    )
