"""`/retainers/{id}`: how a period burns down, where its hours went, its history, and the agreement behind it."""

import reflex as rx

from agency_app.states.agreement_view import Change
from agency_app.states.retainer_page import EntryLine, LateLine, NoteLine, PeriodLine, Share, TaskLine
from agency_app.states.retainers import Retainers
from agency_app.states.views import Fact
from agency_app.ui.components.agreement_dialogs import (
    close_dialog,
    end_dialog,
    pause_dialog,
    resume_dialog,
    scope_dialog,
    terms_dialog,
)
from agency_app.ui.components.icons import icon
from agency_app.ui.components.period_chart import period_chart
from agency_app.ui.components.shell import error_text, page_link, top_bar


def retainer_detail() -> rx.Component:
    """Return the page."""
    page = Retainers.shown
    return rx.el.div(
        top_bar("Retainers", Retainers.me, rx.el.span(class_name="grow")),
        rx.cond(
            page["found"],
            rx.el.main(
                _head(),
                rx.el.p(Retainers.notice, class_name="said", role="status"),
                error_text(Retainers.error),
                _late(),
                rx.el.div(
                    rx.el.div(_burning(), _tasks(), _entries(), class_name="col"),
                    rx.el.div(_mix(), _agreement(), _notes(), class_name="col"),
                    class_name="rd",
                ),
                _history(),
                terms_dialog(),
                pause_dialog(),
                end_dialog(),
                close_dialog(),
                resume_dialog(),
                scope_dialog(),
                class_name="page rt-page",
            ),
            rx.cond(
                rx.State.is_hydrated,
                rx.el.main(
                    rx.el.h1("No such retainer"),
                    rx.el.p("It is not in this workspace. ", page_link("See all retainers", href="/retainers")),
                    class_name="page",
                ),
            ),
        ),
        class_name="doc",
    )


def _head() -> rx.Component:
    page = Retainers.shown
    return rx.el.div(
        page_link(icon("left"), href="/retainers", class_name="icon-btn", aria_label="Back to retainers"),
        rx.el.span(class_name="dot"),
        rx.el.h1(page["client"]),
        rx.el.span(page["name"], class_name="faint"),
        rx.el.span(class_name="grow"),
        rx.cond(
            page["can_close"] != "",
            rx.el.button(
                "Close period",
                class_name="btn",
                type="button",
                on_click=Retainers.ask_close(page["can_close"]),
            ),
        ),
        page_link("Open the week", href=page["client_href"], class_name="btn"),
        class_name="ph " + page["colour"].to(str),
    )


def _late() -> rx.Component:
    page = Retainers.shown
    return rx.cond(
        page["late"].length() > 0,
        rx.el.section(
            rx.el.h2("Late work waits"),
            rx.el.p(
                "It was handed in for a period that is closed and counts nowhere yet. This period's overage is billed on "
                "the next open invoice if its terms bill overage; the next period draws it like its own work.",
                class_name="hint",
            ),
            rx.el.ul(rx.foreach(page["late"], _late_line), class_name="late"),
            class_name="card det",
            aria_label="Late work",
        ),
    )


def _late_line(line: rx.Var[LateLine]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.b(line["task"]),
            rx.el.span(
                line["member"], ", ", line["day"], ", ", line["time"], " h, ", line["period"], class_name="faint"
            ),
            class_name="late-w",
        ),
        rx.cond(
            Retainers.shown["may_place"],
            rx.el.form(
                rx.el.input(type="hidden", name="late", value=line["id"], read_only=True),
                rx.el.select(
                    rx.el.option("This period's overage", value="overage"),
                    rx.el.option("The next period", value="next"),
                    rx.el.option("Written off", value="written_off"),
                    name="placement",
                    default_value="next",
                    aria_label="Where it goes",
                ),
                rx.el.input(name="reason", max_length=500, placeholder="reason, for a write-off", aria_label="Reason"),
                rx.el.button("Place", class_name="btn btn-s", type="submit"),
                on_submit=Retainers.place_late,
                class_name="late-f",
            ),
        ),
        rx.cond(
            line["mine"],
            rx.el.button(
                "Withdraw",
                class_name="btn btn-ghost btn-s",
                type="button",
                on_click=Retainers.withdraw_late(line["id"]),
            ),
        ),
        key=line["id"],
    )


