"""`/entries`: every entry that fits a filter, its totals, a file of it, and what tidies it."""

import reflex as rx

from agency_app.states.entries import Entries
from agency_app.states.entries_view import EntryItem, SavedItem
from agency_app.states.tidy import Tidy
from agency_app.states.views import Choice
from agency_app.states.workbench import Workbench
from agency_app.ui.components.entry_dialog import entry_dialog, toast
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import choice_list, download_link, error_text, labelled, page_link, top_bar
from agency_app.ui.components.tidy_dialogs import many_dialog, merge_dialog, split_dialog
from agency_app.ui.components.week_modes import week_modes


def entries_page() -> rx.Component:
    """Return the page."""
    view = Entries.view
    return rx.el.div(
        top_bar("Week", Entries.me, rx.el.span(class_name="grow"), week_modes("/entries")),
        rx.cond(
            view["ready"],
            rx.el.main(
                rx.el.div(
                    rx.el.h1("Entries"),
                    rx.el.span(class_name="grow"),
                    rx.cond(
                        view["csv"] != "",
                        download_link(icon("download", "s"), "CSV", href=view["csv"], class_name="btn"),
                    ),
                    class_name="ph",
                ),
                _saved(),
                rx.el.section(
                    _filter(),
                    rx.cond(
                        view["refused"] != "",
                        rx.el.div(
                            error_text(view["refused"]), page_link("Show everything", href="/entries"), class_name="pad"
                        ),
                        _list(),
                    ),
                    class_name="card en",
                    aria_label="Entries",
                ),
                class_name="page rt-page",
            ),
        ),
        _picked(),
        entry_dialog(),
        split_dialog(),
        merge_dialog(),
        many_dialog(),
        toast(),
        class_name="doc",
    )


def _saved() -> rx.Component:
    view = Entries.view
    can_save = view["filtered"] & ~view["saved_here"] & (view["refused"] == "")
    return rx.cond(
        (view["saved"].length() > 0) | can_save,
        rx.el.div(
            rx.cond(view["saved"].length() > 0, rx.el.ul(rx.foreach(view["saved"], _saved_one), class_name="en-s")),
            rx.cond(
                can_save,
                rx.el.form(
                    rx.el.input(
                        name="name",
                        placeholder="Name of this filter",
                        aria_label="Name of this filter",
                        auto_complete="off",
                        max_length=120,
                    ),
                    rx.el.button("Save filter", class_name="btn btn-s", type="submit"),
                    error_text(Entries.save_error),
                    on_submit=Entries.save,
                    class_name="en-f",
                    key=Entries.save_serial.to_string(),
                ),
            ),
            class_name="row wrap",
        ),
    )


def _saved_one(saved: rx.Var[SavedItem]) -> rx.Component:
    return rx.el.li(
        page_link(saved["name"], href=saved["href"], aria_current=saved["here"]),
        rx.el.button(
            icon("close", "xs"),
            type="button",
            aria_label="Remove the filter " + saved["name"].to(str),
            on_click=Entries.drop(saved["id"]),
        ),
        class_name="chip chip-line",
        key=saved["id"],
    )


def _filter() -> rx.Component:
    view, asked = Entries.view, Entries.view["asked"]
    return rx.el.form(
        rx.el.input(
            type="search",
            name="q",
            default_value=asked["q"],
            placeholder="Words of note, task or campaign",
            aria_label="Words of note, task or campaign",
            class_name="en-q",
        ),
        _choose("Days", "when", view["spans"]),
        _choose("Client", "client", view["clients"]),
        _choose("Activity", "activity", view["activities"]),
        _choose("State", "state", view["states"]),
        rx.el.button("Show", class_name="btn", type="submit"),
        rx.cond(view["filtered"], page_link("Clear", href="/entries", class_name="btn btn-ghost")),
        rx.el.details(
            rx.el.summary("More"),
            rx.el.div(
                labelled("From", rx.el.input(type="date", name="from", default_value=asked["from"])),
                labelled("To", rx.el.input(type="date", name="to", default_value=asked["to"])),
                labelled("Tags", rx.el.input(name="tags", default_value=asked["tags"], placeholder="q4 launch")),
                _choose("Retainer", "retainer", view["retainers"]),
                _choose("Campaign", "campaign", view["campaigns"]),
                rx.cond(view["members"].length() > 0, _choose("Member", "member", view["members"])),
                rx.el.select(
                    rx.el.option("Billable or not", value=""),
                    rx.el.option("Billable", value="yes"),
                    rx.el.option("Not billable", value="no"),
                    name="billable",
                    default_value=asked["billable"],
                    aria_label="Billable",
                ),
                class_name="rp-f",
            ),
            open=view["more_asked"],
            class_name="en-m",
        ),
        on_submit=Entries.ask,
        class_name="rp-f en-a",
        key=view["serial"],
    )


def _choose(label: str, name: str, choices: rx.Var[list[Choice]]) -> rx.Component:
    return rx.el.select(choice_list(choices), name=name, default_value=Entries.view["asked"][name], aria_label=label)


