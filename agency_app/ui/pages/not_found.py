"""What an address shows that no page has."""

import reflex as rx

from agency_app.ui.components.icons import brand
from agency_app.ui.components.shell import page_link


def not_found() -> rx.Component:
    """Return the page: no data and no state, so that it is there for whoever comes."""
    return rx.el.main(
        page_link(brand(), rx.el.span("Agency"), href="/", class_name="brand", aria_label="Agency"),
        rx.el.h1("There is no page at this address"),
        rx.el.p("It may be mistyped, or what it led to is gone.", class_name="faint"),
        page_link("To the week", href="/", class_name="btn btn-primary"),
        class_name="lost",
    )
