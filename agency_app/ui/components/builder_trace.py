"""Beside the paper: the selected line with the work behind it, what was added and set aside, the checks."""

import reflex as rx

from agency_app.states.after_invoice import AfterInvoice
from agency_app.states.builder import Builder
from agency_app.states.builder_view import CheckRow, Decision, ItemRow, Stat
from agency_app.states.invoices import Invoices
from agency_app.states.record_words import RecordRow
from agency_app.ui.components.after_invoice import after_invoice
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import choice_list, download_link, page_link


def trace() -> rx.Component:
    """Return the right side of the builder."""
    board = Builder.board
    return rx.el.aside(
        rx.cond(Builder.line["found"], _line_head()),
        rx.el.div(
            rx.cond(Builder.work.length() > 0, _work_table()),
            rx.cond(board["aside"].length() > 0, _aside()),
            rx.cond(board["items"].length() > 0, _items()),
            class_name="work",
        ),
        rx.cond(board["draft"], rx.el.dl(rx.foreach(board["stats"], _stat), class_name="stats")),
        after_invoice(),
        rx.el.div(_checks(), _final(), class_name="bot"),
        class_name="side",
        aria_label="The work behind the selected line",
    )


def _line_head() -> rx.Component:
    line = Builder.line
    return rx.el.div(
        rx.el.div(
            rx.cond(
                Builder.board["may_build"],
                rx.el.form(
                    rx.el.input(type="hidden", name="key", value=line["key"]),
                    rx.el.input(
                        name="description",
                        default_value=line["description"],
                        aria_label="Words of this line",
                        title="Press Enter to keep the words; empty brings back those that follow from the work",
                        max_length=120,
                        class_name="line-words",
                    ),
                    on_submit=Builder.describe,
                    key=line["key"] + line["description"],
                ),
                rx.el.h2(line["description"]),
            ),
            rx.el.span(line["sum"], class_name="muted"),
            rx.el.p(line["makes"], class_name="muted mk"),
            class_name="grow",
        ),
        rx.cond(
            Builder.board["may_build"],
            rx.el.span(
                _mover("Up", "Move this line up", -1),
                _mover("Down", "Move this line down", 1),
                class_name="movers",
            ),
        ),
        rx.el.span(line["place"], class_name="muted nowrap"),
        _stepper("left", "Previous line", -1),
        _stepper("right", "Next line", 1),
        class_name="sh",
    )


def _mover(name: str, label: str, by: int) -> rx.Component:
    return rx.el.button(
        name,
        type="button",
        class_name="btn btn-s btn-ghost",
        aria_label=label,
        title=f"{label} (Alt+{'↑' if by < 0 else '↓'})",
        on_click=Builder.move_line(by),
    )


def _stepper(name: str, label: str, by: int) -> rx.Component:
    return rx.el.button(
        icon(name, "s"), class_name="icon-btn", aria_label=label, type="button", on_click=Invoices.step(by)
    )


def _work_table() -> rx.Component:
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                rx.el.th("Date"),
                rx.el.th("Task"),
                rx.el.th("Person"),
                rx.el.th("Platform"),
                rx.el.th("Minutes", class_name="num"),
                rx.el.th("Amount", class_name="num"),
                rx.el.th(rx.el.span("Evidence", class_name="sr"), class_name="num"),
            )
        ),
        rx.el.tbody(
            rx.foreach(Builder.work, _work_row),
            rx.el.tr(
                rx.el.td("Line total", class_name="strong", col_span=4),
                rx.el.td(Builder.line["total_time"], class_name="num strong"),
                rx.el.td(Builder.line["total"], class_name="num strong amount"),
                rx.el.td(""),
                class_name="sum-row",
            ),
        ),
        class_name="tbl tk-t",
    )


def _work_row(row: rx.Var[Decision]) -> rx.Component:
    is_open = Builder.opened == row["id"]
    opens = rx.cond(Builder.board["may_build"], "Adjust", "Evidence")
    return rx.fragment(
        rx.el.tr(
            rx.el.td(
                page_link(row["date"], href=row["href"], title="Open in the week"),
                rx.el.span(row["when"], class_name="td-s"),
                class_name="worked",
            ),
            rx.el.td(
                row["task"],
                rx.cond(row["month"] != "", rx.el.span("Worked in ", row["month"], class_name="chip chip-line")),
                class_name="strong task",
            ),
            rx.el.td(row["member"], class_name="muted"),
            rx.el.td(row["platform"], class_name="platform"),
            rx.el.td(row["minutes"], rx.el.span(" ", row["of"], class_name="faint"), class_name="num"),
            rx.el.td(row["amount"], class_name="num strong amount"),
            rx.el.td(
                rx.el.button(
                    rx.cond(is_open, "Close", opens),
                    type="button",
                    class_name="btn btn-s",
                    aria_expanded=is_open,
                    on_click=Builder.toggle(row["id"]),
                ),
                class_name="num act",
            ),
            class_name=rx.cond(is_open, "open", ""),
        ),
        rx.cond(is_open, rx.el.tr(rx.el.td(_opened(row), col_span=7), class_name="adjust")),
        key=row["id"],
    )