def _burning() -> rx.Component:
    page = Retainers.shown
    return rx.el.section(
        rx.el.div(
            rx.el.h2(page["period"]),
            rx.el.span(class_name="grow"),
            rx.el.span(page["status"], class_name="chip " + page["status_class"].to(str)),
            class_name="row",
        ),
        rx.el.div(
            rx.el.b(page["used"], id="period-used"),
            rx.el.span(page["available"], class_name="of"),
            rx.el.span(page["left"], rx.cond(page["ahead"] != "", ", " + page["ahead"].to(str), ""), class_name="lf"),
            class_name="big",
        ),
        period_chart(page["chart"]),
        rx.el.p(icon("trend"), page["forecast"], class_name="fcst " + page["status_class"].to(str)),
        rx.cond(
            page["decide"] != "",
            rx.el.div(
                rx.el.span(page["decide"], class_name="grow"),
                rx.cond(
                    page["decide_day"] != "",
                    rx.fragment(
                        rx.el.button(
                            "Bill it",
                            class_name="btn btn-s",
                            type="button",
                            on_click=Retainers.decide(page["decide_day"], "bill"),
                        ),
                        rx.el.button(
                            "Absorb it",
                            class_name="btn btn-s",
                            type="button",
                            on_click=Retainers.decide(page["decide_day"], "absorb"),
                        ),
                    ),
                ),
                class_name="row",
            ),
        ),
        class_name="card det " + page["cl"].to(str),
        aria_label="Burn-down",
    )


def _mix() -> rx.Component:
    page = Retainers.shown
    return rx.el.section(
        _shares("Where the hours went", page["activities"], "No time in this period yet."),
        _shares("On which platform", page["platforms"], ""),
        _shares("By whom", page["members"], ""),
        class_name="card det",
        aria_label="Mix",
    )


def _shares(title: str, shares: rx.Var[list[Share]], empty: str) -> rx.Component:
    return rx.el.div(
        rx.el.h3(title) if empty else rx.cond(shares.length() > 0, rx.el.h3(title)),
        rx.el.div(
            rx.foreach(shares, lambda share: rx.el.i(style=share["style"], key=share["name"])),
            class_name="mix",
            aria_hidden="true",
        ),
        rx.el.ul(
            rx.foreach(
                shares,
                lambda share: rx.el.li(
                    rx.el.span(class_name="sq", style=share["square"]),
                    rx.el.span(share["name"], class_name="trunc"),
                    rx.el.b(share["value"]),
                    rx.el.span(share["percent"], class_name="faint pct"),
                    key=share["name"],
                ),
            ),
            class_name="ml",
        ),
        rx.cond(shares.length() == 0, rx.el.p(empty, class_name="hint")),
    )


def _agreement() -> rx.Component:
    page = Retainers.shown
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Agreement"),
            rx.el.span(class_name="grow"),
            rx.cond(
                page["may_change"],
                rx.fragment(
                    _asks("Change", "terms-dialog"),
                    _asks("For which work", "scope-dialog"),
                    rx.cond(
                        page["pause"]["id"] == "", _asks("Pause", "pause-dialog"), _asks("Resume", "resume-dialog")
                    ),
                    _asks("End", "end-dialog"),
                ),
            ),
            class_name="row wrap",
        ),
        rx.cond(page["pause"]["id"] != "", rx.el.p(page["pause"]["text"], class_name="lockline")),
        rx.el.dl(rx.foreach(page["facts"], _fact), class_name="facts"),
        rx.el.h3("History of the agreement"),
        rx.el.ol(rx.foreach(page["changes"], _change), class_name="chg"),
        class_name="card det",
        aria_label="Agreement",
    )


def _asks(text: str, dialog_id: str) -> rx.Component:
    return rx.el.button(text, class_name="btn btn-s", type="button", on_click=Retainers.ask(dialog_id))


def _notes() -> rx.Component:
    page = Retainers.shown
    return rx.el.section(
        rx.el.h2("Notes"),
        rx.cond(
            page["notes"].length() == 0, rx.el.p("No note yet. Write what the others should know.", class_name="hint")
        ),
        rx.el.ul(rx.foreach(page["notes"], _note), class_name="notes"),
        rx.el.form(
            rx.el.textarea(name="text", rows="2", max_length=2000, required=True, aria_label="Note"),
            rx.el.button("Add note", class_name="btn btn-s", type="submit"),
            class_name="note-f",
            on_submit=Retainers.note,
            reset_on_submit=True,
        ),
        class_name="card det",
        aria_label="Notes",
    )


