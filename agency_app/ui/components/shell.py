"""The frame of every page: top bar, and the dialog that a gesture or a button opens."""

from collections.abc import Callable

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from agency_app.states.alerts import Alerts
from agency_app.states.checks import Check
from agency_app.states.views import Choice
from agency_app.ui.components.bell import bell
from agency_app.ui.components.icons import brand, icon

PLACES = (
    ("Week", "/"),
    ("Retainers", "/retainers"),
    ("Invoices", "/invoices"),
    ("Clients", "/clients"),
    ("Settings", "/settings"),
)


def top_bar(current: str, me: rx.Var[Choice], *middle: rx.Component) -> rx.Component:
    """Return the bar with the brand, the places, what the page adds, the theme switch and the member's menu."""
    from agency_app.ui.components.commands import commands, search_button  # made of the parts below, as is the timer
    from agency_app.ui.components.timer import timer

    return rx.el.header(
        page_link(
            brand(),
            rx.el.span("Agency"),
            href="/",
            class_name="brand",
            aria_label="Agency",
            underline="none",
        ),
        rx.el.nav(*_places(current), class_name="nav", aria_label="Main"),
        rx.el.details(
            rx.el.summary(brand(), rx.el.b(current, class_name="trunc"), icon("down", "xs"), title="All pages"),
            rx.el.nav(*_places(current), class_name="menu", aria_label="Main"),
            class_name="account places",
        ),
        *middle,
        search_button(),
        bell(),
        timer(),
        rx.el.button(
            icon("theme"),
            class_name="icon-btn",
            id="theme-toggle",
            aria_label="Light or dark",
            title="Light or dark",
            type="button",
            on_click=rx.call_script("window.agency.theme()"),
        ),
        rx.el.details(
            rx.el.summary(
                rx.el.span(me["id"], class_name="avatar"),
                title=me["name"],
                aria_label="Your account",
                class_name="who",
            ),
            rx.el.div(
                rx.el.div(me["name"], class_name="strong"),
                page_link("Approvals", href="/approvals"),
                page_link("Gaps", href="/gaps"),
                page_link("Keyboard", href="/settings/keyboard"),
                rx.el.button(
                    icon("theme", "s"),
                    "Light or dark",
                    class_name="btn btn-s on-phone",
                    type="button",
                    on_click=rx.call_script("window.agency.theme()"),
                ),
                rx.el.form(
                    rx.el.button(
                        icon("out", "s"),
                        "Sign out",
                        class_name="btn btn-s",
                        type="submit",
                    ),
                    action="/sign-out",
                    method="post",
                ),
                class_name="menu",
            ),
            class_name="account",
        ),
        commands(),
        class_name="topbar",
    )


def page_link(*content: rx.Component | rx.Var | str, href: rx.Var[str] | str, **attributes: object) -> rx.Component:
    """Return a link to another page of the app, followed without loading the app again."""
    return ReactRouterLink.create(*content, to=href, **attributes)


def download_link(*content: rx.Component | rx.Var | str, href: rx.Var[str] | str, **attributes: object) -> rx.Component:
    """Return a link to a file that the server sends: the browser fetches it, where a link of the app would look for a
    page of that name."""
    return ReactRouterLink.create(*content, to=href, reload_document=True, download=True, **attributes)


def _places(current: str) -> tuple[rx.Component, ...]:
    """Return the links to the places; a phone has them in a menu, where there is room they stand in the bar."""
    return (
        *(_place(name, href, current) for name, href in PLACES[:-1]),
        rx.cond(Alerts.bell["sees_money"], _place("Reports", "/reports", current)),
        *(_place(name, href, current) for name, href in PLACES[-1:]),
    )


def _place(name: str, href: str, current: str) -> rx.Component:
    marked = {"aria_current": "page"} if name == current else {}
    return page_link(name, href=href, **marked)


def dialog(dialog_id: str, title: rx.Var[str] | str, *content: rx.Component) -> rx.Component:
    """Return a native modal dialog: it keeps the focus inside, and Escape closes it."""
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(title),
            rx.el.button(
                icon("close"),
                class_name="icon-btn",
                aria_label="Close",
                type="button",
                on_click=rx.call_script(f"window.agency.close('{dialog_id}')"),
            ),
            class_name="dlg-h",
        ),
        *content,
        id=dialog_id,
        class_name="dlg",
        aria_labelledby="",
        aria_label=title,
    )


def dialog_actions(dialog_id: str, verb: str) -> rx.Component:
    """Return the two ways out of a dialog."""
    return rx.el.div(
        rx.el.button(
            "Cancel",
            class_name="btn",
            type="button",
            on_click=rx.call_script(f"window.agency.close('{dialog_id}')"),
        ),
        rx.el.button(verb, class_name="btn btn-primary", type="submit"),
        class_name="dlg-f end",
    )


def labelled(label: str, control: rx.Component, wide: bool = False) -> rx.Component:
    """Return a control under its label."""
    return rx.el.label(
        rx.el.span(label, class_name="label"),
        control,
        class_name="fld wide" if wide else "fld",
    )


def checked(
    label: str,
    name: str,
    control: Callable[..., rx.Component],
    *content: rx.Component,
    fault: rx.Var[str],
    message: rx.Var[str],
    wide: bool = False,
    also: str = "",
    **attributes: object,
) -> rx.Component:
    """Return a control under its label that is marked, with the message beneath it, while the fault is in it; `also` is
    one more class of it."""
    wrong, said = fault == name, f"{name}-fault"
    marks = {"aria_invalid": wrong, "aria_describedby": rx.cond(wrong, said, None)}
    return rx.el.div(
        labelled(label, control(*content, name=name, **marks, **attributes)),
        rx.cond(wrong, rx.el.p(f"{label}: ", message, id=said, class_name="fld-err", role="alert")),
        class_name=" ".join(filter(None, ("fld", "wide" if wide else "", also))),
    )


def choice_list(choices: rx.Var[list[Choice]]) -> rx.Component:
    """Return the options of a select."""
    return rx.foreach(
        choices,
        lambda choice: rx.el.option(choice["name"], value=choice["id"], key=choice["id"]),
    )


def error_text(message: rx.Var[str]) -> rx.Component:
    """Return a refusal beside the input it is about; what was typed stays."""
    return rx.cond(
        message != "",
        rx.el.p(icon("warn", "s"), message, class_name="err", role="alert"),
    )


def check(reason: rx.Var[Check], mark: str = "warn", closes: str = "") -> rx.Component:
    """Return something that stands against doing a thing, with the way to what mends it; following that `closes` the
    dialog it stands in. `mark` is warn for what stops it, info for what does not."""
    leave = {"on_click": rx.call_script(f"window.agency.close('{closes}')")} if closes else {}
    return rx.el.li(
        icon(mark),
        rx.el.span(
            reason["text"],
            rx.cond(reason["href"] != "", rx.fragment(" ", page_link(reason["link"], href=reason["href"], **leave))),
        ),
        class_name="bad" if mark == "warn" else "",
        key=reason["text"],
    )
