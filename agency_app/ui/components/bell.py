"""The bell in the top bar, with the list of alerts under it."""

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from agency_app.states.alerts import AlertRow, Alerts
from agency_app.ui.components.icons import icon


def bell() -> rx.Component:
    """Return the bell; its number is of what this member has not seen."""
    view = Alerts.bell
    return rx.el.details(
        rx.el.summary(
            icon("bell"),
            rx.cond(view["unseen"] > 0, rx.el.span(view["unseen"], class_name="bell-n", aria_hidden="true")),
            aria_label=view["label"],
            title=view["label"],
            class_name="icon-btn",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.b("Alerts"),
                rx.el.span(class_name="grow"),
                rx.cond(
                    view["unseen"] > 0,
                    rx.el.button(
                        "Mark all as seen", class_name="btn btn-ghost btn-s", type="button", on_click=Alerts.see_all
                    ),
                ),
                class_name="bell-h",
            ),
            rx.cond(
                view["rows"].length() > 0,
                rx.el.ul(rx.foreach(view["rows"], _row), class_name="plain"),
                rx.el.p("Nothing to tell. A retainer says here when much of it is used.", class_name="hint"),
            ),
            class_name="menu bell-l",
        ),
        class_name="account bell",
    )


def _row(row: rx.Var[AlertRow]) -> rx.Component:
    return rx.el.li(
        ReactRouterLink.create(
            rx.el.span(class_name="dot"),
            rx.el.span(
                rx.el.span(row["about"], class_name="bell-a"),
                rx.el.span(row["said"], class_name="bell-s"),
                rx.el.span(row["figures"], ", ", row["when"], class_name="faint"),
                class_name="bell-t",
            ),
            rx.cond(row["seen"], rx.fragment(), rx.el.span("New", class_name="chip st-warn")),
            to=row["href"],
            on_click=Alerts.see(row["id"]),
        ),
        class_name=rx.cond(row["seen"], row["colour"].to(str) + " was", row["colour"].to(str)),
        key=row["id"],
    )
