"""`/`: what could be logged at the left, the week in the middle, what it costs at the right."""

import reflex as rx

from agency_app.states.burn_down import SMALL
from agency_app.states.timer import Timer
from agency_app.states.views import ClientTotal, DraftLine, Fact, OfferRow
from agency_app.states.week_gestures import WeekGestures
from agency_app.states.workbench import Workbench
from agency_app.ui.components.burn_down import burn_down
from agency_app.ui.components.entry_dialog import (
    entry_dialog,
    finalise_dialog,
    plan_dialog,
    start_dialog,
    toast,
)
from agency_app.ui.components.icons import grip, icon, platform_badge
from agency_app.ui.components.move_dialog import move_dialog, snap_choice
from agency_app.ui.components.own_week import own_week
from agency_app.ui.components.quick_line import quick_line
from agency_app.ui.components.routine_questions import routine_questions
from agency_app.ui.components.shell import page_link, top_bar
from agency_app.ui.components.tidy_dialogs import split_dialog
from agency_app.ui.components.week_modes import week_modes
from agency_app.ui.components.week_nav import week_nav
from agency_app.ui.draft_change import draft_change
from agency_app.ui.week_calendar import week_calendar


def workbench() -> rx.Component:
    """Return the page."""
    side = Workbench.side
    return rx.el.div(
        top_bar(
            "Week",
            Workbench.me,
            rx.el.span(class_name="vr"),
            week_nav(side),
            rx.el.span(class_name="grow"),
            week_modes("/", Workbench.week),
        ),
        _left_rail(),
        rx.el.main(
            _summary(),
            own_week(),
            quick_line(),
            routine_questions(),
            rx.el.div(
                rx.cond(
                    side["empty"],
                    rx.el.p(
                        "Nothing logged this week. Press N, or drag a task in.",
                        class_name="week-empty",
                    ),
                ),
                week_calendar(
                    events=side["events"],
                    date=Workbench.week,
                    day=Workbench.day,
                    day_totals=side["day_totals"],
                    day_targets=side["day_targets"],
                    time_zone=side["zone"],
                    first_day=side["first_day"],
                    label="Week",
                    on_move=Workbench.move,
                    on_move_day=Workbench.move_day,
                    on_resize=Workbench.resize,
                    on_external_drop=Workbench.drop,
                    on_sweep=Workbench.sweep,
                    on_open=Workbench.open_entry,
                    on_key=Workbench.nudge,
                    on_routine=Workbench.answer_routine,
                    snap_duration=side["snap_duration"],
                    scroll_time=side["scroll"],
                    on_shift=WeekGestures.shift,
                    on_delete_many=WeekGestures.delete,
                    on_ask_move=WeekGestures.ask_move,
                    on_turn=WeekGestures.turn,
                ),
                class_name="week",
            ),
            class_name="cal",
            aria_label="Week",
        ),
        _strip(),
        _right_rail(),
        entry_dialog(),
        split_dialog(),
        move_dialog(),
        plan_dialog(),
        start_dialog(),
        finalise_dialog(
            Workbench.focus["total"],
            Workbench.focus["client"] + ", " + Workbench.focus["month"],
            Workbench.finalise_error,
            Workbench.finalise_reasons,
            Workbench.finalise_notes,
            Workbench.busy,
            Workbench.ask_finalise,
            Workbench.finalise,
        ),
        toast(),
        class_name="app",
    )


def _left_rail() -> rx.Component:
    side = Workbench.side
    return rx.el.aside(
        rx.el.div(
            rx.el.b("Inbox"),
            rx.el.span(side["inbox_summary"], class_name="faint grow"),
            rx.el.button(
                icon("plus", "s"),
                class_name="icon-btn",
                aria_label="Add a task to the Inbox",
                type="button",
                on_click=rx.call_script("window.agency.open('plan-dialog')"),
            ),
            class_name="rh",
        ),
        rx.el.ul(rx.foreach(side["inbox"], _planned)),
        rx.cond(
            side["inbox"].length() == 0,
            rx.el.p(
                "Nothing planned. Add a task here, then drag it onto the week.",
                class_name="hint pad",
            ),
        ),
        rx.el.div(
            rx.el.div(
                rx.el.b("Tasks"),
                rx.el.span("drag onto the week", class_name="faint grow trunc"),
                page_link("Edit", href="/settings/templates", class_name="btn btn-s btn-ghost"),
                class_name="rh",
            ),
            rx.el.ul(rx.foreach(side["templates"], _template)),
            class_name="tks",
        ),
        class_name="rail left",
        aria_label="Inbox and tasks",
    )


