"""`/retainers`: every retainer against its ideal pace, and the figures of the month on top."""

import reflex as rx

from agency_app.states.retainer_decisions import Decision
from agency_app.states.retainer_rows import Kpi, Place, RetainerRow
from agency_app.states.retainers import Retainers
from agency_app.ui.components.icons import icon
from agency_app.ui.components.new_retainer_dialog import new_retainer_button, new_retainer_dialog
from agency_app.ui.components.shell import page_link, top_bar


def retainer_dashboard() -> rx.Component:
    """Return the dashboard."""
    listed = Retainers.listed
    return rx.el.div(
        top_bar("Retainers", Retainers.me, rx.el.span(class_name="grow")),
        rx.cond(
            listed["ready"],
            rx.el.main(
                _head(),
                _late(),
                rx.el.section(
                    rx.foreach(listed["kpis"], _kpi), class_name="card kpis", aria_label="Figures of the month"
                ),
                rx.el.section(
                    _filters(),
                    _table(),
                    rx.cond(Retainers.listed["rows"].length() > 0, _key()),
                    class_name="card rts",
                    aria_label="Retainers",
                ),
                _decide(),
                _resting(),
                new_retainer_dialog(),
                class_name="page rt-page",
            ),
        ),
        class_name="doc",
    )


def _head() -> rx.Component:
    listed = Retainers.listed
    return rx.el.div(
        rx.el.h1("Retainers"),
        rx.el.span(listed["as_of"], class_name="faint"),
        rx.el.span(class_name="grow"),
        rx.el.nav(
            page_link(icon("left", "s"), href=listed["previous"], aria_label="Previous month"),
            rx.el.b(listed["month"]),
            page_link(icon("right", "s"), href=listed["next"], aria_label="Next month"),
            class_name="seg",
            aria_label="Month",
        ),
        new_retainer_button(),
        class_name="ph",
    )


def _kpi(kpi: rx.Var[Kpi]) -> rx.Component:
    return rx.el.div(
        rx.el.span(kpi["name"], class_name="label"),
        rx.el.b(kpi["value"]),
        rx.el.p(kpi["note"]),
        class_name=rx.cond(kpi["warn"], "kpi w", "kpi"),
        key=kpi["name"],
    )


def _filters() -> rx.Component:
    return rx.el.div(
        rx.el.nav(rx.foreach(Retainers.listed["filters"], _place), class_name="seg", aria_label="Which retainers"),
        rx.el.span(class_name="grow"),
        rx.el.nav(rx.foreach(Retainers.listed["orders"], _place), class_name="seg", aria_label="Order"),
        class_name="fil",
    )


def _place(place: rx.Var[Place]) -> rx.Component:
    return page_link(
        place["name"],
        href=place["href"],
        aria_current=rx.cond(place["here"], "true", "false"),
        key=place["name"],
    )


def _table() -> rx.Component:
    listed = Retainers.listed
    return rx.fragment(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th("Retainer"),
                    rx.el.th("Used"),
                    rx.el.th("Status"),
                    rx.el.th("Runs out"),
                    rx.el.th("Forecast", class_name="num"),
                    rx.el.th("Fee", class_name="num"),
                    rx.cond(listed["margins"], rx.el.th("Margin so far", class_name="num")),
                    rx.el.th("8 weeks"),
                )
            ),
            rx.el.tbody(rx.foreach(listed["rows"], _row)),
            rx.cond(
                listed["rows"].length() > 0,
                rx.el.tfoot(
                    rx.el.tr(rx.el.td(listed["total"]), rx.el.td(listed["of_total"]), rx.el.td("", col_span=6)),
                ),
            ),
            class_name="tbl rt",
        ),
        rx.cond(listed["empty"] != "", rx.el.p(listed["empty"], class_name="hint pad")),
    )


