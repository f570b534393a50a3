"""The way from week to week, in the top bar."""

from typing import Any

import reflex as rx

from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import page_link


def week_nav(shown: rx.Var[Any]) -> rx.Component:
    """Return the links to the weeks beside and to today's; `shown` has `previous`, `today`, `next`, `title`, `number`,
    and `brief`, which a phone shows instead of the title."""
    return rx.el.div(
        page_link(icon("left"), href=shown["previous"], class_name="icon-btn", aria_label="Previous week"),
        page_link("Today", href=shown["today"], class_name="btn btn-s"),
        page_link(icon("right"), href=shown["next"], class_name="icon-btn", aria_label="Next week"),
        rx.el.b(shown["title"]),
        rx.el.span(shown["brief"], class_name="strong on-phone"),
        rx.el.span(shown["number"], class_name="faint"),
        class_name="wk-nav",
    )
