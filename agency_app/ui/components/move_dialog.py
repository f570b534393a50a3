"""The form path of dragging several entries: by how many days and how much time."""

import reflex as rx

from agency_app.states.week_gestures import WeekGestures
from agency_app.states.workbench import Workbench
from agency_app.ui.components.shell import dialog, dialog_actions, error_text, labelled


def move_dialog() -> rx.Component:
    """Return the dialog."""
    count = WeekGestures.count
    return dialog(
        "move-dialog",
        rx.cond(count == 1, "Move one entry", "Move " + count.to_string() + " entries"),
        rx.el.form(
            rx.el.div(
                labelled(
                    "What",
                    rx.el.select(
                        rx.el.option("Move them", value="move"), rx.el.option("Copy them", value="copy"), name="what"
                    ),
                ),
                labelled(
                    "Towards",
                    rx.el.select(
                        rx.el.option("Later", value="later"), rx.el.option("Earlier", value="earlier"), name="towards"
                    ),
                ),
                labelled(
                    "Days", rx.el.input(name="days", default_value="1", input_mode="numeric", auto_complete="off")
                ),
                labelled("and time", rx.el.input(name="time", placeholder="0:30", auto_complete="off")),
                class_name="flds",
            ),
            rx.el.p("All of them or none; one undo takes it back. Each keeps its length.", class_name="hint"),
            error_text(WeekGestures.error),
            dialog_actions("move-dialog", "Do it"),
            on_submit=WeekGestures.move_by,
            no_validate=True,
            key=WeekGestures.serial.to_string(),
        ),
    )


def snap_choice() -> rx.Component:
    """Return the choice of what gestures are rounded to."""
    return rx.el.select(
        *(rx.el.option(f"Snap {minutes} min", value=str(minutes)) for minutes in (5, 15, 30)),
        value=Workbench.side["snap"],
        on_change=WeekGestures.choose_snap,
        class_name="focus-select snap",
        aria_label="Round gestures to",
        title="What drags and sweeps on the week are rounded to",
    )