def _opened(row: rx.Var[Decision]) -> rx.Component:
    """Return what stands under an entry: what is on record about it, and, for those who build, what of it is billed."""
    return rx.el.div(
        _evidence(),
        rx.cond(Builder.board["may_build"], _adjust(row)),
        class_name="adj",
        key=row["id"] + row["minutes"] + row["of"],
    )


def _evidence() -> rx.Component:
    proof = Builder.proof
    return rx.el.section(
        rx.el.p(
            rx.foreach(proof["facts"], lambda fact: rx.el.span(fact, class_name="chip chip-line", key=fact)),
            class_name="facts",
        ),
        rx.el.p(proof["rate"], class_name="muted"),
        rx.el.ul(rx.foreach(proof["rows"], _recorded), class_name="evd"),
        class_name="about",
        aria_label="Evidence",
    )


def _recorded(row: rx.Var[RecordRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(row["at"], class_name="muted"), rx.el.span(row["text"]), rx.el.span(row["detail"]), key=row["key"]
    )


def _adjust(row: rx.Var[Decision]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span("Bill"),
            _quarter("−", "Bill 15 minutes less", row, -15, row["billed"] <= 0),
            _minutes_form(
                Builder.bill_minutes,
                row,
                rx.el.input(
                    name="minutes",
                    default_value=row["billed"].to_string(),
                    input_mode="numeric",
                    aria_label="Minutes billed",
                ),
            ),
            _quarter("+", "Bill 15 minutes more", row, 15, row["billed"] >= row["most"]),
            rx.el.span("of ", row["most"].to_string(), " min", class_name="muted"),
            rx.cond(
                (row["less"] != "") | (row["written_off"] > 0),
                rx.el.button("Bill whole", type="button", class_name="btn btn-s", on_click=Builder.whole(row["id"])),
            ),
            class_name="row",
        ),
        rx.el.p(row["step"], class_name="muted"),
        rx.cond(
            row["written_off"] > 0,
            rx.el.p(row["written_off"].to_string(), " min written off: ", row["reason"], class_name="muted"),
        ),
        _minutes_form(
            Builder.write_off,
            row,
            rx.el.input(
                name="minutes",
                default_value=row["billed"].to_string(),
                input_mode="numeric",
                aria_label="Minutes to write off",
            ),
            rx.el.input(name="reason", placeholder="Reason", aria_label="Reason", required=True, max_length=120),
            rx.el.button("Write off", type="submit", class_name="btn btn-s"),
        ),
        _minutes_form(
            Builder.split,
            row,
            rx.el.input(
                name="minutes",
                default_value=(row["logged"] // 2).to_string(),
                input_mode="numeric",
                aria_label="Minutes of the first part",
            ),
            rx.el.input(name="note", placeholder="Note of the second part", aria_label="Note", max_length=500),
            rx.el.button("Split after", type="submit", class_name="btn btn-s"),
        ),
        _minutes_form(
            Builder.move,
            row,
            rx.el.select(choice_list(Builder.board["months"]), name="month", aria_label="Month whose invoice bills it"),
            rx.el.button("Move there", type="submit", class_name="btn btn-s"),
        ),
        class_name="adj-acts",
    )


def _quarter(sign: str, label: str, row: rx.Var[Decision], by: int, disabled: rx.Var[bool]) -> rx.Component:
    return rx.el.button(
        sign,
        type="button",
        class_name="btn btn-s",
        aria_label=label,
        disabled=disabled,
        on_click=Builder.step_minutes(row["id"], by),
    )


def _minutes_form(event: rx.event.EventCallback, row: rx.Var[Decision], *content: rx.Component) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="entry", value=row["id"]), *content, on_submit=event, class_name="row"
    )