def _row(row: rx.Var[RetainerRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.div(
                rx.el.span(class_name="dot"),
                rx.el.div(
                    page_link(row["client"], href=row["href"], class_name="strong"),
                    rx.el.div(row["detail"], class_name="s"),
                ),
                class_name="row",
            ),
            class_name="who-t",
        ),
        rx.el.td(
            rx.el.div(
                rx.el.span(
                    rx.el.b(row["used"], class_name="strong"),
                    " ",
                    rx.el.span(row["available"], class_name="faint"),
                ),
                rx.el.span(row["left"], class_name="muted"),
                class_name="bl",
            ),
            rx.el.div(
                rx.el.i(class_name="used", style=row["used_style"]),
                rx.el.i(class_name="comm", style=row["forecast_style"]),
                rx.cond(row["over"], rx.el.i(class_name="end", style=row["end_style"])),
                rx.el.i(class_name="tick", style=row["tick_style"]),
                class_name="bar " + row["fill_class"].to(str),
                role="img",
                aria_label=row["bar_text"],
            ),
            class_name="bt",
        ),
        rx.el.td(rx.el.span(row["status"], class_name="chip " + row["status_class"].to(str))),
        rx.el.td(rx.el.div(row["run_out"]), rx.el.div(row["run_out_note"], class_name="s")),
        rx.el.td(rx.el.div(row["forecast"]), rx.el.div(row["forecast_note"], class_name="s"), class_name="num"),
        rx.el.td(rx.el.div(row["fee"]), rx.el.div(row["fee_note"], class_name="s"), class_name="num"),
        rx.cond(
            Retainers.listed["margins"],
            rx.el.td(rx.el.div(row["margin"]), rx.el.div(row["margin_note"], class_name="s"), class_name="num mg"),
        ),
        rx.el.td(
            rx.el.svg(
                rx.el.path(
                    d=row["weeks"],
                    fill="none",
                    stroke="var(--text-3)",
                    stroke_width="1.4",
                    stroke_linejoin="round",
                ),
                rx.el.circle(cx=row["weeks_x"], cy=row["weeks_y"], r="2.3", fill="var(--c)"),
                width="66",
                height="24",
                view_box="0 0 66 24",
                role="img",
                aria_label=row["weeks_text"],
            )
        ),
        class_name=row["colour"],
        key=row["href"],
    )


def _late() -> rx.Component:
    late = Retainers.listed["late"]
    return rx.cond(
        late.length() > 0,
        rx.el.section(
            rx.el.b(icon("warn", "s"), "Late work waits for a lead"),
            rx.el.ul(rx.foreach(late, lambda one: rx.el.li(page_link(one["name"], href=one["href"]), key=one["href"]))),
            class_name="late-n",
            role="status",
        ),
    )


def _decide() -> rx.Component:
    decide = Retainers.listed["decide"]
    return rx.cond(
        decide.length() > 0,
        rx.el.section(
            rx.el.h2("Decide this week ", rx.el.span(decide.length(), class_name="faint")),
            rx.el.ul(rx.foreach(decide, _decision)),
            class_name="card dec",
            aria_label="Decide this week",
        ),
    )


def _decision(one: rx.Var[Decision]) -> rx.Component:
    return rx.el.li(
        rx.el.span(class_name="dot"),
        rx.el.p(rx.el.b(one["client"], class_name="strong"), one["text"]),
        rx.cond(
            one["mails"],
            rx.el.a(one["verb"], href=one["goes"], class_name="btn btn-s"),
            page_link(one["verb"], href=one["goes"], class_name="btn btn-s"),
        ),
        class_name=one["colour"],
        key=one["id"],
    )


def _resting() -> rx.Component:
    resting = Retainers.listed["resting"]
    return rx.cond(
        resting.length() > 0,
        rx.el.section(
            rx.el.h2("Not running on this day", class_name="label"),
            rx.el.ul(
                rx.foreach(resting, lambda one: rx.el.li(page_link(one["name"], href=one["href"]), key=one["href"]))
            ),
            class_name="card rest",
        ),
    )


def _key() -> rx.Component:
    return rx.el.div(
        rx.el.span(rx.el.i(class_name="k-used"), "Used"),
        rx.el.span(rx.el.i(class_name="k-comm"), "Forecast to the end"),
        rx.el.span(rx.el.i(class_name="k-left"), "Remaining"),
        rx.el.span(rx.el.i(class_name="k-tick"), Retainers.listed["ideal"]),
        rx.el.span(class_name="grow"),
        rx.el.span(
            "Forecast: the pace of the last 10 working days, the newest weighing most, days off left out",
            class_name="faint",
        ),
        class_name="key",
    )
