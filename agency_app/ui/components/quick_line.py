"""The quick line: one field, what was understood of it as chips, and what is unsure as choices to click."""

import reflex as rx

from agency_app.states.quick_line import Answer, Chip, Question, QuickLine
from agency_app.ui.components.icons import icon

_PAUSE_MS = 150


def quick_line() -> rx.Component:
    """Return the field with what stands below it while it holds a line."""
    return rx.el.section(
        rx.el.form(
            icon("plus", "s"),
            rx.el.input(
                id="quick-line",
                name="text",
                type="text",
                default_value=QuickLine.text,
                placeholder="2h rebalanced northwind meta yesterday 9pm",
                aria_label="Log in one line",
                aria_describedby="quick-line-understood",
                auto_complete="off",
                spell_check=False,
                max_length=500,
                on_change=QuickLine.understand.debounce(_PAUSE_MS),
            ),
            rx.el.input(type="hidden", name="serial", value=QuickLine.serial),
            rx.cond(
                QuickLine.ready,
                rx.fragment(
                    rx.cond(
                        QuickLine.effect != "", rx.el.span(QuickLine.effect, id="quick-line-effect", class_name="trunc")
                    ),
                    rx.el.span("Enter logs it", class_name="faint"),
                ),
                rx.el.span("L", class_name="kbd", title="Press L to write here"),
            ),
            rx.el.button(
                icon("close", "s"),
                id="quick-line-clear",
                class_name="icon-btn",
                aria_label="Clear the line",
                type="button",
            ),
            rx.el.button("Log", class_name="btn btn-primary ql-log", type="submit"),
            on_submit=QuickLine.submit,
            class_name="ql-f",
        ),
        rx.el.div(
            rx.cond(
                QuickLine.chips.length() > 0,
                rx.el.ul(rx.foreach(QuickLine.chips, _chip), class_name="ql-c", aria_label="Understood"),
            ),
            rx.foreach(QuickLine.questions, _question),
            rx.cond(
                QuickLine.error != "", rx.el.p(icon("warn", "s"), QuickLine.error, class_name="err ql-e", role="alert")
            ),
            id="quick-line-understood",
            aria_live="polite",
        ),
        class_name="ql",
        aria_label="Quick line",
    )


def _chip(chip: rx.Var[Chip]) -> rx.Component:
    return rx.el.li(
        chip["text"],
        class_name=rx.cond(chip["kind"] == "note", "chip chip-line ql-n", "chip"),
        custom_attrs={"data-kind": chip["kind"]},
        key=chip["kind"] + chip["text"],
    )


def _question(question: rx.Var[Question]) -> rx.Component:
    return rx.el.div(
        rx.el.b(question["text"]),
        rx.foreach(question["answers"].to(list[Answer]), lambda answer: _answer(question, answer)),
        class_name="ql-q",
        role="group",
        aria_label=question["text"],
        custom_attrs={"data-field": question["field"]},
        key=question["field"],
    )


def _answer(question: rx.Var[Question], answer: rx.Var[Answer]) -> rx.Component:
    return rx.el.button(
        answer["label"],
        class_name="chip st-warn",
        type="button",
        on_click=QuickLine.choose(question["field"], answer["value"]),
        key=answer["value"],
    )
