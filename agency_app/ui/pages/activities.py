"""`/settings/activities`: the kinds of work that are logged, that rates and retainers are for."""

import reflex as rx

from agency_app.states.activities import Activities
from agency_app.states.views import Choice
from agency_app.ui.components.archived import archived
from agency_app.ui.components.icons import icon
from agency_app.ui.components.row_form import page_toast
from agency_app.ui.components.settings_nav import settings_nav
from agency_app.ui.components.shell import labelled, top_bar


def activities_page() -> rx.Component:
    """Return the page."""
    view = Activities.view
    return rx.el.div(
        top_bar("Settings", Activities.me, rx.el.span(class_name="grow")),
        rx.el.main(
            settings_nav("/settings/activities"),
            rx.el.div(rx.el.h1("Activities"), class_name="pg-h"),
            rx.el.p(
                "The kinds of work. Every entry is of one; rates and retainers can be for some of them. What is invoiced "
                "keeps its words when one is renamed.",
                class_name="pg-s",
            ),
            rx.cond(
                view["ready"],
                rx.fragment(
                    rx.cond(view["may"], _new()),
                    rx.el.section(
                        rx.el.ul(rx.foreach(view["used"], _used), class_name="plain"),
                        archived(view["archived"], view["may"], Activities.bring_back),
                        class_name="card sec",
                        aria_label="The activities",
                    ),
                ),
            ),
            class_name="page narrow",
        ),
        page_toast(Activities, Activities.undo),
        class_name="doc",
    )


def _new() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Add an activity"),
        rx.el.form(
            labelled("Name", rx.el.input(name="name", auto_complete="off", required=True)),
            rx.el.button("Add", class_name="btn btn-primary", type="submit"),
            on_submit=Activities.add,
            no_validate=True,
            class_name="set-row",
            key=Activities.form_serial,
        ),
        _error("new"),
        class_name="card sec",
        aria_label="Add an activity",
    )


def _used(one: rx.Var[Choice]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            Activities.view["may"],
            rx.el.form(
                rx.el.input(type="hidden", name="id", default_value=one["id"]),
                rx.el.input(
                    name="name",
                    auto_complete="off",
                    default_value=one["name"],
                    aria_label="Name",
                    class_name="line-in",
                    key=one["name"],
                ),
                rx.el.button("Save", class_name="btn", type="submit", aria_label="Save " + one["name"].to(str)),
                rx.el.button(
                    icon("close", "s"),
                    class_name="icon-btn",
                    type="button",
                    aria_label="Archive " + one["name"].to(str),
                    title="Archive",
                    on_click=Activities.archive(one["id"]),
                ),
                on_submit=Activities.rename,
                no_validate=True,
                class_name="row",
            ),
            rx.el.span(one["name"]),
        ),
        _error(one["id"]),
        class_name="li",
        key=one["id"],
    )


def _error(row: rx.Var[str] | str) -> rx.Component:
    return rx.cond(
        Activities.error_of == row, rx.el.p(icon("warn", "s"), Activities.error, class_name="err", role="alert")
    )