def _planned(offer: rx.Var[OfferRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            platform_badge(offer["platform"]),
            rx.el.b(offer["client"], class_name="trunc"),
            rx.el.span(offer["duration"], class_name="pv"),
            class_name="p1",
        ),
        rx.el.div(offer["name"], class_name="p2 trunc"),
        rx.el.div(
            rx.el.span(offer["activity"], class_name="chip"),
            rx.el.span(class_name="grow"),
            _place_button(offer, "task:"),
            rx.el.button(
                icon("close", "s"),
                class_name="pa",
                aria_label="Dismiss",
                type="button",
                on_click=Workbench.drop_planned(offer["id"]),
            ),
            class_name="p3",
        ),
        class_name="pc " + offer["colour"].to(str),
        tab_index=0,
        aria_label=offer["client"].to(str) + ", " + offer["name"].to(str) + ". Enter says when.",
        title=offer["client"].to(str) + ": " + offer["name"].to(str) + ", " + offer["duration"].to(str),
        custom_attrs={"data-task": offer["data"]},
        key=offer["id"],
    )


def _template(offer: rx.Var[OfferRow]) -> rx.Component:
    return rx.el.li(
        grip(),
        platform_badge(offer["platform"]),
        rx.el.span(
            offer["name"],
            rx.cond(offer["own"] != "", rx.el.span(" ", offer["own"], class_name="faint")),
            class_name="grow trunc tk-n",
        ),
        rx.el.span(
            rx.el.button(
                icon("play", "xs"),
                class_name="pa",
                aria_label="Start a timer for " + offer["name"].to(str),
                title="Start a timer",
                type="button",
                on_click=Timer.start_template(offer["id"]),
            ),
            _place_button(offer, "template:"),
            class_name="tk-a",
        ),
        rx.el.span(offer["duration"], class_name="faint"),
        rx.cond(
            offer["key"].to(int) <= 4,
            rx.el.span(offer["key"], class_name="kbd", title="Press it to log this at the cursor"),
        ),
        class_name="tk",
        tab_index=0,
        aria_label=offer["name"].to(str) + ", " + offer["duration"].to(str) + ". Enter says when.",
        title=offer["name"].to(str) + ", " + offer["duration"].to(str),
        custom_attrs={"data-task": offer["data"]},
        key=offer["id"],
    )


def _place_button(offer: rx.Var[OfferRow], kind: str) -> rx.Component:
    """Return the form path of dragging an offer onto the week (assets/keyboard.js)."""
    return rx.el.button(
        icon("plus", "xs"),
        class_name="pa",
        aria_label="Log it at…",
        title="Log at…",
        type="button",
        custom_attrs={"data-places": kind + offer["id"].to(str)},
    )


def _summary() -> rx.Component:
    side = Workbench.side
    return rx.el.div(
        rx.el.b(side["total"]),
        rx.el.span(side["target"], rx.el.span(" this week", class_name="wk-this"), class_name="faint wk-label"),
        rx.el.div(rx.foreach(side["totals"], _client_total), class_name="totals"),
        rx.el.span(class_name="grow"),
        rx.cond(
            side["gap"] != "",
            page_link(side["gap"], href=side["gap_href"], class_name="gap-link", id="week-gap"),
        ),
        snap_choice(),
        rx.el.button(
            icon("plus", "s"),
            "New entry",
            class_name="btn btn-s",
            id="new-entry",
            type="button",
            on_click=Workbench.new_entry,
        ),
        class_name="sum",
    )


def _client_total(total: rx.Var[ClientTotal]) -> rx.Component:
    return page_link(
        rx.el.span(class_name="dot"),
        rx.el.span(total["name"], class_name="trunc"),
        rx.el.b(total["hours"]),
        href="/?week=" + Workbench.day.to(str) + "&client=" + total["id"].to(str),  # a phone stays on its day
        class_name="lg-i " + total["colour"].to(str),
        aria_current=rx.cond(Workbench.focus_id == total["id"], "true", "false"),
        key=total["id"],
    )


def _strip() -> rx.Component:
    """Return what is left of the right rail where it has no room: whose it is, hours left and total, and the way to
    the rest."""
    focus = Workbench.focus
    return rx.el.button(
        icon("left", "s"),
        rx.cond(
            focus["has_client"],
            rx.fragment(
                rx.el.span(class_name="dot"),
                rx.el.b(focus["client"]),
                rx.cond(
                    focus["has_retainer"],
                    rx.el.span(focus["left"], class_name="chip " + focus["status_class"].to(str)),
                ),
                rx.el.span("Draft ", rx.el.b(focus["total"])),
            ),
        ),
        class_name="strip " + focus["colour"].to(str),
        type="button",
        aria_label="Retainer and draft invoice of " + focus["client"].to(str),
        title="Retainer and draft invoice",
        custom_attrs={"data-opens": "right-rail"},
    )


def _right_rail() -> rx.Component:
    focus = Workbench.focus
    return rx.el.aside(
        rx.cond(
            focus["has_client"],
            rx.fragment(_balance(), _draft()),
            rx.el.section(
                rx.el.b("No retainer yet"),
                rx.el.p(
                    "Add the client, the hours and the rate; the burn-down starts with the first entry.",
                    class_name="hint",
                ),
                rx.el.button(
                    "Start with one retainer client",
                    class_name="btn btn-primary",
                    type="button",
                    on_click=rx.call_script("window.agency.open('start-dialog')"),
                ),
                class_name="card bd",
            ),
        ),
        class_name="rail right",
        id="right-rail",
        aria_label="Retainer and draft invoice",
    )


