"""The dialogs of the workbench: an entry, a planned task, a first client, and the question before finalising."""

from collections.abc import Callable

import reflex as rx

from agency_app.states.billing_words import BillingFact
from agency_app.states.checks import Check
from agency_app.states.entry_words import EntryWords
from agency_app.states.night import Night
from agency_app.states.tidy import Tidy
from agency_app.states.timer import Timer
from agency_app.states.workbench import Workbench
from agency_app.ui.components.changes import change_toast
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import check, checked, choice_list, dialog, error_text, labelled, page_link


def entry_dialog() -> rx.Component:
    """Return the form path of every drag: client, retainer, campaign, activity, note, start, end, billable."""
    form = Workbench.form
    return dialog(
        "entry-dialog",
        form["title"],
        rx.el.form(
            rx.cond(form["locked"] != "", rx.el.p(form["locked"], class_name="lockline")),
            rx.cond(
                form["billing"].length() > 0,
                rx.el.ul(rx.foreach(form["billing"], _billing), class_name="billed", aria_label="Where it is billed"),
            ),
            rx.cond(form["task"] != "", rx.el.p("Task: ", rx.el.b(form["task"]), class_name="hint")),
            rx.el.fieldset(
                labelled(
                    "Client",
                    rx.el.select(
                        rx.el.option("Choose a client", value=""),
                        choice_list(Workbench.client_choices),
                        name="client",
                        value=form["client_id"],
                        on_change=Workbench.choose_client,
                        required=True,
                    ),
                ),
                labelled(
                    "Activity",
                    rx.el.select(
                        choice_list(Workbench.activity_choices),
                        name="activity",
                        on_change=lambda value: EntryWords.pick("activity", value),
                        default_value=form["activity_id"],
                        required=True,
                    ),
                ),
                labelled(
                    "Retainer",
                    rx.el.select(
                        rx.el.option("As the agreement says", value=""),
                        choice_list(Workbench.retainer_choices),
                        rx.el.option("None, bill by the hour", value="none"),
                        name="retainer",
                        on_change=lambda value: EntryWords.pick("retainer", value),
                        default_value=form["retainer_id"],
                    ),
                ),
                labelled(
                    "Campaign",
                    rx.el.select(
                        rx.el.option("No campaign", value=""),
                        choice_list(Workbench.campaign_choices),
                        name="campaign",
                        on_change=lambda value: EntryWords.pick("campaign", value),
                        default_value=form["campaign_id"],
                    ),
                ),
                labelled(
                    "Day",
                    rx.el.input(
                        type="date",
                        name="date",
                        on_change=lambda value: EntryWords.pick("date", value),
                        default_value=form["date"],
                        required=True,
                    ),
                ),
                rx.el.div(
                    labelled(
                        "Start",
                        rx.el.input(
                            type="time",
                            name="start",
                            on_change=lambda value: EntryWords.pick("start", value),
                            default_value=form["start"],
                        ),
                    ),
                    labelled(
                        "End",
                        rx.el.input(
                            type="time",
                            name="end",
                            on_change=lambda value: EntryWords.pick("end", value),
                            default_value=form["end"],
                        ),
                    ),
                    class_name="pair",
                ),
                labelled(
                    "or duration",
                    rx.el.input(
                        name="duration",
                        on_change=lambda value: EntryWords.pick("duration", value),
                        default_value=form["duration"],
                        placeholder="1:30",
                        title="With no end: from the start on. With neither: at no time of day in particular.",
                    ),
                ),
                labelled(
                    "Tags",
                    rx.el.input(name="tags", default_value=form["tags"], max_length=500, placeholder="q4 launch"),
                ),
                labelled(
                    "Note",
                    rx.el.textarea(
                        name="note",
                        default_value=form["note"],
                        rows="2",
                        placeholder="What was done, as the client will read it",
                    ),
                    wide=True,
                ),
                class_name="flds",
                disabled=form["locked"] != "",
            ),
            rx.el.div(
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        name="billable",
                        on_change=lambda value: EntryWords.pick("billable", value),
                        default_checked=form["billable"],
                        disabled=form["locked"] != "",
                    ),
                    "Billable",
                    class_name="tick-l",
                ),
                class_name="row between",
            ),
            _told(),
            _night(),
            error_text(Workbench.form_error),
            rx.cond(
                Workbench.late_offer,
                rx.el.div(
                    rx.el.label(
                        rx.el.input(type="checkbox", name="late"),
                        "Hand it in as late work",
                        class_name="tick-l",
                    ),
                    rx.el.p(
                        "A lead says where it goes: to that period's overage, to the next period, or written off.",
                        class_name="hint",
                    ),
                    class_name="late-o",
                ),
            ),
            rx.el.div(
                rx.cond(
                    (form["id"] != "") & (form["locked"] == ""),
                    rx.el.button(
                        "Delete",
                        class_name="btn btn-ghost",
                        type="button",
                        on_click=Workbench.delete_open,
                    ),
                ),
                rx.cond(
                    form["id"] != "",
                    rx.el.button(
                        icon("play", "s"),
                        "Start timer",
                        class_name="btn btn-ghost",
                        type="button",
                        title="Work on this again, from now on",
                        on_click=Timer.start_entry,
                    ),
                ),
                rx.cond(
                    (form["id"] != "") & (form["locked"] == ""),
                    rx.el.button(
                        "Split",
                        class_name="btn btn-ghost",
                        type="button",
                        title="Two entries, at a time of day or after a length (S)",
                        on_click=Tidy.ask_split(form["id"]),
                    ),
                ),
                rx.cond(
                    form["id"] != "",
                    rx.el.button(
                        "Duplicate",
                        class_name="btn btn-ghost",
                        type="button",
                        title="A new entry like this one",
                        on_click=Workbench.duplicate_open,
                    ),
                ),
                rx.el.span(class_name="grow"),
                rx.el.button(
                    "Cancel",
                    class_name="btn",
                    type="button",
                    on_click=rx.call_script("window.agency.close('entry-dialog')"),
                ),
                rx.cond(
                    Workbench.newer,
                    rx.el.button(
                        "Take theirs",
                        class_name="btn",
                        type="button",
                        title="The entry as it is now; what you typed goes",
                        on_click=Workbench.open_entry(form["id"]),
                    ),
                ),
                rx.cond(
                    form["locked"] == "",
                    rx.el.button(
                        rx.cond(Workbench.newer, "Keep mine", "Save"), class_name="btn btn-primary", type="submit"
                    ),
                    rx.el.span(),
                ),
                class_name="dlg-f",
            ),
            on_submit=Workbench.save,
            key=Workbench.form_serial.to_string(),
        ),
    )


