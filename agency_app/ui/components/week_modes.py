"""The switch between the ways to see work: the week by the hour, as a grid, and the list of all entries."""

import reflex as rx

from agency_app.ui.components.shell import page_link

_WAYS = (("Week", "/", True), ("Grid", "/grid", True), ("List", "/entries", False))
"""Each with whether it shows one week."""


def week_modes(here: str, week: rx.Var[str] | None = None) -> rx.Component:
    """Return the switch; `here` is the address of the way on screen, `week` a day of the week that it shows."""
    return rx.el.nav(
        *(
            page_link(
                name,
                href=href if week is None or not of_a_week else f"{href}?week=" + week,
                aria_current="page" if href == here else "false",
            )
            for name, href, of_a_week in _WAYS
        ),
        class_name="seg modes",
        aria_label="Show as",
    )