def _note(note: rx.Var[NoteLine]) -> rx.Component:
    return rx.el.li(
        rx.el.p(note["text"]),
        rx.el.div(
            rx.el.span(note["signed"], class_name="faint grow"),
            rx.cond(
                note["mine"],
                rx.el.button(
                    icon("close", "xs"),
                    class_name="icon-btn",
                    type="button",
                    aria_label="Take this note away",
                    title="Take this note away",
                    on_click=Retainers.unnote(note["id"]),
                ),
            ),
            class_name="row",
        ),
        key=note["id"],
    )


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return rx.el.div(rx.el.dt(fact["name"]), rx.el.dd(fact["value"]), key=fact["name"])


def _change(change: rx.Var[Change]) -> rx.Component:
    return rx.el.li(
        rx.el.b(change["since"]),
        rx.el.span(change["what"]),
        rx.cond(change["note"] != "", rx.el.q(change["note"])),
        key=change["since"].to(str) + change["what"].to(str),
    )


def _tasks() -> rx.Component:
    page = Retainers.shown
    return rx.cond(
        page["tasks"].length() > 0,
        rx.el.section(
            rx.el.h2("Tasks"),
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th("Task"),
                            rx.el.th("Time", class_name="num"),
                            rx.el.th("Entries", class_name="num"),
                            rx.el.th("Activity"),
                            rx.el.th("Last"),
                        )
                    ),
                    rx.el.tbody(rx.foreach(page["tasks"], _task)),
                    class_name="tbl tsk",
                ),
                class_name="scroll",
                tab_index=0,
                role="group",
                aria_label="Tasks, to be scrolled",
            ),
            class_name="card det",
            aria_label="Tasks",
        ),
    )


def _task(task: rx.Var[TaskLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(task["name"]),
        rx.el.td(task["time"], class_name="num"),
        rx.el.td(task["entries"], class_name="num"),
        rx.el.td(task["activity"], class_name="muted"),
        rx.el.td(task["last"], class_name="muted"),
        key=task["name"].to(str) + task["activity"].to(str),
    )


def _entries() -> rx.Component:
    page = Retainers.shown
    return rx.el.section(
        rx.el.div(rx.el.h2("What drew on it"), rx.el.span(page["more"], class_name="faint"), class_name="row"),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th("Day"),
                        rx.el.th("Work"),
                        rx.el.th("Member"),
                        rx.el.th("Time", class_name="num"),
                        rx.el.th("Draws"),
                    )
                ),
                rx.el.tbody(rx.foreach(page["entries"], _entry)),
                class_name="tbl ent",
            ),
            class_name="scroll",
        ),
        rx.cond(
            page["entries"].length() == 0,
            rx.el.p("Nothing yet. The first billable entry that falls to it starts the burn-down.", class_name="hint"),
        ),
        class_name="card det",
        aria_label="Entries",
    )


def _entry(entry: rx.Var[EntryLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(entry["day"]),
        rx.el.td(page_link(entry["task"], href=entry["href"])),
        rx.el.td(entry["member"]),
        rx.el.td(entry["time"], class_name="num"),
        rx.el.td(entry["draws"], class_name="muted"),
        key=entry["id"],
    )


def _history() -> rx.Component:
    page = Retainers.shown
    return rx.el.section(
        rx.el.div(rx.el.h2("Period history"), class_name="row"),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th("Period"),
                        *(
                            rx.el.th(name, class_name="num")
                            for name in (
                                "Granted",
                                "Rolled in",
                                "Used",
                                "Overage",
                                "Written off",
                                "Left",
                                "Expired",
                                "Rolled out",
                            )
                        ),
                        rx.el.th(""),
                    )
                ),
                rx.el.tbody(rx.foreach(page["history"], _period)),
                class_name="tbl",
            ),
            class_name="scroll",
        ),
        rx.el.p(page["note"], class_name="note"),
        class_name="card det",
        aria_label="Period history",
    )


def _period(line: rx.Var[PeriodLine]) -> rx.Component:
    names = ("granted", "rolled_in", "used", "overage", "written_off", "left", "expired", "rolled_out")
    return rx.el.tr(
        rx.el.td(page_link(line["name"], href=line["href"])),
        *(rx.el.td(line[name], class_name="num") for name in names),
        rx.el.td(line["state"], class_name="muted"),
        class_name=rx.cond(line["here"], "cur", ""),
        key=line["start"],
    )
