"""The keyboard: the list of keys, its switch, and the form that places a task without a drag."""

import reflex as rx

from agency_app.states.keyboard import Keyboard
from agency_app.states.week_keys import WeekKeys
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import dialog, error_text, labelled

KEYS = (
    (
        "The week",
        (
            ("J K", "next, previous entry or task"),
            ("N", "new entry at the cursor"),
            ("↑ ↓", "15 min earlier, later"),
            ("← →", "a day back, on"),
            ("⇧↑ ⇧↓", "15 min shorter, longer"),
            ("D", "duplicate to the next day"),
            ("S", "split in two"),
            ("⌫", "delete"),
            ("Enter", "open; place a task"),
            ("1–4", "place a task at the cursor"),
            ("A E X", "a task: place, say when, dismiss"),
            ("L", "log in one line"),
        ),
    ),
    (
        "The grid",
        (
            ("↑ ↓ ← →", "from cell to cell"),
            ("Enter", "save and go down; else reach what is in the cell"),
            ("Esc", "as it was; leave the cell"),
            ("N", "add a row"),
        ),
    ),
    (
        "Everywhere",
        (
            ("⌘K Ctrl+K", "search or run"),
            ("Z", "undo"),
            ("⇧Z", "redo"),
            ("T", "start, stop the timer"),
            ("G then W", "week"),
            ("G then G", "week grid"),
            ("G then R", "retainers"),
            ("G then I", "invoices"),
            ("V", "the table of a chart"),
            ("?", "this list"),
        ),
    ),
)
"""The keys, by where they are. Kept in step with assets/keyboard.js."""


def key_list() -> rx.Component:
    """Return the keys and what they do, with the switch of those without a modifier."""
    return rx.el.div(
        rx.el.div(*(_section(title, keys) for title, keys in KEYS), class_name="keys"),
        rx.el.p(
            "The cursor is the end of the selected entry, or now. Single keys are off while you type.",
            class_name="hint",
        ),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=Keyboard.keys == "on",
                on_change=Keyboard.switch,
                name="single-keys",
            ),
            "Single keys are shortcuts",
            class_name="tick-l",
        ),
        rx.el.p(
            "Switched off, letters, digits and ? do nothing; ⌘K, Ctrl+K and the arrows on a selected entry stay.",
            class_name="hint keys-off",
        ),
        error_text(Keyboard.error),
    )


def keys_dialog() -> rx.Component:
    """Return the list of keys as `?` opens it."""
    return dialog("keys", "Keys", key_list())


def place_dialog() -> rx.Component:
    """Return the form path of dragging a template or a planned task onto the week."""
    return dialog(
        "place-dialog",
        "Log it at",
        rx.el.form(
            rx.el.input(type="hidden", name="key", value=WeekKeys.key),
            labelled(
                "Begins",
                rx.el.input(type="datetime-local", name="start", default_value=WeekKeys.start, required=True),
                wide=True,
            ),
            rx.el.p("For as long as the task says; the entry can be changed after.", class_name="hint"),
            error_text(WeekKeys.error),
            rx.el.div(
                rx.el.span(class_name="grow"),
                rx.el.button(icon("check", "s"), "Log", class_name="btn btn-primary", type="submit"),
                class_name="dlg-f",
            ),
            on_submit=WeekKeys.place,
            key=WeekKeys.serial.to_string(),
        ),
    )


def _section(title: str, keys: tuple[tuple[str, str], ...]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title),
        rx.el.dl(*(_key(names, does) for names, does in keys)),
    )


def _key(names: str, does: str) -> rx.Component:
    parts = [
        rx.el.span("then", class_name="faint") if name == "then" else rx.el.kbd(name, class_name="kbd")
        for name in names.split()
    ]
    return rx.el.div(rx.el.dt(*parts), rx.el.dd(does))
