"""The timer in the top bar: start, the time that runs, stop, and the question about a forgotten one."""

import reflex as rx

from agency_app.states.timer import Timer
from agency_app.ui.components.changes import change_toast
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import choice_list, dialog, error_text, labelled


def timer() -> rx.Component:
    """Return the control with its dialogs. The tab's own clock makes it tick (assets/timer.js)."""
    running = Timer.running
    return rx.fragment(
        rx.cond(
            running["runs"],
            rx.el.div(
                rx.el.button(
                    rx.el.span(class_name="dot"),
                    rx.el.b("0:00:00", class_name="num", custom_attrs={"data-timer-clock": ""}),
                    rx.el.span(running["label"], class_name="trunc timer-l"),
                    class_name="timer-r",
                    type="button",
                    title="Since " + running["since"].to(str),
                    on_click=Timer.look,
                ),
                rx.cond(
                    running["forgotten"],
                    rx.el.button(
                        "Still working?",
                        class_name="chip st-warn",
                        type="button",
                        on_click=Timer.look,
                    ),
                    rx.el.button(id="timer-again", type="button", hidden=True, tab_index=-1, on_click=Timer.look_again),
                ),
                rx.el.button(
                    icon("stop", "s"),
                    class_name="icon-btn",
                    id="timer-toggle",
                    aria_label="Stop the timer",
                    title="Stop and log (T)",
                    type="button",
                    on_click=Timer.stop,
                ),
                class_name="timer " + running["colour"].to(str),
                custom_attrs={
                    "data-timer-started": running["started"],
                    "data-timer-label": running["label"],
                    "data-timer-asks": running["asks_from"],
                },
            ),
            rx.el.button(
                icon("play", "s"),
                class_name="icon-btn",
                id="timer-toggle",
                aria_label="Start a timer",
                title="Start a timer (T)",
                type="button",
                on_click=Timer.toggle,
            ),
        ),
        _start_dialog(),
        _until_dialog(),
        rx.cond(Timer.toast["text"] != "", change_toast(Timer.toast, Timer.undo, Timer.dismiss_toast)),
    )


def _start_dialog() -> rx.Component:
    return dialog(
        "timer-start",
        "Start a timer",
        rx.el.form(
            rx.el.div(
                labelled(
                    "Client",
                    rx.el.select(choice_list(Timer.client_choices), name="client", default_value=Timer.client_id),
                ),
                labelled(
                    "Activity",
                    rx.el.select(choice_list(Timer.activity_choices), name="activity", default_value=Timer.activity_id),
                ),
                labelled(
                    "Note",
                    rx.el.input(name="note", placeholder="What you are working on", auto_complete="off"),
                    wide=True,
                ),
                class_name="flds",
            ),
            error_text(Timer.error),
            rx.el.div(
                rx.el.span(class_name="grow"),
                rx.el.button(icon("play", "s"), "Start", class_name="btn btn-primary", type="submit"),
                class_name="dlg-f",
            ),
            on_submit=Timer.start,
            key=Timer.serial.to_string(),
        ),
    )


def _until_dialog() -> rx.Component:
    running = Timer.running
    return dialog(
        "timer-until",
        running["label"],
        rx.el.form(
            rx.el.p("Runs since ", rx.el.b(running["since"]), ". ", running["about"], class_name="hint"),
            rx.cond(Timer.effect != "", rx.el.p(Timer.effect, class_name="hint")),
            rx.cond(
                running["forgotten"],
                rx.el.p(
                    "It has run past midnight or for more than ten hours. Keep what you worked; nothing is logged "
                    "before you say so.",
                    class_name="say warn",
                ),
            ),
            labelled(
                "Worked until",
                rx.el.input(
                    type="datetime-local",
                    name="until",
                    default_value=running["latest"],
                    min=running["earliest"],
                    max=running["latest"],
                ),
            ),
            error_text(Timer.error),
            rx.el.div(
                rx.el.button("Discard", class_name="btn btn-ghost", type="button", on_click=Timer.discard),
                rx.el.span(class_name="grow"),
                rx.cond(
                    running["all_of_it"],
                    rx.el.button("Log all of it", class_name="btn", type="button", on_click=Timer.stop_now),
                ),
                rx.el.button("Log until then", class_name="btn btn-primary", type="submit"),
                class_name="dlg-f",
            ),
            on_submit=Timer.stop_at,
            key=running["started"].to(str) + running["latest"].to(str),
        ),
    )
