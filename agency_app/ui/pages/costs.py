"""`/settings/costs`: what an hour of each member costs."""

import reflex as rx

from agency_app.states.costs import CostRow, Costs
from agency_app.ui.components.icons import icon
from agency_app.ui.components.row_form import page_toast
from agency_app.ui.components.settings_nav import settings_nav
from agency_app.ui.components.shell import labelled, top_bar


def costs_page() -> rx.Component:
    """Return the page."""
    view = Costs.view
    return rx.el.div(
        top_bar("Settings", Costs.me, rx.el.span(class_name="grow")),
        rx.el.main(
            settings_nav("/settings/costs"),
            rx.el.div(rx.el.h1("Cost rates"), class_name="pg-h"),
            rx.el.p(
                "What an hour of each member costs the agency. Only owner and finance see it, and the margins made of it.",
                class_name="pg-s",
            ),
            rx.cond(
                view["ready"],
                rx.cond(
                    view["refused"] != "",
                    rx.el.p(view["refused"], class_name="say", role="status"),
                    rx.el.section(rx.el.ul(rx.foreach(view["rows"], _row), class_name="plain"), class_name="card sec"),
                ),
            ),
            class_name="page narrow",
        ),
        page_toast(Costs),
        class_name="doc",
    )


def _row(row: rx.Var[CostRow]) -> rx.Component:
    return rx.el.li(
        rx.el.form(
            rx.el.input(type="hidden", name="member", default_value=row["id"]),
            rx.el.input(type="hidden", name="seen", default_value=row["seen"]),
            rx.el.div(
                rx.el.b(row["name"]),
                rx.el.span(row["role"], class_name="faint"),
                rx.el.span(row["now"]),
                class_name="cost-w",
            ),
            labelled(
                "An hour costs, in " + Costs.view["currency"].to(str),
                rx.el.input(name="rate", input_mode="decimal", auto_complete="off", placeholder="42.50"),
            ),
            labelled("From", rx.el.input(type="date", name="since", default_value=row["today"], required=True)),
            rx.el.button("Save", class_name="btn", type="submit"),
            on_submit=Costs.save,
            no_validate=True,
            class_name="set-row",
            key=row["id"].to(str) + row["seen"].to(str),
        ),
        rx.cond(
            Costs.error_of == row["id"],
            rx.el.p(icon("warn", "s"), Costs.error, class_name="err", role="alert"),
        ),
        rx.cond(
            row["history"].length() > 0,
            rx.el.p(rx.foreach(row["history"], lambda one: rx.el.span(one, key=one)), class_name="cost-h faint"),
        ),
        class_name="li",
        key=row["id"],
    )
