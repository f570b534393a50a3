"""`/reports`: what work earned and cost, by client, activity, member or month, and where hours disappear."""

import reflex as rx

from agency_app.states.checks import Check
from agency_app.states.reports import COSTS, FeeRow, Kpi, ReportRow, Reports, WhereRow
from agency_app.states.retainer_rows import Place
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import choice_list, download_link, error_text, labelled, page_link, top_bar

WHERE = ("Earning", "Past the agreement", "Written off", "Not billable", "Not logged")


def reports_page() -> rx.Component:
    """Return the page."""
    view = Reports.view
    return rx.el.div(
        top_bar("Reports", Reports.me, rx.el.span(class_name="grow")),
        rx.cond(
            view["ready"],
            rx.el.main(
                rx.el.div(
                    rx.el.h1("Reports"),
                    rx.el.span(view["span"], class_name="faint"),
                    rx.el.span(class_name="grow"),
                    rx.el.nav(rx.foreach(view["spans"], _place), class_name="seg", aria_label="Months"),
                    rx.cond(
                        view["csv"] != "",
                        download_link(icon("download", "s"), "CSV", href=view["csv"], class_name="btn"),
                    ),
                    class_name="ph",
                ),
                rx.cond(
                    view["refused"] != "",
                    rx.el.p(view["refused"], class_name="say", role="status"),
                    rx.fragment(_kpis(), _report(), _where(), _fees()),
                ),
                class_name="page rt-page",
            ),
        ),
        class_name="doc",
    )


def _place(place: rx.Var[Place]) -> rx.Component:
    return page_link(
        place["name"], href=place["href"], aria_current=rx.cond(place["here"], "true", "false"), key=place["name"]
    )


def _kpis() -> rx.Component:
    return rx.el.section(
        rx.foreach(Reports.view["kpis"], _kpi), class_name="card kpis rp-kpis", aria_label="Figures of these months"
    )


def _kpi(fact: rx.Var[Kpi]) -> rx.Component:
    return rx.el.div(
        rx.el.span(fact["name"], class_name="label"),
        rx.el.b(fact["value"]),
        _without(fact["without"]),
        class_name="kpi",
        key=fact["name"],
    )


def _without(words: rx.Var[str]) -> rx.Component:
    """Return who is not in a figure for want of a cost rate, as the way to set one."""
    return rx.cond(
        words != "",
        page_link(words, href=COSTS, class_name="rp-wo", title="No cost rate on those days: set one"),
    )


def _report() -> rx.Component:
    view = Reports.view
    return rx.el.section(
        rx.el.div(
            rx.el.nav(rx.foreach(view["groups"], _place), class_name="seg", aria_label="Added up"),
            rx.el.span(class_name="grow"),
            _choose(),
            class_name="fil",
        ),
        rx.el.p(view["summary"], class_name="rp-sum"),
        rx.el.div(
            rx.el.table(
                rx.el.caption(view["summary"], class_name="vh"),
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(view["heading"]),
                        *(
                            rx.el.th(name, class_name="num")
                            for name in ("Hours", "Earned", "An hour", "Cost", "Margin", "%", "Not charged")
                        ),
                    )
                ),
                rx.el.tbody(rx.foreach(view["rows"], _row)),
                rx.el.tfoot(rx.foreach(view["totals"], _row)),
                class_name="tbl rp",
            ),
            class_name="rp-x",
        ),
        rx.foreach(view["notes"], _note),
        class_name="card rts",
        aria_label="Report",
    )


def _note(note: rx.Var[Check]) -> rx.Component:
    return rx.el.p(
        note["text"],
        rx.cond(note["href"] != "", rx.fragment(" ", page_link(note["link"], href=note["href"]))),
        class_name="hint pad-x",
        key=note["text"],
    )


def _choose() -> rx.Component:
    view = Reports.view
    return rx.el.form(
        rx.el.input(type="hidden", name="by", default_value=view["group"]),
        labelled("From", rx.el.input(type="month", name="from", default_value=view["first"])),
        labelled("To", rx.el.input(type="month", name="to", default_value=view["last"])),
        *(
            rx.el.select(choice_list(view[many]), name=name, default_value=view[f"{name}_id"], aria_label=name.title())
            for name, many in (("client", "clients"), ("activity", "activities"), ("member", "members"))
        ),
        rx.el.button("Show", class_name="btn", type="submit"),
        error_text(Reports.error),
        on_submit=Reports.ask,
        class_name="rp-f",
        key=view["serial"],
    )


def _row(row: rx.Var[ReportRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.cond(
                row["href"] != "",
                page_link(row["name"], href=row["href"], class_name="strong"),
                rx.el.span(row["name"], class_name="strong"),
            ),
            rx.el.div(rx.el.i(style=row["share"]), class_name="rp-b", aria_hidden="true"),
        ),
        rx.el.td(row["hours"], class_name="num"),
        rx.el.td(row["income"], class_name="num strong"),
        rx.el.td(row["rate"], class_name="num"),
        rx.el.td(row["cost"], _without(row["without"]), class_name="num"),
        rx.el.td(row["margin"], rx.el.span(row["counted"], class_name="rp-wo"), class_name="num"),
        rx.el.td(row["percent"], class_name="num"),
        rx.el.td(row["lost"], class_name="num"),
        key=row["key"],
    )


def _where() -> rx.Component:
    view = Reports.view
    return rx.el.section(
        rx.el.h2("Where the hours went"),
        rx.el.p(view["where_text"], class_name="sec-l"),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th("Month"),
                        rx.el.th(""),
                        *(
                            rx.el.th(rx.el.i(class_name=f"wh wh{place}"), name, class_name="num")
                            for place, name in enumerate(WHERE)
                        ),
                    )
                ),
                rx.el.tbody(rx.foreach(view["where"], _where_row)),
                class_name="tbl rp",
            ),
            class_name="rp-x",
        ),
        class_name="card sec",
    )


def _where_row(row: rx.Var[WhereRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row["month"]),
        rx.el.td(
            rx.el.div(
                *(rx.el.i(class_name=f"wh{place}", style=row["widths"][place]) for place in range(len(WHERE))),
                class_name="rp-w",
                role="img",
                aria_label=row["text"],
            ),
            class_name="rp-wt",
        ),
        *(
            rx.el.td(row[name], class_name="num")
            for name in ("earning", "over", "written_off", "unbillable", "unlogged")
        ),
        key=row["month"],
    )


def _fees() -> rx.Component:
    view = Reports.view
    return rx.cond(
        view["fees"].length() > 0,
        rx.el.section(
            rx.el.h2("Fee retainers"),
            rx.el.p("What of the fee belongs to these months, overage with it, ÷ the hours used.", class_name="sec-l"),
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th("Retainer"),
                        *(rx.el.th(name, class_name="num") for name in ("Fee", "Hours used", "Effective rate")),
                    )
                ),
                rx.el.tbody(rx.foreach(view["fees"], _fee)),
                class_name="tbl",
            ),
            class_name="card sec",
        ),
    )


def _fee(row: rx.Var[FeeRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(page_link(row["name"], href=row["href"], class_name="strong")),
        rx.el.td(row["fee"], class_name="num"),
        rx.el.td(row["hours"], class_name="num"),
        rx.el.td(row["rate"], class_name="num strong"),
        key=row["href"],
    )
