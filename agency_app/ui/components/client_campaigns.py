"""The campaigns on a client's page, with the dialog in which one is added or renamed."""

import reflex as rx

from agency_app.services.change_campaigns import SUGGESTED_PLATFORMS
from agency_app.states.campaigns import Campaigns
from agency_app.states.clients import CampaignRow, Clients
from agency_app.ui.components.agreement_dialogs import form_input
from agency_app.ui.components.archived import archived
from agency_app.ui.components.icons import icon, platform_badge
from agency_app.ui.components.shell import dialog, dialog_actions, error_text, labelled


def client_campaigns() -> rx.Component:
    """Return the card."""
    view = Clients.view
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Campaigns"),
            rx.cond(
                view["may_change"],
                rx.el.button(
                    icon("plus", "s"), "New campaign", class_name="btn", type="button", on_click=Campaigns.ask("")
                ),
            ),
            class_name="total-row",
        ),
        rx.cond(
            view["campaigns"].length() == 0,
            rx.el.p(
                "No campaign yet. Work can be logged on one, and a retainer can be for one; a project is one, too.",
                class_name="muted",
            ),
            rx.el.ul(rx.foreach(view["campaigns"], _campaign)),
        ),
        archived(view["archived_campaigns"], view["may_change"], Campaigns.bring_back, key="key"),
        class_name="card sec",
    )


def campaign_dialog() -> rx.Component:
    """Return the form of a campaign."""
    return dialog(
        "campaign-dialog",
        "Campaign",
        rx.el.form(
            rx.el.div(
                labelled("Name", form_input("name", Campaigns.name, required=True), wide=True),
                labelled(
                    "Platform",
                    rx.el.input(
                        name="platform",
                        default_value=Campaigns.platform,
                        list="platforms",
                        placeholder="none, as for a project",
                        auto_complete="off",
                    ),
                ),
                labelled("Account there", form_input("account", Campaigns.account)),
                class_name="flds",
            ),
            rx.el.datalist(*(rx.el.option(value=name) for name in SUGGESTED_PLATFORMS), id="platforms"),
            error_text(Campaigns.error),
            dialog_actions("campaign-dialog", "Save"),
            on_submit=Campaigns.save,
            key=Campaigns.serial.to_string(),
        ),
    )


def _campaign(row: rx.Var[CampaignRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            platform_badge(row["platform"]),
            rx.el.span(row["name"], class_name="grow"),
            rx.cond(
                Clients.view["may_change"],
                rx.fragment(
                    rx.el.button(
                        "Edit",
                        class_name="btn btn-s btn-ghost",
                        type="button",
                        aria_label="Edit " + row["name"].to(str),
                        on_click=Campaigns.ask(row["key"]),
                    ),
                    rx.el.button(
                        icon("close", "xs"),
                        class_name="icon-btn",
                        type="button",
                        aria_label="Archive " + row["name"].to(str),
                        title="Archive",
                        on_click=Campaigns.archive(row["key"]),
                    ),
                ),
            ),
            class_name="li-1",
        ),
        rx.el.div(row["platform"], " ", row["account"], class_name="li-2"),
        class_name="li",
        key=row["key"],
    )
