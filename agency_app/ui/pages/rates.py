"""`/settings/rates`: what an hour is charged at, by client, activity and member."""

import reflex as rx

from agency_app.states.rates import RateRow, Rates
from agency_app.states.views import Choice
from agency_app.ui.components.icons import icon
from agency_app.ui.components.row_form import page_toast
from agency_app.ui.components.settings_nav import settings_nav
from agency_app.ui.components.shell import choice_list, labelled, top_bar


def rates_page() -> rx.Component:
    """Return the page."""
    view = Rates.view
    return rx.el.div(
        top_bar("Settings", Rates.me, rx.el.span(class_name="grow")),
        rx.el.main(
            settings_nav("/settings/rates"),
            rx.el.div(rx.el.h1("Rates"), class_name="pg-h"),
            rx.el.p(
                "What an hour is charged at. The most specific rate wins: by client, then activity, then member, then the "
                "latest. An entry keeps the rate of when it was logged.",
                class_name="pg-s",
            ),
            rx.cond(
                view["ready"],
                rx.fragment(
                    rx.cond(view["may"], _new()),
                    rx.el.section(
                        rx.el.p(
                            "Where none of these holds: ",
                            rx.el.b(view["standard"], " / h"),
                            ", the standard rate of the settings.",
                            class_name="muted",
                        ),
                        rx.cond(
                            view["rows"].length() > 0,
                            rx.el.ul(rx.foreach(view["rows"], _row), class_name="plain"),
                            rx.el.p("No rate yet: everything is charged at the standard rate.", class_name="faint"),
                        ),
                        class_name="card sec",
                        aria_label="The rate card",
                    ),
                ),
            ),
            class_name="page narrow",
        ),
        page_toast(Rates, Rates.undo),
        class_name="doc",
    )


def _new() -> rx.Component:
    view = Rates.view
    return rx.el.section(
        rx.el.h2("Add a rate"),
        rx.el.form(
            _choose("Client", "client", "Every client", view["clients"]),
            _choose("Activity", "activity", "Any activity", view["activities"]),
            _choose("Member", "member", "Anybody", view["members"]),
            labelled("From", rx.el.input(type="date", name="since", default_value=view["today"], required=True)),
            labelled(
                "An hour",
                rx.el.input(name="rate", input_mode="decimal", auto_complete="off", placeholder="95.00", required=True),
            ),
            rx.el.button("Add", class_name="btn btn-primary", type="submit"),
            on_submit=Rates.add,
            no_validate=True,
            class_name="set-row rate-new",
            key=Rates.form_serial,
        ),
        _error("new"),
        class_name="card sec",
        aria_label="Add a rate",
    )


def _choose(label: str, name: str, all_of_them: str, choices: rx.Var[list[Choice]]) -> rx.Component:
    return labelled(label, rx.el.select(rx.el.option(all_of_them, value=""), choice_list(choices), name=name))


def _row(row: rx.Var[RateRow]) -> rx.Component:
    return rx.el.li(
        rx.el.form(
            rx.el.input(type="hidden", name="id", default_value=row["id"]),
            rx.el.input(type="hidden", name="seen", default_value=row["seen"]),
            rx.el.div(
                rx.el.b(row["client"]),
                rx.el.span(row["activity"], ", ", row["member"], class_name="muted"),
                rx.el.span(rx.cond(row["later"], "From ", "Since "), row["since"], class_name="faint"),
                class_name="cost-w",
            ),
            rx.cond(
                Rates.view["may"],
                rx.fragment(
                    labelled(
                        row["rate"].to(str) + " an hour",
                        rx.el.input(
                            name="rate",
                            input_mode="decimal",
                            auto_complete="off",
                            default_value=row["typed"],
                            key=row["seen"].to(str),
                        ),
                    ),
                    rx.el.button("Save", class_name="btn", type="submit"),
                    rx.el.button(
                        icon("close", "s"),
                        class_name="icon-btn",
                        type="button",
                        aria_label="Remove this rate",
                        on_click=Rates.remove(row["id"], row["seen"]),
                    ),
                ),
                rx.el.b(row["rate"], " / h"),
            ),
            on_submit=Rates.change,
            no_validate=True,
            class_name="set-row",
        ),
        _error(row["id"]),
        class_name="li",
        key=row["id"],
    )


def _error(row: rx.Var[str] | str) -> rx.Component:
    return rx.cond(Rates.error_of == row, rx.el.p(icon("warn", "s"), Rates.error, class_name="err", role="alert"))
