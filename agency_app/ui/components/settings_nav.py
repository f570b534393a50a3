"""The pages of the settings, beside each other."""

import reflex as rx

from agency_app.ui.components.shell import page_link

SETTINGS_PLACES = (
    ("The agency", "/settings"),
    ("Working hours", "/settings/hours"),
)


def settings_nav(current: str) -> rx.Component:
    """Return the way between the pages of the settings."""
    return rx.el.nav(
        *(
            page_link(name, href=href, aria_current="page" if href == current else "false")
            for name, href in SETTINGS_PLACES
        ),
        class_name="seg set-nav",
        aria_label="Settings",
    )
