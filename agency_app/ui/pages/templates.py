"""`/settings/templates`: the task templates in their order, and the routines that put them on working days."""

import reflex as rx

from agency_app.domain.routines import WEEKDAYS
from agency_app.services.change_templates import PLATFORMS
from agency_app.states.template_rows import RoutineRow, TemplateRow
from agency_app.states.templates import Templates
from agency_app.ui.components.archived import archived
from agency_app.ui.components.icons import icon
from agency_app.ui.components.row_form import page_toast
from agency_app.ui.components.settings_nav import settings_nav
from agency_app.ui.components.shell import choice_list, dialog, dialog_actions, error_text, labelled, top_bar


def templates_page() -> rx.Component:
    """Return the page."""
    view = Templates.view
    return rx.el.div(
        top_bar("Settings", Templates.me, rx.el.span(class_name="grow")),
        rx.el.main(
            settings_nav("/settings/templates"),
            rx.el.div(rx.el.h1("Templates and routines"), class_name="pg-h"),
            rx.el.p(
                "A template is a touch that comes up again: drag it onto the week, or start its timer. A routine puts "
                "one on working days as a question. Nothing is logged before somebody says that it happened.",
                class_name="pg-s",
            ),
            rx.cond(view["ready"], rx.el.div(_templates(), _routines(), class_name="stack")),
            class_name="page narrow",
        ),
        _template_dialog(),
        _routine_dialog(),
        page_toast(Templates, Templates.undo),
        class_name="doc",
    )


def _templates() -> rx.Component:
    view = Templates.view
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Templates"),
            rx.cond(
                view["may"],
                rx.el.button(
                    icon("plus", "s"),
                    "New template",
                    class_name="btn btn-s",
                    type="button",
                    on_click=Templates.open_template(""),
                ),
            ),
            class_name="sec-h",
        ),
        rx.cond(
            view["templates"].length() > 0,
            rx.el.ul(rx.foreach(view["templates"], _template), class_name="plain"),
            rx.el.p("No template yet. The first one saves the most typing.", class_name="hint"),
        ),
        archived(view["archived"], view["may"], Templates.bring_back, about="about"),
        class_name="card sec",
    )


def _template(row: rx.Var[TemplateRow]) -> rx.Component:
    return rx.el.li(
        rx.el.span(row["key"], class_name=rx.cond(row["key"] == "", "tp-k", "tp-k kbd")),
        rx.el.div(rx.el.b(row["name"]), rx.el.span(row["about"], class_name="muted"), class_name="tp-t"),
        rx.el.span(row["duration"], class_name="strong"),
        rx.cond(
            Templates.view["may"],
            rx.fragment(
                _small("up", "Move up: " + row["name"].to(str), Templates.place(row["id"], -1), row["first"]),
                _small("down", "Move down: " + row["name"].to(str), Templates.place(row["id"], 1), row["last"]),
                rx.el.button(
                    "Edit",
                    class_name="btn btn-s",
                    type="button",
                    aria_label="Edit " + row["name"].to(str),
                    on_click=Templates.open_template(row["id"]),
                ),
                _small("close", "Archive " + row["name"].to(str), Templates.archive(row["id"])),
            ),
        ),
        class_name="tp",
        key=row["id"],
    )


def _small(
    drawn: str, label: rx.Var[str] | str, act: rx.event.EventType[()], disabled: rx.Var[bool] | bool = False
) -> rx.Component:
    return rx.el.button(
        icon(drawn, "s"), class_name="icon-btn", type="button", aria_label=label, on_click=act, disabled=disabled
    )


def _routines() -> rx.Component:
    view = Templates.view
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Routines"),
            rx.cond(
                view["templates"].length() > 0,
                rx.el.button(
                    icon("plus", "s"),
                    "New routine",
                    class_name="btn btn-s",
                    type="button",
                    on_click=Templates.open_routine(""),
                ),
            ),
            class_name="sec-h",
        ),
        rx.cond(
            view["routines"].length() > 0,
            rx.el.ul(rx.foreach(view["routines"], _routine), class_name="plain"),
            rx.el.p(
                "No routine yet. Put the work that lands every day on the week, and say yes to it.", class_name="hint"
            ),
        ),
        class_name="card sec",
    )


