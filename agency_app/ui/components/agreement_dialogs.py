"""The dialogs that change an agreement: its terms from a day on, a pause, its end."""

import reflex as rx

from agency_app.states.agreement_view import TermsForm
from agency_app.states.retainers import Retainers
from agency_app.states.scope_rows import ScopeRow
from agency_app.states.views import Choice
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import choice_list, dialog, dialog_actions, error_text, labelled

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
                labelled("From when", form_input("since", form["since"], kind="date", required=True), wide=True),
                class_name="flds",
            ),
            terms_fields(form),
            rx.el.div(
                labelled("Note", form_input("note", "", hint="why it changed"), wide=True),
                class_name="flds",
            ),
            rx.el.p(
                "It holds for the periods that start on that day or later. Closed periods never change.",
                class_name="hint",
            ),
            error_text(Retainers.error),
            dialog_actions("terms-dialog", "Agree"),
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
                labelled(
                    "First day", form_input("first", Retainers.shown["form"]["since"], kind="date", required=True)
                ),
                labelled("Last day, if known", form_input("last", "", kind="date")),
                labelled("Note", form_input("note", ""), wide=True),
                class_name="flds",
            ),
            error_text(Retainers.error),
            dialog_actions("pause-dialog", "Pause"),
            on_submit=Retainers.pause,
            key=Retainers.shown["version"].to_string(),
        ),
    )


def close_dialog() -> rx.Component:
    """Return what closing would freeze: told first, because a closed period never changes."""
    names = ("granted", "rolled_in", "used", "overage", "expired", "rolled_out")
    heads = ("Granted", "Rolled in", "Used", "Overage", "Expires", "Rolls out")
    return dialog(
        "close-dialog",
        "Close the period",
        rx.el.p("These figures and the terms behind them are frozen. Work of these days then comes late."),
        rx.el.div(
            rx.el.table(
                rx.el.thead(rx.el.tr(rx.el.th("Period"), *(rx.el.th(head, class_name="num") for head in heads))),
                rx.el.tbody(
                    rx.foreach(
                        Retainers.closing,
                        lambda line: rx.el.tr(
                            rx.el.td(line["name"]),
                            *(rx.el.td(line[name], class_name="num") for name in names),
                            key=line["name"],
                        ),
                    )
                ),
                class_name="tbl",
            ),
            class_name="scroll",
        ),
        rx.cond(
            Retainers.closing.length() > 1,
            rx.el.p(
                "The open periods before it close with it: what it begins with depends on them.", class_name="hint"
            ),
        ),
        error_text(Retainers.error),
        rx.el.div(
            rx.el.button(
                "Not yet",
                class_name="btn",
                type="button",
                on_click=rx.call_script("window.agency.close('close-dialog')"),
            ),
            rx.el.button(
                "Close",
                class_name="btn btn-primary",
                type="button",
                on_click=Retainers.close(Retainers.closing_day),
            ),
            class_name="dlg-f end",
        ),
    )


def resume_dialog() -> rx.Component:
    """Return the form of the day on which a paused agreement is taken up again."""
    pause = Retainers.shown["pause"]
    return dialog(
        "resume-dialog",
        "Resume the agreement",
        rx.el.form(
            _version(),
            rx.el.input(type="hidden", name="pause", value=pause["id"], read_only=True),
            rx.el.p(pause["text"], class_name="hint"),
            rx.el.div(
                labelled("It runs again from", form_input("day", pause["day"], kind="date", required=True), wide=True),
                class_name="flds",
            ),
            rx.el.p("On the day the pause begins, or before it, the pause falls away.", class_name="hint"),
            error_text(Retainers.error),
            dialog_actions("resume-dialog", "Resume"),
            on_submit=Retainers.resume,
            key=Retainers.shown["version"].to_string() + pause["id"].to(str),
        ),
    )


def scope_dialog() -> rx.Component:
    """Return the form of the work that a retainer is for."""
    return dialog(
        "scope-dialog",
        "For which work",
        rx.el.form(
            rx.el.input(type="hidden", name="version", value=Retainers.scope_version.to_string(), read_only=True),
            scope_fields(
                Retainers.scope_rows,
                Retainers.scope_campaigns,
                Retainers.scope_activities,
                Retainers.another_scope_row,
            ),
            rx.el.p(
                "It decides where new and changed work falls; what is logged stays where it is.", class_name="hint"
            ),
            error_text(Retainers.error),
            dialog_actions("scope-dialog", "Set"),
            on_submit=Retainers.set_scope,
            key=Retainers.scope_serial.to_string(),
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
                labelled(
                    "Last day; empty for no end", form_input("last", Retainers.shown["ends_on"], kind="date"), wide=True
                ),
                class_name="flds",
            ),
            error_text(Retainers.error),
            dialog_actions("end-dialog", "Set the end"),
            on_submit=Retainers.end,
            key=Retainers.shown["version"].to_string(),
        ),
    )


