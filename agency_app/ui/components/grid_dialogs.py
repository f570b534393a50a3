"""The dialogs of the week grid: a row to add, and what last week would bring."""

import reflex as rx

from agency_app.states.grid import Grid, RecentItem
from agency_app.states.tidy import FaultRow
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import choice_list, dialog, error_text, labelled


def row_dialog() -> rx.Component:
    """Return the dialog that adds a row: of late, or chosen freely."""
    return dialog(
        "row-dialog",
        "Add a row",
        rx.cond(
            Grid.recent.length() > 0,
            rx.el.section(
                rx.el.h3("Lately", class_name="label"),
                rx.el.ul(rx.foreach(Grid.recent, _recent), class_name="wg-recent"),
                aria_label="Lately",
            ),
        ),
        rx.el.form(
            rx.el.h3("Another", class_name="label"),
            rx.el.div(
                labelled(
                    "Client",
                    rx.el.select(
                        rx.el.option("Choose a client", value=""),
                        choice_list(Grid.clients),
                        name="client",
                        on_change=Grid.choose_client,
                        required=True,
                    ),
                ),
                labelled("Activity", rx.el.select(choice_list(Grid.activities), name="activity", required=True)),
                labelled(
                    "Campaign",
                    rx.el.select(
                        rx.el.option("No campaign", value=""),
                        choice_list(Grid.campaigns),
                        name="campaign",
                    ),
                ),
                rx.el.label(
                    rx.el.input(type="checkbox", name="billable", default_checked=True),
                    "Billable",
                    class_name="tick-l",
                ),
                class_name="flds",
            ),
            error_text(Grid.row_error),
            rx.el.div(
                rx.el.span("Without time until you type it.", class_name="faint grow"),
                rx.el.button("Add row", class_name="btn btn-primary", type="submit"),
                class_name="dlg-f",
            ),
            on_submit=Grid.add_row,
            key=Grid.row_serial.to_string(),
        ),
    )


def _recent(row: rx.Var[RecentItem]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(class_name="dot " + row["colour"].to(str)),
            rx.el.b(row["client"]),
            rx.el.span(row["about"], class_name="grow trunc"),
            rx.cond(row["billable"], rx.fragment(), rx.el.span("not billable", class_name="chip")),
            rx.el.span(row["latest"], class_name="faint"),
            type="button",
            on_click=Grid.add_recent(row["key"]),
        ),
        key=row["key"],
    )


def copy_dialog() -> rx.Component:
    """Return the dialog that brings last week: its rows, or its time too."""
    last = Grid.last
    return dialog(
        "copy-dialog",
        "Copy last week",
        rx.el.p(last["title"], class_name="muted"),
        rx.el.dl(
            rx.el.dt("Rows that are not here"),
            rx.el.dd(last["rows_text"]),
            rx.el.dt("Time for cells that are empty here"),
            rx.el.dd(last["entries_text"]),
            class_name="kv wg-kv",
        ),
        rx.cond(last["occupied"] != "", rx.el.p(last["occupied"], class_name="hint")),
        rx.el.p(
            "Times become new entries on the same days of the week, as one change with one undo.", class_name="hint"
        ),
        error_text(Grid.copy_error),
        rx.cond(
            Grid.copy_faults.length() > 0,
            rx.el.ul(rx.foreach(Grid.copy_faults, _fault), class_name="chk scroll", role="alert"),
        ),
        rx.el.div(
            rx.el.button(
                "Close",
                class_name="btn",
                type="button",
                on_click=rx.call_script("window.agency.close('copy-dialog')"),
            ),
            rx.el.span(class_name="grow"),
            rx.el.button(
                "Rows only", class_name="btn", type="button", disabled=last["rows"] == 0, on_click=Grid.copy_rows
            ),
            rx.el.button(
                "Rows with times",
                class_name="btn btn-primary",
                type="button",
                disabled=last["entries"] == 0,
                on_click=Grid.copy_times,
            ),
            class_name="dlg-f",
        ),
    )


def _fault(fault: rx.Var[FaultRow]) -> rx.Component:
    return rx.el.li(
        icon("warn"), rx.el.span(rx.el.b(fault["entry"]), " ", fault["message"]), class_name="bad", key=fault["id"]
    )
