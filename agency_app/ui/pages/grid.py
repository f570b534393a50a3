"""`/grid`: the week as rows of work by days, and what it draws on."""

import reflex as rx

from agency_app.states.grid import Grid
from agency_app.states.grid_view import DrawRow
from agency_app.states.workbench import Workbench
from agency_app.ui.components.entry_dialog import entry_dialog, toast
from agency_app.ui.components.grid_dialogs import copy_dialog, row_dialog
from agency_app.ui.components.icons import icon
from agency_app.ui.components.own_week import own_week
from agency_app.ui.components.shell import page_link, top_bar
from agency_app.ui.components.tidy_dialogs import split_dialog
from agency_app.ui.components.week_modes import week_modes
from agency_app.ui.components.week_nav import week_nav
from agency_app.ui.week_grid import week_grid


def grid_page() -> rx.Component:
    """Return the page."""
    view = Grid.view
    return rx.el.div(
        top_bar(
            "Week",
            Grid.me,
            rx.el.span(class_name="vr"),
            week_nav(view),
            rx.el.span(class_name="grow"),
            week_modes("/grid", view["first_day"]),
        ),
        rx.cond(
            view["ready"],
            rx.el.main(
                rx.el.div(
                    rx.el.h1("Week grid", class_name="vh"),
                    rx.el.b(view["total"], class_name="wg-total"),
                    rx.el.span(view["target"], " this week", class_name="faint"),
                    rx.el.span(class_name="grow"),
                    rx.cond(
                        view["gap"] != "",
                        page_link(view["gap"], href=view["gap_href"], class_name="gap-link"),
                    ),
                    class_name="ph",
                ),
                own_week(),
                rx.el.section(
                    week_grid(
                        grid=view,
                        answers=Grid.answers,
                        on_put=Grid.put,
                        on_open=Workbench.open_entry,
                        on_new=Grid.open_new,
                        on_drop_row=Grid.drop_row,
                    ),
                    _deeds(),
                    class_name="card wg-card",
                    aria_label="Week",
                ),
                rx.cond(
                    view["draws"].length() > 0,
                    rx.el.section(
                        rx.el.h2("What this week draws on", class_name="card-t"),
                        rx.el.ul(rx.foreach(view["draws"], _draw)),
                        class_name="wg-draws",
                        aria_label="What this week draws on",
                    ),
                ),
                class_name="page rt-page",
            ),
        ),
        entry_dialog(),
        split_dialog(),
        row_dialog(),
        copy_dialog(),
        toast(),
        class_name="doc",
    )


def _deeds() -> rx.Component:
    return rx.el.div(
        rx.el.button(
            icon("plus", "s"),
            "Add row",
            rx.el.span("N", class_name="kbd"),
            class_name="btn btn-s",
            id="grid-add",
            type="button",
            on_click=Grid.ask_row,
        ),
        rx.el.button("Copy last week", class_name="btn btn-s", id="grid-copy", type="button", on_click=Grid.ask_copy),
        rx.el.span(class_name="grow"),
        rx.cond(
            Grid.view["empty_rows"] > 1,
            rx.el.button(
                "Remove empty rows", class_name="btn btn-s btn-ghost", type="button", on_click=Grid.drop_empty
            ),
        ),
        class_name="wg-deeds",
    )


def _draw(row: rx.Var[DrawRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(class_name="dot " + row["colour"].to(str)),
            rx.el.b(row["name"], class_name="trunc"),
            rx.el.span(class_name="grow"),
            rx.el.span(row["left"], class_name="strong"),
            class_name="row",
        ),
        rx.cond(
            row["left"] != "",
            rx.el.div(
                rx.el.i(class_name="used", style={"width": row["share"].to_string() + "%"}),
                class_name="bar " + row["fill"].to(str),
                aria_hidden="true",
            ),
        ),
        rx.el.span(row["used"], class_name="faint"),
        class_name="card",
        key=row["key"],
    )
