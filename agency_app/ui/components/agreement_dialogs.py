"""The dialogs that change an agreement: its terms from a day on, a pause, its end."""

import reflex as rx

from agency_app.states.retainers import Retainers
from agency_app.ui.components.shell import dialog, error_text, labelled

_BASES = (
    ("hours", "Hours"),
    ("fee", "Fee that covers hours"),
    ("hybrid", "Fee plus hours"),
    ("budget", "Budget of money"),
)
_UNITS = (("month", "months"), ("week", "weeks"))
_ANCHORS = (("calendar", "the calendar"), ("anniversary", "the day it began"))
_PRORATIONS = (("none", "whole"), ("day", "by day"), ("working_day", "by working day"))
_ROLLOVERS = (("expire", "Expires"), ("all", "All rolls over"), ("capped", "Rolls over up to a cap"))
_OVERAGES = (
    ("bill", "Billed at its own rate"),
    ("approval", "Billed after approval"),
    ("absorb", "Absorbed"),
    ("stop", "Work stops"),
)


def terms_dialog() -> rx.Component:
    """Return the form of new terms: it begins by asking from when."""
    form = Retainers.shown["form"]
    return dialog(
        "terms-dialog",
        "Change the agreement",
        rx.el.form(
            _version(),
            rx.el.div(
                labelled("From when", _input("since", form["since"], kind="date", required=True), wide=True),
                labelled("Basis", _select("basis", _BASES, form["basis"])),
                labelled("Hours a period", _input("hours", form["hours"])),
                labelled("Fee a period", _input("fee", form["fee"])),
                labelled("Budget a period", _input("budget", form["budget"])),
                labelled("A period takes", _input("cycle_every", form["cycle_every"])),
                labelled("of", _select("cycle_unit", _UNITS, form["cycle_unit"])),
                labelled("It follows", _select("anchor", _ANCHORS, form["anchor"])),
                labelled("Partial periods count", _select("proration", _PRORATIONS, form["proration"])),
                labelled("What is left", _select("rollover", _ROLLOVERS, form["rollover"])),
                labelled("It is lost after, in periods", _input("expires_after", form["expires_after"], hint="never")),
                labelled("Cap in hours", _input("cap_hours", form["cap_hours"])),
                labelled("Cap in % of the grant", _input("cap_percent", form["cap_percent"])),
                labelled("Overage is", _select("overage", _OVERAGES, form["overage"])),
                labelled("Overage rate an hour", _input("overage_rate", form["overage_rate"])),
                labelled("Note", _input("note", "", hint="why it changed"), wide=True),
                class_name="flds",
            ),
            rx.el.label(
                rx.el.input(type="checkbox", name="carry_deficit", value="yes", default_checked=form["carry_deficit"]),
                "An overrun is carried into the next period",
                class_name="tick-l",
            ),
            rx.el.p(
                "It holds for the periods that start on that day or later. Closed periods never change.",
                class_name="hint",
            ),
            error_text(Retainers.error),
            _actions("terms-dialog", "Agree"),
            on_submit=Retainers.change_terms,
            key=Retainers.shown["version"].to_string() + form["since"].to(str),
        ),
    )


def pause_dialog() -> rx.Component:
    """Return the form of a pause."""
    return dialog(
        "pause-dialog",
        "Pause the agreement",
        rx.el.form(
            _version(),
            rx.el.div(
                labelled("First day", _input("first", Retainers.shown["form"]["since"], kind="date", required=True)),
                labelled("Last day, if known", _input("last", "", kind="date")),
                labelled("Note", _input("note", ""), wide=True),
                class_name="flds",
            ),
            error_text(Retainers.error),
            _actions("pause-dialog", "Pause"),
            on_submit=Retainers.pause,
            key=Retainers.shown["version"].to_string(),
        ),
    )


def end_dialog() -> rx.Component:
    """Return the form of the last day."""
    return dialog(
        "end-dialog",
        "End the agreement",
        rx.el.form(
            _version(),
            rx.el.div(
                labelled("Last day; empty for no end", _input("last", "", kind="date"), wide=True), class_name="flds"
            ),
            error_text(Retainers.error),
            _actions("end-dialog", "Set the end"),
            on_submit=Retainers.end,
            key=Retainers.shown["version"].to_string(),
        ),
    )


def _version() -> rx.Component:
    """Carry what the form was filled from, so that a change somebody made in between is seen."""
    return rx.el.input(type="hidden", name="version", value=Retainers.shown["version"].to_string(), read_only=True)


def _input(
    name: str, value: rx.Var[str] | str, *, kind: str = "text", required: bool = False, hint: str = ""
) -> rx.Component:
    return rx.el.input(
        name=name, type=kind, default_value=value, required=required, placeholder=hint, auto_complete="off"
    )


def _select(name: str, options: tuple[tuple[str, str], ...], value: rx.Var[str]) -> rx.Component:
    return rx.el.select(*(rx.el.option(text, value=word) for word, text in options), name=name, default_value=value)


def _actions(dialog_id: str, verb: str) -> rx.Component:
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
