"""What routines ask about the days past: one line a day, two answers, and nothing counted until there is one."""

import reflex as rx

from agency_app.states.views import RoutineQuestion
from agency_app.states.workbench import Workbench
from agency_app.ui.components.icons import icon


def routine_questions() -> rx.Component:
    """Return the questions, for above the week; nothing where none is open."""
    asked = Workbench.side["questions"]
    return rx.cond(
        asked.length() > 0,
        rx.el.ul(rx.foreach(asked, _question), class_name="asks", aria_label="Did it happen?"),
    )


def _question(asked: rx.Var[RoutineQuestion]) -> rx.Component:
    def answer(word: str) -> rx.event.EventCallback:
        return Workbench.answer_routine(asked["routine_id"], asked["day"], word)

    return rx.el.li(
        rx.el.span(class_name="dot"),
        rx.el.span(asked["text"]),
        rx.el.span(asked["client"], class_name="faint grow trunc"),
        rx.el.button(
            icon("check", "s"),
            "Yes, log it",
            class_name="btn btn-s",
            type="button",
            aria_label="Yes, log it. " + asked["text"].to(str),
            on_click=answer("confirm"),
        ),
        rx.el.button(
            "No",
            class_name="btn btn-s btn-ghost",
            type="button",
            aria_label="No. " + asked["text"].to(str),
            on_click=answer("dismiss"),
        ),
        class_name="ask " + asked["colour"].to(str),
        key=asked["key"],
    )