def _told() -> rx.Component:
    """Return what saving means: the retainer and why, the period before and after, the rate and why."""
    told = EntryWords.told
    return rx.el.div(
        rx.cond(told["overlap"] != "", rx.el.p(told["overlap"], class_name="over")),
        rx.cond(told["falls"] != "", rx.el.p(told["falls"])),
        rx.cond(told["change"] != "", rx.el.p(told["change"], class_name=rx.cond(told["over"], "over", ""))),
        rx.cond(told["overage"] != "", rx.el.p(told["overage"])),
        rx.cond(told["draws"] != "", rx.el.p(told["draws"])),
        rx.cond(
            told["rate"] != "",
            rx.cond(
                told["rates"].length() > 0,
                rx.el.details(
                    rx.el.summary(told["rate"], rx.el.span("Why?", class_name="why")),
                    rx.el.p("The most specific rate wins, then the latest. After it come:"),
                    rx.el.ul(rx.foreach(told["rates"], lambda rate: rx.el.li(rate, key=rate))),
                ),
                rx.el.p(told["rate"]),
            ),
        ),
        class_name="told",
        aria_live="polite",
    )


def _night() -> rx.Component:
    """Return that the entry runs past midnight, with the way to two halves, and the way to the other half."""
    told = Night.told
    return rx.fragment(
        rx.cond(
            told["over"] != "",
            rx.el.div(
                rx.el.p(told["over"], class_name="grow"),
                rx.cond(
                    Workbench.form["locked"] == "",
                    rx.el.button("Split at midnight", class_name="btn btn-s", type="button", on_click=Night.split),
                ),
                class_name="night",
            ),
        ),
        rx.foreach(
            told["halves"],
            lambda half: rx.el.button(
                half["text"],
                class_name="btn btn-s night-half",
                type="button",
                on_click=Night.open(half["id"]),
                key=half["id"],
            ),
        ),
    )


def _billing(fact: rx.Var[BillingFact]) -> rx.Component:
    return rx.el.li(
        rx.cond(fact["href"] != "", page_link(fact["text"], href=fact["href"]), rx.el.span(fact["text"])),
        key=fact["text"],
    )


def plan_dialog() -> rx.Component:
    """Return the form that puts a task into the Inbox."""
    return dialog(
        "plan-dialog",
        "Add to the Inbox",
        rx.el.form(
            rx.el.div(
                _planned("Task", "title", rx.el.input, max_length=200, wide=True),
                _planned(
                    "Client",
                    "client",
                    rx.el.select,
                    choice_list(Workbench.client_choices),
                    default_value=Workbench.focus_id,
                ),
                _planned("Activity", "activity", rx.el.select, choice_list(Workbench.activity_choices)),
                _planned("Planned time", "duration", rx.el.input, default_value="1:00"),
                class_name="flds",
            ),
            rx.cond(Workbench.plan_fault == "", error_text(Workbench.plan_error)),
            rx.el.div(
                rx.el.span("1:30, 1.5 or 90m", class_name="faint grow"),
                rx.el.button("Add", class_name="btn btn-primary", type="submit"),
                class_name="dlg-f",
            ),
            on_submit=Workbench.plan,
            key=Workbench.plan_serial.to_string() + Workbench.focus_id,
        ),
    )


def _planned(
    label: str, name: str, control: Callable[..., rx.Component], *content: rx.Component, **attributes: object
) -> rx.Component:
    return checked(
        label,
        name,
        control,
        *content,
        fault=Workbench.plan_fault,
        message=Workbench.plan_error,
        required=True,
        **attributes,
    )


