"""The switch between the ways to see work: the week, and the list of all entries."""

import reflex as rx

from agency_app.ui.components.shell import page_link

_WAYS = (("Week", "/"), ("List", "/entries"))


def week_modes(here: str) -> rx.Component:
    """Return the switch; `here` is the address of the way on screen."""
    return rx.el.nav(
        *(page_link(name, href=href, aria_current="page" if href == here else "false") for name, href in _WAYS),
        class_name="seg modes",
        aria_label="Show as",
    )
