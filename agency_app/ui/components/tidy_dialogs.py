"""The dialogs that tidy: split one entry, merge some, edit many. Each says before what it does."""

import reflex as rx

from agency_app.states.entries import Entries
from agency_app.states.tidy import FaultRow, Tidy
from agency_app.states.tidy_words import PeriodRow
from agency_app.states.views import Choice
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import choice_list, dialog, error_text, labelled


def split_dialog() -> rx.Component:
    """Return the dialog that splits an entry at a time of day, or after a length."""
    split = Tidy.split
    return dialog(
        "split-dialog",
        "Split in two",
        rx.el.form(
            rx.el.p(rx.el.b(split["title"])),
            rx.el.p(split["about"], " Not a minute more or less is logged.", class_name="hint"),
            rx.el.div(
                rx.cond(
                    split["timed"],
                    labelled("Second part begins at", rx.el.input(type="time", name="at", default_value=split["at"])),
                ),
                labelled(
                    rx.cond(split["timed"], "or length of the first part", "Length of the first part"),
                    rx.el.input(name="first", placeholder="0:45", auto_complete="off", max_length=20),
                ),
                labelled(
                    "Note of the second part",
                    rx.el.textarea(name="note", rows="2", max_length=500, placeholder="Empty: the same note"),
                    wide=True,
                ),
                class_name="flds",
            ),
            error_text(Tidy.split_error),
            rx.el.div(
                rx.el.span(class_name="grow"),
                _close("Cancel", "split-dialog"),
                rx.el.button("Split", class_name="btn btn-primary", type="submit"),
                class_name="dlg-f",
            ),
            on_submit=Tidy.cut,
            key=Tidy.form_serial.to_string(),
        ),
    )


def merge_dialog() -> rx.Component:
    """Return the dialog that says what merging does before it is done."""
    return dialog(
        "merge-dialog",
        "Merge into one entry",
        rx.el.ul(
            rx.foreach(Tidy.told, lambda line: rx.el.li(icon("info"), rx.el.span(line), key=line)),
            class_name="chk tell",
        ),
        _faults(),
        rx.el.div(
            rx.el.span(class_name="grow"),
            _close("Cancel", "merge-dialog"),
            rx.el.button("Merge", class_name="btn btn-primary", type="button", on_click=Tidy.merge),
            class_name="dlg-f",
        ),
    )


def many_dialog() -> rx.Component:
    """Return the dialog that edits many: what is to change, then what that does, then the change."""
    return dialog(
        "many-dialog",
        rx.cond(Tidy.step == "faults", "These cannot be deleted", "Edit the picked entries"),
        rx.match(
            Tidy.step,
            ("told", _told()),
            ("faults", rx.fragment(_faults(), rx.el.div(_close("Close", "many-dialog"), class_name="dlg-f end"))),
            _edit(),
        ),
    )


def _edit() -> rx.Component:
    view, form = Entries.view, Tidy.form
    return rx.el.form(
        rx.el.p("What you leave as it is stays as it is on each entry.", class_name="hint"),
        rx.el.div(
            _choose("Client", "client", view["bulk_clients"]),
            _choose("Activity", "activity", view["bulk_activities"]),
            _choose("Campaign", "campaign", view["bulk_campaigns"]),
            labelled(
                "Billable",
                rx.el.select(
                    rx.el.option("As it is", value=""),
                    rx.el.option("Billable", value="yes"),
                    rx.el.option("Not billable", value="no"),
                    name="billable",
                    default_value=form["billable"],
                ),
            ),
            *(
                labelled(
                    label,
                    rx.el.input(
                        name=name,
                        default_value=form[name],
                        placeholder="q4 launch",
                        auto_complete="off",
                        max_length=200,
                    ),
                )
                for label, name in (("Add tags", "add_tags"), ("Remove tags", "remove_tags"))
            ),
            class_name="flds",
        ),
        _faults(),
        rx.el.div(
            rx.el.span(class_name="grow"),
            _close("Cancel", "many-dialog"),
            rx.el.button("Show what changes", class_name="btn btn-primary", type="submit"),
            class_name="dlg-f",
        ),
        on_submit=Tidy.foretell,
        key=Tidy.form_serial.to_string(),
    )


def _told() -> rx.Component:
    return rx.el.div(
        rx.el.ul(rx.foreach(Tidy.summary, lambda line: rx.el.li(rx.el.b(line), key=line)), class_name="tell"),
        rx.cond(
            Tidy.periods.length() > 0,
            rx.el.div(
                rx.el.table(
                    rx.el.caption("Retainer periods whose use changes", class_name="vh"),
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th("Retainer"),
                            rx.el.th("Period"),
                            rx.el.th("Used before", class_name="num"),
                            rx.el.th("After", class_name="num"),
                            rx.el.th(""),
                        )
                    ),
                    rx.el.tbody(rx.foreach(Tidy.periods, _period)),
                    class_name="tbl",
                ),
                class_name="scroll",
            ),
        ),
        rx.el.ul(
            rx.foreach(Tidy.told, lambda line: rx.el.li(icon("info"), rx.el.span(line), key=line)),
            class_name="chk tell",
        ),
        _faults(),
        rx.el.div(
            rx.el.button("Back", class_name="btn btn-ghost", type="button", on_click=Tidy.back_to_edit),
            rx.el.span(class_name="grow"),
            _close("Cancel", "many-dialog"),
            rx.el.button("Change them", class_name="btn btn-primary", type="button", on_click=Tidy.apply),
            class_name="dlg-f",
        ),
    )


def _period(row: rx.Var[PeriodRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row["name"], class_name="strong"),
        rx.el.td(row["period"]),
        rx.el.td(row["before"], class_name="num"),
        rx.el.td(rx.el.b(row["after"]), class_name="num"),
        rx.el.td(
            row["available"],
            rx.cond(row["over"], rx.el.span("Over", class_name="chip st-bad")),
        ),
        key=row["key"],
    )


def _faults() -> rx.Component:
    """Return why nothing was changed, entry by entry, with the way to go on without them."""
    return rx.fragment(
        error_text(Tidy.error),
        rx.cond(
            Tidy.faults.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(Tidy.faults, _fault), class_name="chk said scroll"),
                rx.el.button(
                    "Leave these out",
                    class_name="btn btn-s",
                    type="button",
                    on_click=[Tidy.leave_out, rx.call_script("window.agency.close('merge-dialog')")],
                ),
            ),
        ),
    )


def _fault(fault: rx.Var[FaultRow]) -> rx.Component:
    return rx.el.li(icon("warn"), rx.el.span(rx.el.b(fault["entry"]), " ", fault["message"]), key=fault["id"])


def _choose(label: str, name: str, choices: rx.Var[list[Choice]]) -> rx.Component:
    return labelled(label, rx.el.select(choice_list(choices), name=name, default_value=Tidy.form[name]))


def _close(word: str, dialog_id: str) -> rx.Component:
    return rx.el.button(
        word, class_name="btn", type="button", on_click=rx.call_script(f"window.agency.close('{dialog_id}')")
    )