def terms_fields(form: rx.Var[TermsForm]) -> rx.Component:
    """Return the fields of what is agreed; those that a choice makes meaningless are hidden by it (retainers.css)."""
    return rx.el.div(
        rx.el.div(
            labelled("Basis", form_select("basis", _BASES, form["basis"]), wide=True),
            _only("hours", "Hours a period", form_input("hours", form["hours"])),
            _only("fee", "Fee a period", form_input("fee", form["fee"])),
            _only("budget", "Budget a period, in money", form_input("budget", form["budget"])),
            rx.el.div(
                labelled("A period takes", form_input("cycle_every", form["cycle_every"])),
                labelled("of", form_select("cycle_unit", _UNITS, form["cycle_unit"])),
                class_name="pair",
            ),
            labelled("It follows", form_select("anchor", _ANCHORS, form["anchor"])),
            labelled("Partial periods count", form_select("proration", _PRORATIONS, form["proration"])),
            labelled("What is left", form_select("rollover", _ROLLOVERS, form["rollover"])),
            _only(
                "rolls",
                "It is lost after, in periods",
                form_input("expires_after", form["expires_after"], hint="never"),
            ),
            _only("cap-h", "Cap in hours", form_input("cap_hours", form["cap_hours"])),
            _only("cap", "Cap in % of the grant", form_input("cap_percent", form["cap_percent"])),
            labelled("Overage is", form_select("overage", _OVERAGES, form["overage"])),
            _only("billed", "Overage rate an hour", form_input("overage_rate", form["overage_rate"])),
            class_name="flds",
        ),
        rx.el.label(
            rx.el.input(type="checkbox", name="carry_deficit", value="yes", default_checked=form["carry_deficit"]),
            "An overrun is carried into the next period",
            class_name="tick-l if-unbilled",
        ),
        class_name="terms",
    )


def scope_fields(
    rows: rx.Var[list[ScopeRow]],
    campaigns: rx.Var[list[Choice]],
    activities: rx.Var[list[Choice]],
    another: rx.EventHandler | rx.event.EventCallback,
) -> rx.Component:
    """Return the rows that name what a retainer is for; with nothing named it is for all of the client's work."""
    return rx.el.fieldset(
        rx.el.legend("For which work", class_name="label"),
        rx.el.p(
            "Name nothing for all of the client's work. A row with both is for that activity in that campaign alone.",
            class_name="hint",
        ),
        rx.foreach(rows, lambda row: _scope_row(row, campaigns, activities)),
        rx.el.button(
            icon("plus", "s"), "Another row", class_name="btn btn-ghost btn-s", type="button", on_click=another
        ),
        class_name="scope",
    )


def _scope_row(
    row: rx.Var[ScopeRow], campaigns: rx.Var[list[Choice]], activities: rx.Var[list[Choice]]
) -> rx.Component:
    number = row["number"].to(str)
    return rx.el.div(
        rx.el.select(
            rx.el.option("Any campaign", value=""),
            choice_list(campaigns),
            name="campaign_" + number,
            default_value=row["campaign"],
            aria_label="Campaign",
        ),
        rx.el.select(
            rx.el.option("Any activity", value=""),
            choice_list(activities),
            name="activity_" + number,
            default_value=row["activity"],
            aria_label="Activity",
        ),
        class_name="pair",
        key=number,
    )


def _only(when: str, label: str, control: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label, class_name="label"), control, class_name=f"fld if-{when}")


def _version() -> rx.Component:
    """Carry what the form was filled from, so that a change somebody made in between is seen."""
    return rx.el.input(type="hidden", name="version", value=Retainers.shown["version"].to_string(), read_only=True)


def form_input(
    name: str, value: rx.Var[str] | str, *, kind: str = "text", required: bool = False, hint: str = ""
) -> rx.Component:
    """Return an input of a form by its name."""
    return rx.el.input(
        name=name, type=kind, default_value=value, required=required, placeholder=hint, auto_complete="off"
    )


def form_select(name: str, options: tuple[tuple[str, str], ...], value: rx.Var[str] | str) -> rx.Component:
    """Return a select of a form by its name."""
    return rx.el.select(*(rx.el.option(text, value=word) for word, text in options), name=name, default_value=value)
