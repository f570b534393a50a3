"""The toast: what came of the last gesture, announced politely, with the ways on from it."""

import reflex as rx
from reflex.event import EventType

from agency_app.ui.components.icons import icon


def toast(value: rx.Var, bad: rx.Var[bool], dismiss: EventType[()], *ways: rx.Component) -> rx.Component:
    """Return the toast of a value with `text` and `serial`, nothing while there is no text; `ways` are its buttons."""
    return rx.el.div(
        rx.cond(
            value["text"] != "",
            rx.el.div(
                rx.cond(bad, icon("warn", "s"), icon("check", "s")),
                rx.el.span(value["text"]),
                *ways,
                rx.el.button(icon("close", "xs"), aria_label="Close", type="button", on_click=dismiss),
                class_name=rx.cond(bad, "toast bad", "toast"),
                key=value["serial"].to_string(),
            ),
        ),
        class_name="toasts",
        role="status",
        aria_live="polite",
    )


def undo_way(value: rx.Var, undo: EventType[()]) -> rx.Component:
    """Return the button that takes the gesture back, where the value has an `undo_id`."""
    return rx.cond(
        value["undo_id"] != "",
        rx.el.button("Undo", rx.el.span("Z", class_name="kbd"), type="button", on_click=undo),
    )
