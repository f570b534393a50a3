"""The dialog in which a retainer is signed, and the button that opens it."""

import reflex as rx

from agency_app.states.new_retainer import NewRetainer
from agency_app.ui.components.agreement_dialogs import form_input, scope_fields, terms_fields
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import choice_list, dialog, dialog_actions, error_text, labelled


def new_retainer_button(client_id: rx.Var[str] | str = "") -> rx.Component:
    """Return the button; with a client the dialog opens on that one."""
    return rx.el.button(
        icon("plus", "s"),
        "New retainer",
        class_name="btn",
        type="button",
        on_click=NewRetainer.ask(client_id),  # pyright: ignore[reportArgumentType]
    )


def new_retainer_dialog() -> rx.Component:
    """Return the form: who, from when, what is agreed, for which work, at which rate."""
    return dialog(
        "new-retainer-dialog",
        "New retainer",
        rx.el.form(
            rx.el.div(
                labelled(
                    "Client",
                    rx.el.select(
                        rx.el.option("Choose a client", value=""),
                        choice_list(NewRetainer.clients),
                        name="client",
                        value=NewRetainer.client_id,
                        on_change=NewRetainer.choose_client,
                        required=True,
                    ),
                ),
                labelled("Name", form_input("name", "Retainer", required=True)),
                labelled("First day", form_input("starts_on", NewRetainer.starts_on, kind="date", required=True)),
                labelled("Last day, if agreed", form_input("ends_on", "", kind="date")),
                class_name="flds",
            ),
            terms_fields(NewRetainer.usual),
            rx.el.div(
                labelled(
                    "Rate an hour from then on",
                    form_input("rate", "", hint="as the rate card says"),
                    wide=True,
                ),
                class_name="flds",
            ),
            scope_fields(NewRetainer.rows, NewRetainer.campaigns, NewRetainer.activities, NewRetainer.another_row),
            rx.el.p("Work that is logged already stays where it is.", class_name="hint"),
            error_text(NewRetainer.error),
            dialog_actions("new-retainer-dialog", "Start"),
            on_submit=NewRetainer.create,
            key=NewRetainer.serial.to_string(),
        ),
    )
