"""`/gaps`: the days of a week with less logged than meant, for the member and for who leads."""

import reflex as rx

from agency_app.states.gaps import GapDay, GapRow, Gaps
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import page_link, top_bar


def gaps_page() -> rx.Component:
    """Return the page."""
    view = Gaps.view
    return rx.el.div(
        top_bar("Gaps", Gaps.me, rx.el.span(class_name="grow")),
        rx.cond(
            view["ready"],
            rx.el.main(
                rx.el.div(
                    rx.el.h1("Gaps"),
                    rx.el.span(view["total"], class_name="faint"),
                    rx.el.span(class_name="grow"),
                    rx.el.nav(
                        page_link(icon("left", "s"), href=view["previous"], aria_label="Previous week"),
                        page_link(rx.el.b(view["title"]), href=view["week"], title="Open this week"),
                        page_link(icon("right", "s"), href=view["next"], aria_label="Next week"),
                        class_name="seg",
                        aria_label="Week",
                    ),
                    class_name="ph",
                ),
                rx.el.p(
                    "Target less logged, for days that have ended. Targets and days off are set under ",
                    page_link("working hours", href="/settings/hours"),
                    ".",
                    class_name="pg-s",
                ),
                rx.el.section(
                    rx.el.table(
                        rx.el.thead(
                            rx.el.tr(
                                rx.el.th("Member"),
                                rx.foreach(view["heads"], lambda head: rx.el.th(head, class_name="num", key=head)),
                                rx.el.th("Week", class_name="num"),
                                rx.el.th("Gap", class_name="num"),
                            )
                        ),
                        rx.el.tbody(rx.foreach(view["rows"], _row)),
                        class_name="tbl gaps",
                        tab_index=0,  # where it has no room it scrolls, by keyboard too
                        aria_label="Gaps by member and day",
                    ),
                    class_name="card",
                    aria_label="Gaps by member and day",
                ),
                rx.foreach(view["rows"], _said),
                class_name="page",
            ),
        ),
        class_name="doc",
    )


def _row(row: rx.Var[GapRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.b(row["name"])),
        rx.foreach(row["days"], _day),
        rx.el.td(row["total"], class_name="num"),
        rx.el.td(rx.el.b(row["gap"]), class_name="num"),
        key=row["id"],
    )


def _day(day: rx.Var[GapDay]) -> rx.Component:
    return rx.el.td(
        day["text"],
        class_name=rx.cond(day["short"], "num is-short", "num"),
        title=day["about"],
        key=day["key"],
    )


def _said(row: rx.Var[GapRow]) -> rx.Component:
    return rx.cond(
        row["said"].length() > 0,
        rx.el.p(
            rx.el.b(row["name"], ": "),
            rx.foreach(row["said"], lambda text: rx.el.span(text, " ", key=text)),
            class_name="said",
            key=row["id"],
        ),
    )