def _list() -> rx.Component:
    view = Entries.view
    return rx.fragment(
        rx.el.div(
            rx.el.b(view["total"], id="entries-total"),
            rx.el.span(view["billable"], class_name="faint"),
            rx.el.span(class_name="grow"),
            rx.cond(
                (view["rows"].length() > 0) & (view["count"] > view["rows"].length()),
                rx.el.button(
                    "Pick all that can change", class_name="btn btn-ghost btn-s", type="button", on_click=Tidy.pick_all
                ),
            ),
            class_name="en-t",
        ),
        rx.cond(
            view["empty"] != "",
            rx.el.p(view["empty"], class_name="say"),
            rx.el.table(
                rx.el.caption(view["total"], class_name="vh"),
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(
                            rx.el.button(
                                icon("check", "xs"),
                                type="button",
                                class_name="icon-btn",
                                aria_label="Pick the page, or let it go",
                                title="Pick the page, or let it go",
                                on_click=Tidy.pick_page,
                            )
                        ),
                        rx.el.th("Day"),
                        rx.el.th("Work"),
                        rx.el.th("Note and tags"),
                        rx.el.th("Member"),
                        rx.el.th("Time", class_name="num"),
                        rx.el.th(rx.el.span("Split", class_name="vh")),
                    )
                ),
                rx.el.tbody(rx.foreach(view["rows"], _row)),
                class_name="tbl en-l",
            ),
        ),
        rx.el.nav(
            rx.cond(
                view["newer"] != "",
                page_link(icon("left", "s"), "Newer", href=view["newer"], class_name="btn btn-s"),
            ),
            rx.cond(
                view["older"] != "",
                page_link("Older", icon("right", "s"), href=view["older"], class_name="btn btn-s"),
            ),
            class_name="en-p",
            aria_label="Pages",
        ),
    )


def _row(row: rx.Var[EntryItem]) -> rx.Component:
    locked = row["lock"] != ""
    return rx.el.tr(
        rx.el.td(
            rx.cond(
                row["may_change"],
                rx.el.input(
                    type="checkbox",
                    checked=Tidy.picked.contains(row["id"]),
                    on_change=Tidy.pick(row["id"], row["version"]),
                    aria_label="Pick " + row["client"].to(str) + ", " + row["activity"].to(str),
                ),
            ),
            class_name="en-c",
        ),
        rx.el.td(rx.el.span(row["day"]), rx.el.div(row["time"], class_name="faint"), class_name="en-d"),
        rx.el.td(
            rx.el.button(
                rx.el.span(class_name="dot " + row["colour"].to(str)),
                rx.el.span(row["client"], class_name="strong"),
                rx.el.span(row["activity"]),
                type="button",
                class_name="en-o",
                on_click=Workbench.open_entry(row["id"]),
            ),
            rx.cond(row["campaign"] != "", rx.el.div(row["campaign"], class_name="faint")),
        ),
        rx.el.td(
            rx.el.span(row["note"], class_name="en-n"),
            rx.cond(
                row["tags"].length() > 0,
                rx.el.span(
                    rx.foreach(row["tags"].to(list[str]), lambda tag: rx.el.span("#", tag, class_name="chip", key=tag)),
                    class_name="en-g",
                ),
            ),
        ),
        rx.el.td(row["member"], class_name="en-w"),
        rx.el.td(
            rx.el.b(row["duration"]),
            rx.cond(row["billable"], rx.fragment(), rx.el.div("not billable", class_name="faint")),
            class_name="num",
        ),
        rx.el.td(
            rx.cond(
                locked,
                rx.el.span(icon("lock", "s"), row["lock"], class_name="chip"),
                rx.cond(
                    row["may_change"],
                    rx.el.button(
                        icon("split", "s"),
                        type="button",
                        class_name="icon-btn",
                        aria_label="Split",
                        title="Split in two",
                        on_click=Tidy.ask_split(row["id"]),
                    ),
                ),
            ),
            class_name="en-x",
        ),
        class_name=rx.cond(locked, "is-locked", ""),
        key=row["id"],
    )


def _picked() -> rx.Component:
    """Return the bar with what can be done to what is picked."""
    return rx.cond(
        Tidy.count > 0,
        rx.el.div(
            rx.el.b(Tidy.count, " picked", id="picked"),
            rx.el.button("Edit", class_name="btn btn-s", type="button", on_click=Tidy.ask_edit),
            rx.cond(
                Tidy.count > 1,
                rx.el.button("Merge", class_name="btn btn-s", type="button", on_click=Tidy.ask_merge),
            ),
            rx.el.button("Delete", class_name="btn btn-s", type="button", on_click=Tidy.delete),
            rx.el.button("Let go", class_name="btn btn-ghost btn-s", type="button", on_click=Tidy.clear),
            class_name="en-b",
            role="region",
            aria_label="Picked entries",
        ),
    )