def _routine(row: rx.Var[RoutineRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.b(row["name"]), rx.el.span(row["about"], class_name="muted"), class_name="tp-t"),
        rx.cond(row["own"], rx.el.span("You", class_name="chip"), rx.el.span(row["member"], class_name="chip")),
        rx.el.button(
            "Edit",
            class_name="btn btn-s",
            type="button",
            aria_label="Edit the routine " + row["name"].to(str),
            on_click=Templates.open_routine(row["id"]),
        ),
        _small("close", "Stop the routine " + row["name"].to(str), Templates.stop(row["id"])),
        class_name="tp",
        key=row["id"],
    )


def _template_dialog() -> rx.Component:
    form, view = Templates.template, Templates.view
    return dialog(
        "template-dialog",
        form["title"],
        rx.el.form(
            rx.el.div(
                labelled("Name", rx.el.input(name="name", default_value=form["name"], max_length=120), wide=True),
                labelled(
                    "Activity",
                    rx.el.select(
                        choice_list(view["activity_choices"]), name="activity", default_value=form["activity"]
                    ),
                ),
                labelled("Length", rx.el.input(name="duration", default_value=form["duration"], placeholder="0:30")),
                labelled(
                    "Client",
                    rx.el.select(
                        rx.el.option("The one in focus", value=""),
                        choice_list(view["client_choices"]),
                        name="client",
                        default_value=form["client"],
                        on_change=Templates.choose_client,
                    ),
                ),
                labelled(
                    "Campaign",
                    rx.el.select(
                        rx.el.option("No campaign", value=""),
                        choice_list(Templates.campaign_choices),
                        name="campaign",
                        default_value=form["campaign"],
                    ),
                ),
                labelled(
                    "Platform",
                    rx.el.select(
                        rx.el.option("None", value=""),
                        *(rx.el.option(name, value=name) for name in PLATFORMS),
                        name="platform",
                        default_value=form["platform"],
                        title="A campaign brings its own.",
                    ),
                ),
                class_name="flds",
            ),
            error_text(Templates.error),
            dialog_actions("template-dialog", "Save"),
            on_submit=Templates.save_template,
            no_validate=True,
            key=Templates.serial.to_string(),
        ),
    )


def _routine_dialog() -> rx.Component:
    form, view = Templates.routine, Templates.view
    return dialog(
        "routine-dialog",
        form["title"],
        rx.el.form(
            rx.el.div(
                labelled(
                    "Template",
                    rx.el.select(
                        choice_list(view["template_choices"]), name="template", default_value=form["template"]
                    ),
                ),
                labelled(
                    "For",
                    rx.el.select(
                        rx.el.option("The template's client", value=""),
                        choice_list(view["client_choices"]),
                        name="client",
                        default_value=form["client"],
                    ),
                ),
                labelled(
                    "Whose",
                    rx.el.select(choice_list(view["member_choices"]), name="member", default_value=form["member"]),
                ),
                labelled(
                    "At",
                    rx.el.input(
                        type="time", name="at", default_value=form["at"], title="Empty: at any time of the day"
                    ),
                ),
                rx.el.fieldset(
                    rx.el.legend("On", class_name="label"),
                    *(
                        rx.el.label(
                            rx.el.input(
                                type="checkbox",
                                name=name,
                                value="yes",
                                default_checked=form["weekdays"].contains(name),
                            ),
                            name.title(),
                            class_name="tick-l",
                        )
                        for name in WEEKDAYS
                    ),
                    class_name="days fld wide",
                ),
                labelled(
                    "From", rx.el.input(type="date", name="since", default_value=form["since"], title="Empty: today")
                ),
                class_name="flds",
            ),
            rx.el.p("Days off and holidays of the working hours are skipped.", class_name="hint"),
            error_text(Templates.error),
            dialog_actions("routine-dialog", "Save"),
            on_submit=Templates.save_routine,
            no_validate=True,
            key=Templates.serial.to_string(),
        ),
    )
