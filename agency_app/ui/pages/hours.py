"""`/settings/hours`: the hours a member means to work, and the days off."""

import reflex as rx

from agency_app.services.change_calendar import WEEKDAYS
from agency_app.states.hours import Hours, MemberPlace, OffRow, WeekRow
from agency_app.ui.components.icons import icon
from agency_app.ui.components.row_form import page_toast
from agency_app.ui.components.settings_nav import settings_nav
from agency_app.ui.components.shell import error_text, labelled, page_link, top_bar


def hours_page() -> rx.Component:
    """Return the page."""
    view = Hours.view
    return rx.el.div(
        top_bar("Settings", Hours.me, rx.el.span(class_name="grow")),
        rx.el.main(
            settings_nav("/settings/hours"),
            rx.el.div(rx.el.h1("Working hours"), class_name="pg-h"),
            rx.el.p(
                "The hours somebody means to work, and the days off. Gaps, week totals and forecasts count with them; "
                "nothing is logged by them.",
                class_name="pg-s",
            ),
            rx.cond(
                view["ready"],
                rx.el.div(
                    rx.cond(
                        view["members"].length() > 1,
                        rx.el.nav(rx.foreach(view["members"], _member), class_name="seg", aria_label="Whose hours"),
                    ),
                    _week(),
                    _off(),
                    class_name="stack",
                ),
            ),
            class_name="page narrow",
        ),
        page_toast(Hours, Hours.undo),
        class_name="doc",
    )


def _member(place: rx.Var[MemberPlace]) -> rx.Component:
    return page_link(
        place["name"],
        href=place["href"],
        aria_current=rx.cond(place["here"], "true", "false"),
        key=place["href"],
    )


def _week() -> rx.Component:
    view = Hours.view
    return rx.el.section(
        rx.el.h2("A week of ", view["member"]),
        rx.el.p(view["summary"], class_name="sec-l"),
        rx.el.form(
            rx.el.input(type="hidden", name="seen", default_value=view["seen"].to_string()),
            rx.el.div(*(_day(weekday) for weekday in WEEKDAYS), class_name="flds week-f"),
            rx.el.div(
                labelled("From", rx.el.input(type="date", name="since", default_value=view["since"], required=True)),
                rx.el.p("Write 8, 7:30 or 7.5. The days before keep the hours they had.", class_name="fld-hint grow"),
                rx.el.button("Save", class_name="btn btn-primary", type="submit"),
                class_name="set-row",
            ),
            error_text(Hours.week_error),
            on_submit=Hours.save_week,
            no_validate=True,
            key=view["member_id"].to(str) + view["seen"].to_string(),
        ),
        rx.cond(
            view["weeks"].length() > 0,
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th("From"),
                            *(rx.el.th(weekday[:3].title(), class_name="num") for weekday in WEEKDAYS),
                            rx.el.th("A week", class_name="num"),
                        )
                    ),
                    rx.el.tbody(rx.foreach(view["weeks"], _week_row)),
                    class_name="tbl",
                ),
                class_name="scroll",
            ),
        ),
        class_name="card sec",
    )


def _day(weekday: str) -> rx.Component:
    error = Hours.errors[weekday]
    wrong = Hours.errors.contains(weekday)
    return rx.el.div(
        labelled(
            weekday[:3].title(),
            rx.el.input(
                name=weekday,
                default_value=Hours.view["hours"][weekday],
                input_mode="decimal",
                auto_complete="off",
                aria_label=weekday.title(),
                placeholder="–",
                custom_attrs={"aria-invalid": rx.cond(wrong, "true", "false")},
            ),
        ),
        rx.cond(wrong, rx.el.p(error, class_name="fld-err", role="alert")),
        class_name="fld",
    )


def _week_row(row: rx.Var[WeekRow]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row["since"]),
        rx.foreach(row["days"], lambda hours: rx.el.td(hours, class_name="num")),
        rx.el.td(row["total"], class_name="num strong"),
        key=row["since"],
    )


def _off() -> rx.Component:
    view = Hours.view
    return rx.el.section(
        rx.el.h2("Days off"),
        rx.el.form(
            rx.el.div(
                labelled("First day", rx.el.input(type="date", name="first", default_value=view["today"])),
                labelled("Last day", rx.el.input(type="date", name="last", default_value="")),
                labelled("What for", rx.el.input(name="name", placeholder="Leave", auto_complete="off")),
                rx.cond(
                    view["everybody"],
                    labelled(
                        "Who",
                        rx.el.select(
                            rx.el.option(view["member"], value="member"),
                            rx.el.option("Everybody, a holiday", value="everybody"),
                            name="whose",
                        ),
                    ),
                ),
                class_name="flds off-f",
            ),
            rx.el.div(
                rx.el.label(
                    rx.el.input(type="checkbox", name="half", value="yes"), "Half of each day", class_name="tick-l"
                ),
                rx.el.span(class_name="grow"),
                rx.el.button(icon("plus", "s"), "Add", class_name="btn", type="submit"),
                class_name="set-row",
            ),
            error_text(Hours.off_error),
            on_submit=Hours.add_off,
            no_validate=True,
            reset_on_submit=True,
            key=view["member_id"],
        ),
        rx.cond(
            view["off"].length() > 0,
            rx.el.ul(rx.foreach(view["off"], _off_row), class_name="plain"),
            rx.el.p("No days off yet.", class_name="hint"),
        ),
        class_name="card sec",
    )


def _off_row(row: rx.Var[OffRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(row["days"], class_name="strong"),
            rx.el.span(row["name"], class_name="grow muted"),
            rx.cond(row["whose"] != "", rx.el.span(row["whose"], class_name="chip")),
            rx.cond(
                row["may"],
                rx.el.button(
                    icon("close", "s"),
                    class_name="icon-btn",
                    type="button",
                    aria_label="Not off after all: " + row["days"].to(str),
                    on_click=Hours.remove_off(row["id"]),
                ),
            ),
            class_name="li-1",
        ),
        class_name="li",
        key=row["id"],
    )
