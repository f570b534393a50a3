"""What people see when something fails beneath the page: no answer from the server, or a page that cannot be drawn."""

import reflex as rx
from reflex_components_core.base.error_boundary import error_boundary
from reflex_components_core.core.banner import has_too_many_connection_errors

from agency_app.ui.components.icons import brand, icon


def no_connection() -> rx.Component:
    """Return the notice that stands on every page from the second try in vain to reach the server, until one succeeds.

    Reflex keeps the events of a page without connection and sends them in their order once there is one.
    """
    return rx.el.div(
        rx.cond(
            has_too_many_connection_errors,
            rx.el.p(
                icon("warn", "s"),
                rx.el.span(
                    rx.el.b("No connection to the server."),
                    " What you do is done as soon as it answers: keep this page open.",
                ),
                class_name="offline",
            ),
        ),
        role="status",
        aria_live="polite",
    )


def guarded(stateful: bool) -> rx.Component:
    """Return the wrap that shows, in the place of a page that cannot be drawn, what to do; the error goes to the log."""
    return error_boundary(
        fallback_render=rx.el.main(
            rx.el.a(brand(), rx.el.span("Agency"), href="/", class_name="brand", aria_label="Agency"),
            rx.el.h1("This page could not be shown"),
            rx.el.p("What was saved is safe. Load the page again; if it happens again, the words below say why."),
            rx.el.pre(rx.Var("event_args.error.message")),
            rx.el.div(
                rx.el.button(
                    "Load the page again",
                    type="button",
                    on_click=rx.call_script("window.location.reload()"),
                    class_name="btn btn-primary",
                ),
                rx.el.a("To the week", href="/", class_name="btn"),
                class_name="row",
            ),
            class_name="lost",
        ),
        **({} if stateful else {"on_error": rx.noop()}),
    )
