"""The logo in the settings: the picture, and the ways to choose another or none."""

import reflex as rx

from agency_app.states.logo import LogoSettings


def logo_field() -> rx.Component:
    """Return the section of the logo. `assets/logo.js` sends the chosen file and says what came of it."""
    view = LogoSettings.view
    return rx.el.section(
        rx.el.h2("Logo"),
        rx.el.p(
            "In the corner of every new invoice, in place of the name's initial. A PNG, JPEG or SVG of up to 1 MB.",
            class_name="muted",
        ),
        rx.el.div(
            rx.cond(
                view["address"] != "",
                rx.el.img(src=view["address"], alt="The logo as invoices show it", class_name="logo-now"),
                rx.el.span("No logo yet", class_name="logo-none"),
            ),
            rx.cond(
                view["may_change"],
                rx.el.div(
                    rx.el.label(
                        rx.cond(view["address"] != "", "Choose another", "Choose a file"),
                        rx.el.input(
                            type="file",
                            id="logo-file",
                            accept="image/png,image/jpeg,image/svg+xml",
                            class_name="off-screen",
                            aria_describedby="logo-error",
                        ),
                        class_name="btn",
                    ),
                    rx.cond(
                        view["address"] != "",
                        rx.el.button("Remove", type="button", id="logo-remove", class_name="btn btn-ghost"),
                    ),
                    rx.el.button(id="logo-changed", type="button", hidden=True, on_click=LogoSettings.changed),
                    class_name="row",
                ),
            ),
            class_name="logo-row",
        ),
        rx.el.p(id="logo-error", class_name="err", role="alert"),
        class_name="card sec logo-sec",
        aria_label="Logo",
    )
