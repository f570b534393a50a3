"""The pages of the settings, beside each other."""

import reflex as rx

from agency_app.states.alerts import Alerts
from agency_app.ui.components.shell import page_link

SETTINGS_PLACES = (
    ("The agency", "/settings"),
    ("Activities", "/settings/activities"),
    ("Rates", "/settings/rates"),
    ("Working hours", "/settings/hours"),
    ("Templates", "/settings/templates"),
    ("Keyboard", "/settings/keyboard"),
)


def settings_nav(current: str) -> rx.Component:
    """Return the way between the pages of the settings."""
    return rx.el.nav(
        *(_place(name, href, current) for name, href in SETTINGS_PLACES),
        rx.cond(Alerts.bell["sees_money"], _place("Cost rates", "/settings/costs", current)),
        class_name="seg set-nav",
        aria_label="Settings",
    )


def _place(name: str, href: str, current: str) -> rx.Component:
    return page_link(name, href=href, aria_current="page" if href == current else "false")