def _aside() -> rx.Component:
    return rx.el.section(
        rx.el.h3("Not on this invoice"),
        rx.el.ul(
            rx.foreach(
                Builder.board["aside"],
                lambda row: rx.el.li(
                    rx.el.span(row["date"], class_name="muted"),
                    rx.el.b(row["task"]),
                    rx.el.span(row["logged"].to_string(), " min", class_name="muted"),
                    rx.cond(
                        row["moved"] != "",
                        rx.el.span(row["moved"], class_name="chip chip-line"),
                        rx.el.span(rx.cond(row["reason"] != "", row["reason"], "Not billed"), class_name="muted"),
                    ),
                    rx.el.span(class_name="grow"),
                    rx.cond(
                        Builder.board["may_build"],
                        rx.el.button(
                            "Bill here",
                            type="button",
                            class_name="btn btn-s",
                            on_click=Builder.bill_here(row["id"]),
                        ),
                    ),
                    key=row["id"],
                ),
            )
        ),
        class_name="set-aside",
    )


def _items() -> rx.Component:
    return rx.el.section(
        rx.el.h3("Added to this draft"),
        rx.el.ul(rx.foreach(Builder.board["items"], _item)),
        class_name="set-aside",
        id="added",
    )


def _item(row: rx.Var[ItemRow]) -> rx.Component:
    return rx.el.li(
        rx.el.b(row["what"]),
        rx.el.span(row["detail"], class_name="muted"),
        rx.el.span(class_name="grow"),
        rx.el.span(row["amount"], class_name="num"),
        rx.cond(
            Builder.board["may_build"],
            rx.el.span(
                rx.el.button("Edit", type="button", class_name="btn btn-s", on_click=Builder.edit_item(row["id"])),
                rx.el.button(
                    icon("close", "s"),
                    type="button",
                    class_name="icon-btn",
                    aria_label="Remove",
                    title="Remove",
                    on_click=Builder.remove_item(row["id"]),
                ),
                class_name="row",
            ),
        ),
        key=row["id"],
    )


def _stat(row: rx.Var[Stat]) -> rx.Component:
    return rx.el.div(rx.el.dt(row["name"]), rx.el.dd(rx.el.b(row["value"]), rx.el.span(row["note"])), key=row["name"])


def _checks() -> rx.Component:
    return rx.el.div(
        rx.el.h3("Checks"),
        rx.el.ul(
            rx.cond(
                Builder.board["draft"],
                rx.foreach(Builder.board["checks"], _check),
                rx.el.li(icon("check"), rx.el.span("Final: numbered, locked and chained")),
            ),
        ),
        class_name="chk",
    )


def _check(row: rx.Var[CheckRow]) -> rx.Component:
    return rx.el.li(
        rx.match(row["kind"], ("stop", icon("warn")), ("ok", icon("check")), icon("info")),
        rx.el.span(
            row["text"],
            rx.cond(
                row["fix"] != "",
                rx.cond(
                    Builder.board["may_build"],
                    rx.el.button(row["link"], type="button", class_name="link", on_click=Builder.mend(row["fix"])),
                ),
                rx.cond(row["href"] != "", rx.fragment(" ", page_link(row["link"], href=row["href"]))),
            ),
        ),
        class_name=rx.match(row["kind"], ("stop", "bad"), ("ok", ""), "faint"),
        key=row["text"],
    )


def _final() -> rx.Component:
    paper = Invoices.paper
    return rx.el.div(
        rx.el.div(
            rx.el.span(rx.cond(paper["kind"] == "credit_note", "Total credited", "Total due"), class_name="muted"),
            rx.el.b(paper["due_total"]),
            class_name="tot",
        ),
        rx.cond(
            paper["final"],
            download_link(icon("download"), "Download PDF", href=paper["pdf"], class_name="btn btn-primary btn-l"),
            rx.el.button(
                "Finalise & download",
                class_name="btn btn-primary btn-l",
                type="button",
                disabled=(paper["lines"].length() == 0) | (AfterInvoice.view["status"] == "void"),
                on_click=Invoices.ask,
            ),
        ),
        rx.cond(
            ~paper["final"] & (paper["lines"].length() > 0),
            rx.el.p(
                "will be ",
                rx.el.b(Builder.board["will_be"]),
                ", locks ",
                Builder.board["locks"],
                class_name="muted will",
            ),
        ),
        rx.cond(paper["ubl"] != "", download_link("E-invoice (UBL)", href=paper["ubl"], class_name="hint")),
        rx.cond(Invoices.notice != "", rx.el.p(Invoices.notice, role="status")),
        class_name="fin",
    )