def start_dialog() -> rx.Component:
    """Return the form for a client with its retainer: where a new workspace starts. Of the terms it shows what means
    something beside the basis (retainers.css)."""
    return dialog(
        "start-dialog",
        "Start with one retainer client",
        rx.el.form(
            rx.el.div(
                _started("Client", "name", required=True, max_length=120),
                _started("VAT number", "vat_id", max_length=40),
                _started(
                    "Billing address",
                    "address",
                    rx.el.textarea,
                    rows="3",
                    placeholder="Street and number, then postcode and city. It can wait until the first invoice.",
                    only="wide",
                ),
                _started("Retainer", "retainer_name", default_value="Retainer", required=True),
                _started(
                    "Basis",
                    "basis",
                    lambda **more: rx.el.select(*(rx.el.option(said, value=word) for word, said in _BASES), **more),
                ),
                _started("Fee a month", "fee", placeholder="2,000.00", only="if-fee"),
                _started("Hours a month", "hours", placeholder="20", only="if-hours"),
                _started("Budget a month", "budget", placeholder="5,000.00", only="if-budget"),
                _started("Rate per hour", "rate", placeholder="95.00", only="if-rate"),
                _started("Overage rate per hour", "overage_rate", only="if-hours"),
                _started("Starts on", "starts_on", type="date", default_value=Workbench.start_on, required=True),
                _started("VAT %", "vat_percent", placeholder="As in the settings"),
                *(rx.el.p(said, class_name=f"hint wide {only}") for only, said in _WHAT_IS_MORE),
                class_name="flds",
            ),
            rx.cond(Workbench.start_fault == "", error_text(Workbench.start_error)),
            rx.el.div(
                rx.el.span(
                    "The burn-down starts with the first entry.",
                    class_name="faint grow",
                ),
                rx.el.button("Create", class_name="btn btn-primary", type="submit"),
                class_name="dlg-f",
            ),
            on_submit=Workbench.start_with_client,
            class_name="terms",
            key=Workbench.start_serial.to_string() + Workbench.start_on,
        ),
    )


_BASES = (
    ("hours", "Hours at a rate"),
    ("fee", "Fixed fee with included hours"),
    ("hybrid", "Fee plus hours"),
    ("budget", "Budget of money"),
)
_WHAT_IS_MORE = (
    ("if-by-hours", "Hours beyond these are billed at the overage rate; without one, at the rate per hour."),
    ("if-fee-alone", "Hours beyond the included ones are billed at the overage rate; without one they are absorbed."),
    ("if-budget", "Each entry draws on the budget at the rate per hour. What goes beyond it is billed."),
)


def _started(
    label: str, name: str, control: Callable[..., rx.Component] = rx.el.input, *, only: str = "", **attributes: object
) -> rx.Component:
    """Return a field of that form; `only` is when it is there, or wide."""
    return checked(
        label,
        name,
        control,
        fault=Workbench.start_fault,
        message=Workbench.start_error,
        also=only,
        **attributes,
    )


def finalise_dialog(
    total: rx.Var[str],
    title: rx.Var[str],
    error: rx.Var[str],
    reasons: rx.Var[list[Check]],
    notes: rx.Var[list[Check]],
    busy: rx.Var[bool],
    ask: rx.EventHandler | rx.event.EventCallback,
    finalise: rx.EventHandler | rx.event.EventCallback,
) -> rx.Component:
    """Return the one question that is asked, because a number cannot be un-issued. While there are `reasons` against it,
    `ask` looks again whether they are mended."""
    blocked = reasons.length() > 0
    return dialog(
        "finalise-dialog",
        "Finalise this invoice",
        rx.el.p(
            rx.el.b(title),
            " becomes an invoice over ",
            rx.el.b(total),
            ". It gets its number, its entries lock and its period closes. A mistake is then mended by a credit note.",
        ),
        error_text(error),
        rx.cond(
            blocked,
            rx.el.div(
                rx.el.b("Before it can be final"),
                rx.el.ul(rx.foreach(reasons, lambda reason: check(reason, closes="finalise-dialog")), class_name="chk"),
                class_name="said stops",
                role="alert",
            ),
        ),
        rx.cond(
            notes.length() > 0,
            rx.el.ul(
                rx.foreach(notes, lambda note: check(note, "info", closes="finalise-dialog")),
                class_name="chk say warn notes",
            ),
        ),
        rx.el.div(
            rx.el.button(
                "Not yet",
                class_name="btn",
                type="button",
                on_click=rx.call_script("window.agency.close('finalise-dialog')"),
            ),
            rx.cond(
                blocked,
                rx.el.button("Check again", class_name="btn", type="button", on_click=ask),
                rx.el.button(
                    rx.cond(busy, "Finalising", "Finalise & download"),
                    class_name="btn btn-primary",
                    type="button",
                    disabled=busy,
                    on_click=finalise,
                ),
            ),
            class_name="dlg-f end",
        ),
    )


def toast() -> rx.Component:
    """Return the result of the last action, with its undo."""
    return change_toast(Workbench.toast, Workbench.undo, Workbench.dismiss_toast, Workbench.show_logged)