def _focus_switch() -> rx.Component:
    return rx.el.select(
        rx.foreach(
            Workbench.client_choices,
            lambda choice: rx.el.option(choice["name"], value=choice["id"], key=choice["id"]),
        ),
        value=Workbench.focus_id,
        on_change=Workbench.choose_focus,
        class_name="focus-select",
        aria_label="Client in focus",
    )


def _balance() -> rx.Component:
    focus = Workbench.focus
    return rx.el.section(
        rx.el.div(
            rx.el.span(class_name="dot"),
            _focus_switch(),
            rx.el.span(focus["month"].to(str)[0:3], class_name="faint", title=focus["month"]),
            rx.el.span(class_name="grow"),
            rx.cond(
                focus["status"] != "",
                rx.el.span(focus["status"], class_name="chip " + focus["status_class"]),
            ),
            class_name="bd-h " + focus["colour"].to(str),
        ),
        rx.cond(
            focus["has_retainer"],
            rx.fragment(
                rx.el.div(
                    rx.el.b(focus["used"], id="used-hours"),
                    rx.el.span("/ " + focus["available"].to(str), class_name="of"),
                    rx.el.span(focus["left"], class_name="lf"),
                    class_name="big",
                ),
                burn_down(focus["curve"], SMALL),
                page_link(
                    focus["retainer"],
                    ", day by day ",
                    rx.el.span("V", class_name="kbd"),
                    href=focus["href"],
                    class_name="days-l",
                ),
                rx.el.div(
                    icon("trend"),
                    rx.el.span(focus["forecast"]),
                    class_name="fcst " + focus["status_class"],
                ),
                rx.el.dl(rx.foreach(focus["facts"], _fact), class_name="kv"),
            ),
            rx.el.p(
                "No retainer runs on this day: the work is billed by the hour.",
                class_name="hint",
            ),
        ),
        class_name="card bd " + focus["fill_class"].to(str) + " cl-" + focus["colour"].to(str),
    )


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return rx.fragment(rx.el.dt(fact["name"]), rx.el.dd(fact["value"]), key=fact["name"])


def _draft() -> rx.Component:
    focus = Workbench.focus
    return rx.el.section(
        rx.el.div(
            rx.el.b(
                rx.cond(
                    focus["final"],
                    "Invoice " + focus["number"].to(str),
                    "Draft invoice",
                )
            ),
            rx.el.span(class_name="grow"),
            draft_change(
                of=focus["net"]["of"],
                net=focus["net"]["minor"],
                prefix=focus["net"]["prefix"],
                decimals=focus["net"]["decimals"],
            ),
            class_name="di-h",
        ),
        rx.el.div(
            rx.el.table(
                rx.el.tbody(
                    rx.foreach(focus["lines"], _draft_line),
                    rx.el.tr(
                        rx.el.td("Subtotal"),
                        rx.el.td(),
                        rx.el.td(_flashing(focus["subtotal"]), class_name="num"),
                        class_name="sep",
                    ),
                    rx.foreach(
                        focus["vat"],
                        lambda row: rx.el.tr(
                            rx.el.td(row["name"]),
                            rx.el.td(),
                            rx.el.td(row["value"], class_name="num"),
                            key=row["name"],
                        ),
                    ),
                    rx.el.tr(
                        rx.el.td("Total"),
                        rx.el.td(
                            _flashing(focus["total"]),
                            col_span=2,  # its figures are larger: they take no room from the names of the lines
                            class_name="num",
                            id="draft-total",
                        ),
                        class_name="sep tot",
                    ),
                ),
                class_name="dl",
            ),
            class_name="dl-wrap",
        ),
        rx.el.p(focus["hint"], class_name="hint"),
        rx.el.div(
            rx.cond(
                ~focus["final"],
                rx.el.button("Review", class_name="btn", type="button", on_click=Workbench.review),
            ),
            rx.cond(
                focus["final"],
                rx.el.button(
                    "Open invoice",
                    class_name="btn btn-primary",
                    type="button",
                    on_click=Workbench.review,
                ),
                rx.el.button(
                    "Finalise & download",
                    class_name="btn btn-primary",
                    type="button",
                    disabled=focus["lines"].length() == 0,
                    on_click=Workbench.ask_finalise,
                ),
            ),
            class_name="acts",
        ),
        class_name="card di",
    )


def _draft_line(line: rx.Var[DraftLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(line["description"], title=line["description"]),
        rx.el.td(line["quantity"], class_name="num q"),
        rx.el.td(
            _flashing(line["amount"]),
            class_name=rx.cond(line["faint"], "num faint", "num"),
        ),
        key=line["description"] + line["quantity"],
    )


def _flashing(value: rx.Var[str]) -> rx.Component:
    """A figure that is drawn anew when it changes, so that its flash runs once a change."""
    return rx.el.span(value, class_name="flash", key=value)
