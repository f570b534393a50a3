"""The dialogs of the builder: an added item, the draft's head, the client's rounding; and the toast."""

import reflex as rx

from agency_app.services.draft_items import KINDS
from agency_app.states.builder import Builder
from agency_app.states.clients import ROUNDING_CHOICES, SCOPE_CHOICES, VAT_CHOICES
from agency_app.states.views import Choice
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import choice_list, dialog, dialog_actions, error_text, labelled
from agency_app.ui.components.toast import toast, undo_way


def builder_dialogs() -> rx.Component:
    """Return them all, and the toast."""
    return rx.fragment(
        _item_dialog(),
        _head_dialog(),
        _rounding_dialog(),
        toast(Builder.toast, Builder.toast["bad"], Builder.dismiss, undo_way(Builder.toast, Builder.undo)),
    )


def add_menu() -> rx.Component:
    """Return the menu of what can be added."""
    return rx.el.details(
        rx.el.summary(icon("plus", "s"), "Add", class_name="btn btn-s"),
        rx.el.div(
            *(
                rx.el.button(name, type="button", on_click=[Builder.open_item(kind), _shut("add-menu")])
                for kind, name in KINDS.items()
            ),
            class_name="menu",
        ),
        id="add-menu",
        class_name="account add",
    )


def _shut(menu: str) -> rx.event.EventSpec:
    return rx.call_script(f"document.getElementById('{menu}').open = false")


def _item_dialog() -> rx.Component:
    form = Builder.form
    kind = form["kind"]
    is_line = (kind == "fixed") | (kind == "expense") | (kind == "media")
    is_change = (kind == "discount") | (kind == "surcharge")
    return dialog(
        "item-dialog",
        form["title"],
        rx.el.form(
            rx.el.div(
                _field("Description", "description", wide=True, max_length=120, required=True),
                rx.cond(
                    is_line,
                    rx.fragment(
                        _field("Quantity", "quantity", input_mode="decimal"),
                        _field("Price of one", "price", input_mode="decimal", required=True),
                        rx.cond(
                            kind != "fixed", _field("Markup %", "markup", input_mode="decimal", placeholder="None")
                        ),
                    ),
                ),
                rx.cond(
                    is_change,
                    rx.fragment(
                        _field("Percent", "percent", input_mode="decimal", placeholder="10"),
                        _field("or an amount", "amount", input_mode="decimal"),
                        labelled(
                            "On",
                            rx.el.select(
                                rx.el.option("The whole document", value=""),
                                choice_list(Builder.board["lines"]),
                                name="line_key",
                                default_value=form["line_key"],
                            ),
                            wide=True,
                        ),
                    ),
                ),
                rx.cond(kind == "prepayment", _field("Amount", "amount", input_mode="decimal", required=True)),
                rx.cond(
                    kind != "prepayment",
                    rx.el.div(
                        labelled(
                            "VAT",
                            rx.el.select(
                                rx.el.option("As the client's", value=""),
                                *(rx.el.option(one["name"], value=one["id"]) for one in VAT_CHOICES),
                                name="vat_category",
                                default_value=form["vat_category"],
                            ),
                        ),
                        rx.el.div(
                            _field("VAT %", "vat_rate", input_mode="decimal", placeholder="As the client's"),
                            class_name="vat-rate",
                        ),
                        rx.el.div(
                            _field("Why there is no VAT", "vat_reason", max_length=120, placeholder="The usual words"),
                            class_name="vat-why",
                        ),
                        class_name="wide vat-fields",
                    ),
                ),
                rx.cond(
                    (kind == "expense") | (kind == "media") | (kind == "prepayment"),
                    _field(rx.cond(kind == "prepayment", "Received on", "Spent on"), "happened_on", type="date"),
                ),
                class_name="flds",
            ),
            error_text(Builder.form_error),
            dialog_actions("item-dialog", "Save"),
            on_submit=Builder.save_item,
            key=Builder.form_serial.to_string(),
        ),
    )


def _field(label: rx.Var[str] | str, name: str, *, wide: bool = False, **attributes: object) -> rx.Component:
    wrong = Builder.form_fault == name
    return labelled(
        label,  # pyright: ignore[reportArgumentType]
        rx.el.input(name=name, default_value=Builder.form[name], aria_invalid=wrong, **attributes),
        wide,
    )


def _head_dialog() -> rx.Component:
    head = Builder.board["head"]
    return dialog(
        "head-dialog",
        "On this invoice",
        rx.el.form(
            rx.el.div(
                labelled(
                    "Order number",
                    rx.el.input(
                        name="purchase_order",
                        default_value=head["purchase_order"],
                        placeholder=head["usual_order"],
                        max_length=120,
                    ),
                ),
                rx.el.label(
                    rx.el.span("Due on", class_name="label"),
                    rx.el.input(name="due_on", type="date", default_value=head["due_on"]),
                    rx.el.span(head["terms"], class_name="hint"),
                    class_name="fld",
                ),
                labelled(
                    "Note", rx.el.textarea(name="note", default_value=head["note"], rows="4", max_length=1000), True
                ),
                rx.cond(
                    head["exchange"] != "",
                    rx.el.label(
                        rx.el.span("Exchange rate, ", head["exchange"], class_name="label"),
                        rx.el.input(name="exchange_rate", default_value=head["exchange_rate"], input_mode="decimal"),
                        rx.el.span("The invoice states its VAT at this rate as well.", class_name="hint"),
                        class_name="fld wide",
                    ),
                ),
                class_name="flds",
            ),
            error_text(Builder.head_error),
            dialog_actions("head-dialog", "Save"),
            on_submit=Builder.save_head,
            key="head" + Builder.head_serial.to_string(),
        ),
    )


def _rounding_dialog() -> rx.Component:
    board = Builder.board
    return dialog(
        "rounding-dialog",
        "Rounding of this client's time",
        rx.el.form(
            rx.el.div(
                labelled("Time is", _choices("rounding_mode", ROUNDING_CHOICES, board["rounding_mode"])),
                labelled(
                    "To minutes",
                    rx.el.input(
                        name="rounding_step_seconds",
                        default_value=board["rounding_step"],
                        input_mode="numeric",
                        placeholder="15",
                        list="rounding-steps",
                    ),
                ),
                labelled("What is rounded", _choices("rounding_scope", SCOPE_CHOICES, board["rounding_scope"]), True),
                class_name="flds",
            ),
            rx.el.datalist(*(rx.el.option(value=minutes) for minutes in ("6", "15", "30")), id="rounding-steps"),
            rx.cond(Builder.effect != "", rx.el.p(icon("trend", "s"), Builder.effect, class_name="say", role="status")),
            error_text(Builder.effect_error),
            rx.el.p(
                "What it does to this draft is shown before it applies. What was logged never changes, and invoices "
                "print the rounding.",
                class_name="hint",
            ),
            dialog_actions("rounding-dialog", "Apply to this client"),
            on_submit=Builder.apply_rounding,
            key="rounding" + Builder.head_serial.to_string(),
        ),
        # What is chosen, for its effect to be shown: `assets/builder.js` writes it here a moment after a change.
        rx.el.input(type="text", id="rounding-choice", class_name="unseen", tab_index=-1, on_change=Builder.preview),
    )


def _choices(name: str, choices: list[Choice], value: rx.Var[str]) -> rx.Component:
    return rx.el.select(
        *(rx.el.option(one["name"], value=one["id"]) for one in choices), name=name, default_value=value
    )
