"""The control that hands in the week on screen, and says how it stands; nothing where the agency does not ask for it."""

import reflex as rx

from agency_app.states.approvals import Approvals
from agency_app.ui.components.icons import icon
from agency_app.ui.components.shell import page_link


def own_week() -> rx.Component:
    """Return the control, for beside the week's total."""
    own = Approvals.own
    return rx.cond(
        own["asked"],
        rx.el.div(
            rx.el.b("Your week"),
            rx.cond(
                own["chip"] != "",
                rx.el.span(own["chip"], class_name="chip " + own["chip_class"].to(str), id="week-status"),
            ),
            rx.cond(own["word"] != "", rx.el.span(own["word"], class_name="faint trunc", title=own["word"])),
            rx.cond(
                own["may_withdraw"],
                rx.el.button("Withdraw", class_name="btn btn-s", type="button", on_click=Approvals.withdraw),
            ),
            rx.cond(
                own["may_submit"],
                rx.el.button("Submit week", class_name="btn btn-s", type="button", on_click=Approvals.submit),
            ),
            rx.el.span(class_name="grow"),
            rx.cond(
                own["to_decide"] != "",
                page_link(
                    own["to_decide"], icon("right", "s"), href="/approvals", class_name="btn btn-s", id="to-approve"
                ),
            ),
            class_name="own-week",
        ),
    )
