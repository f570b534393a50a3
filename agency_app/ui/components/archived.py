"""What was put away, folded under its list, with the way back."""

from collections.abc import Callable

import reflex as rx


def archived(
    rows: rx.Var[list],
    may: rx.Var[bool],
    bring_back: Callable[[rx.Var[str]], rx.event.EventSpec],
    key: str = "id",
    about: str = "",
) -> rx.Component:
    """Return the archived rows, nothing where there are none; those who `may` can bring each back by its `key`.

    Each row shows its `name` and, where it has one, the line called `about`.
    """

    def row(one: rx.Var) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.div(
                    rx.el.span(one["name"], class_name="muted"),
                    *([rx.el.div(one[about], class_name="li-2")] if about else []),
                    class_name="grow",
                ),
                rx.cond(
                    may,
                    rx.el.button(
                        "Bring back",
                        class_name="btn btn-s",
                        type="button",
                        aria_label="Bring back " + one["name"].to(str),
                        on_click=bring_back(one[key]),
                    ),
                ),
                class_name="li-1",
            ),
            class_name="li",
            key=one[key],
        )

    return rx.cond(
        rows.length() > 0,
        rx.el.details(
            rx.el.summary("Archived"), rx.el.ul(rx.foreach(rows, row), class_name="plain"), class_name="arch"
        ),
    )
