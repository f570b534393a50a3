"""Undo and redo on screen: the toast after every change, and the list of the last ten."""

import reflex as rx
from reflex.event import EventType

from agency_app.states.changes import ChangeRow, Changes
from agency_app.states.views import Toast
from agency_app.ui.components.shell import dialog, error_text
from agency_app.ui.components.toast import toast


def change_toast(
    value: rx.Var[Toast], undo: EventType[()], dismiss: EventType[()], show: EventType[()] | None = None
) -> rx.Component:
    """Return what came of the last action, with its undo, or its redo once it is undone, and with the way to what was
    logged where that is not on screen. Announced politely."""
    return toast(
        value,
        value["kind"] == "bad",
        dismiss,
        *([_to_logged(value, show)] if show is not None else []),
        rx.cond(value["undo_id"] != "", _way("Undo", "Z", undo, "undo")),
        rx.cond(value["kind"] == "undone", _way("Redo", "⇧Z", Changes.redo_last, "redo")),
        rx.cond(
            (value["undo_id"] != "") | (value["kind"] == "undone"),
            rx.el.button("Recent", type="button", title="Recent changes", on_click=Changes.look),
        ),
    )


def _to_logged(value: rx.Var[Toast], show: EventType[()]) -> rx.Component:
    return rx.cond(
        value["show"] != "",
        rx.el.button("Show", type="button", class_name=value["show_class"], on_click=show),
    )


def _way(word: str, key: str, event: EventType[()], name: str) -> rx.Component:
    return rx.el.button(
        word,
        rx.el.span(key, class_name="kbd"),
        type="button",
        on_click=event,
        custom_attrs={"data-change": name},
    )


def recent_changes() -> rx.Component:
    """Return the list of the member's last ten changes; each goes back, or forth again, on its own."""
    return dialog(
        "recent-changes",
        "Recent changes",
        rx.cond(
            Changes.rows.length() > 0,
            rx.el.ul(rx.foreach(Changes.rows, _row), class_name="recent", tab_index=-1),
            rx.el.p("You have changed nothing yet.", class_name="hint"),
        ),
        error_text(Changes.error),
        rx.el.p("Your last ten changes. What somebody else changed since is left as it is.", class_name="hint"),
    )


def _row(row: rx.Var[ChangeRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(row["at"], class_name="faint num rc-at"),
        rx.el.span(
            rx.el.span(row["title"], class_name=rx.cond(row["undone"], "rc-off", "strong")),
            rx.cond(row["detail"] != "", rx.el.span(row["detail"], class_name="rc-d")),
            class_name="rc-t",
        ),
        rx.cond(
            row["undone"],
            rx.el.button(
                "Redo",
                class_name="btn btn-s",
                type="button",
                aria_label="Redo: " + row["title"].to(str),
                on_click=Changes.redo(row["id"]),
            ),
            rx.el.button(
                "Undo",
                class_name="btn btn-s",
                type="button",
                aria_label="Undo: " + row["title"].to(str),
                on_click=Changes.undo(row["id"]),
            ),
        ),
        key=row["id"],
    )
