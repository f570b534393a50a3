"""The parts of a page with a form over one row: fields with their errors, the bar that saves, and the plain reading."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from agency_app.states.row_form import RowForm
from agency_app.states.views import Choice
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import choice_list, page_link
from agency_app.ui.components.toast import toast, undo_way


@dataclass(frozen=True)
class Field:
    """An input: its name is the column, its anchor in the address and its key in errors; `lines` makes it taller."""

    name: str
    label: str
    hint: str | rx.Var[str] = ""
    wide: bool = False
    lines: int = 1
    choices: tuple[Choice, ...] | rx.Var[list[Choice]] = ()
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """Fields that belong together, as a card."""

    title: str
    lead: str
    fields: tuple[Field, ...]


Page = type[RowForm]


def row_form(page: Page, sections: tuple[Section, ...]) -> rx.Component:
    """Return the form of a page. Enter saves, in a field of several lines together with Ctrl or Cmd."""
    return rx.el.form(
        rx.el.input(
            type="hidden",
            name="version",
            default_value=page.form_version.to_string(),
        ),
        rx.cond(
            page.view["newer"],  # pyright: ignore[reportAttributeAccessIssue]
            rx.el.div(
                icon("info"),
                rx.el.span("Somebody saved this in the meantime. What you typed stays with you.", class_name="grow"),
                rx.el.button("Show what is saved", class_name="btn btn-s", type="button", on_click=page.show_newest),
                class_name="say warn",
                role="status",
            ),
        ),
        rx.el.div(
            icon("info"),
            rx.el.span("What you typed earlier is back. It is not saved yet."),
            class_name="say restored",
            role="status",
        ),
        *(_card(section, *(_input(page, one) for one in section.fields)) for section in sections),
        rx.el.div(
            rx.cond(
                page.form_error != "",
                rx.el.p(icon("warn", "s"), page.form_error, class_name="err", role="alert"),
            ),
            rx.el.span(class_name="state"),
            rx.el.button("Discard", class_name="btn btn-ghost", type="button", on_click=page.discard),
            rx.el.button("Save", class_name="btn btn-primary", type="submit"),
            class_name="bar-save",
        ),
        on_submit=page.save,
        no_validate=True,
        class_name="rf",
        key=page.form_serial.to_string(),
        custom_attrs={
            "data-keep": page.keep_as,  # pyright: ignore[reportAttributeAccessIssue]
            "data-serial": page.form_serial.to_string(),
        },
    )


def row_facts(page: Page, sections: tuple[Section, ...]) -> rx.Component:
    """Return the same fields to read, for those who may not change them."""
    facts = page.view["facts"]  # pyright: ignore[reportAttributeAccessIssue]
    return rx.el.div(
        *(_card(section, *(_fact(facts, one) for one in section.fields)) for section in sections),
        class_name="rf",
    )


def back_link(address: rx.Var[str]) -> rx.Component:
    """Return the way back to where the person was sent here from."""
    return rx.cond(
        address != "",
        page_link(
            icon("left", "s"),
            _back_words(address),
            href=address,
            class_name="back",
        ),
    )


def _back_words(address: rx.Var[str]) -> rx.Var[str]:
    page = rx.cond(address.startswith("/invoices/"), "Back to the invoice", "Back to the week")
    return rx.cond(address.contains("finalise=1"), "Back to finalising", page)


def page_toast(page: Page, undo: rx.event.EventType[()] | None = None, back: rx.Var[str] | None = None) -> rx.Component:
    """Return the result of the last save, with what undoes it and, where the person was sent here to fill something in,
    the way `back`."""
    said = page.toast
    ways = [undo_way(said, undo)] if undo is not None else []
    ways += [rx.cond(back != "", page_link(_back_words(back), href=back))] if back is not None else []
    return toast(said, said["kind"] == "bad", page.dismiss_toast, *ways)


def _card(section: Section, *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h2(section.title),
        *([rx.el.p(section.lead, class_name="sec-l")] if section.lead else []),
        rx.el.div(*content, class_name="flds"),
        class_name="card sec",
    )


def _input(page: Page, one: Field) -> rx.Component:
    wrong, noted = page.errors.contains(one.name), page.notes.contains(one.name)
    attributes = {
        "id": one.name,
        "name": one.name,
        "default_value": page.form[one.name],
        "auto_complete": "off",
        **one.attributes,
        "custom_attrs": {
            "data-saved": page.kept[one.name],
            "data-noted": rx.cond(noted, "true", rx.Var("undefined")),
            "aria-invalid": rx.cond(wrong, "true", "false"),
            "aria-describedby": f"{one.name}-about",
        },
    }
    if isinstance(one.choices, rx.Var):
        control = rx.el.select(choice_list(one.choices), **attributes)
    elif one.choices:
        options = [rx.el.option(choice["name"], value=choice["id"]) for choice in one.choices]
        control = rx.el.select(*options, **attributes)
    elif one.lines > 1:
        control = rx.el.textarea(rows=str(one.lines), **attributes)
    else:
        control = rx.el.input(**{"type": "text", **attributes})
    return rx.el.div(
        rx.el.label(one.label, html_for=one.name, class_name="label"),
        control,
        rx.el.div(
            rx.cond(wrong, rx.el.p(page.errors[one.name], class_name="fld-err", role="alert")),
            rx.cond(noted, rx.el.p(page.notes[one.name], class_name="fld-note")),
            rx.el.p(one.hint, class_name="fld-hint") if isinstance(one.hint, rx.Var) or one.hint else rx.fragment(),
            id=f"{one.name}-about",
        ),
        class_name="fld wide" if one.wide else "fld",
    )


def _fact(facts: rx.Var[dict[str, str]], one: Field) -> rx.Component:
    value = facts[one.name]
    return rx.el.div(
        rx.el.span(one.label, class_name="label"),
        rx.el.span(rx.cond(value != "", value, "–"), class_name="fact", id=one.name),
        class_name="fld wide" if one.wide else "fld",
    )
