"""`/settings/keyboard`: the keys, and the switch of those without a modifier."""

import reflex as rx

from agency_app.states.keyboard import Keyboard
from agency_app.ui.components.keys import key_list
from agency_app.ui.components.settings_nav import settings_nav
from agency_app.ui.components.shell import top_bar


def keyboard_page() -> rx.Component:
    """Return the page."""
    return rx.el.div(
        top_bar("Settings", Keyboard.me, rx.el.span(class_name="grow")),
        rx.el.main(
            settings_nav("/settings/keyboard"),
            rx.el.div(rx.el.h1("Keyboard"), class_name="pg-h"),
            rx.el.p("Yours alone, on every device.", class_name="pg-s"),
            rx.el.section(key_list(), class_name="card sec"),
            class_name="page narrow",
        ),
        class_name="doc",
    )
