"""Change a client's campaigns: where its work happens, and what a retainer may be for. A project is a campaign, too."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from agency_app.services.actor import Actor, acting, record
from agency_app.services.change_client import MAY_CHANGE_CLIENTS
from agency_app.services.log_time import known_client
from agency_app.services.refusal import NotFound, Refused
from agency_app.services.typed_text import typed_line
from agency_app.store import clients
from agency_app.tables import Campaign
from agency_app.tables.client import NO_PLATFORM

SUGGESTED_PLATFORMS = ("Meta", "Google Ads", "TikTok", "LinkedIn", "Microsoft Ads", "Pinterest", "Amazon Ads")
MOST_CAMPAIGNS = 500


@dataclass(frozen=True)
class CampaignForm:
    """A campaign as people fill it in; an empty platform is none, such as for a project."""

    name: str
    platform: str = ""
    account: str = ""


def add_campaign(actor: Actor, client_id: str, form: CampaignForm) -> str:
    """Add a campaign to a client and return its id.

    Raises NotAllowed by role, NotFound for an unknown client, and Refused naming the field: a name that is missing, too
    long, or taken on that platform. Nothing is saved then.
    """
    with acting(actor, *MAY_CHANGE_CLIENTS) as session:
        client = known_client(session, actor, client_id)
        there = clients.every_campaign(session, actor.workspace_id, client.id)
        if len(there) >= MOST_CAMPAIGNS:
            raise Refused(f"A client has at most {MOST_CAMPAIGNS} campaigns.", "name")
        campaign = Campaign(workspace_id=actor.workspace_id, client_id=client.id, platform="", name="")
        _fill(campaign, form, there)
        session.add(campaign)
        session.flush()
        record(session, actor, "add_campaign", campaign.id, after=campaign)
        return campaign.id


def change_campaign(actor: Actor, campaign_id: str, form: CampaignForm) -> None:
    """Change what a campaign is called; the work that was logged on it follows. Raises as `add_campaign` does."""
    with acting(actor, *MAY_CHANGE_CLIENTS) as session:
        campaign = _known(session, actor, campaign_id)
        before = campaign.model_copy()
        _fill(campaign, form, clients.every_campaign(session, actor.workspace_id, campaign.client_id))
        session.add(campaign)
        session.flush()
        record(session, actor, "change_campaign", campaign.id, before=before, after=campaign)


def archive_campaign(actor: Actor, campaign_id: str, *, archived: bool = True) -> str:
    """Put a campaign away, or bring it back, and return its name. Work on it stays, and so does what it is a scope of.

    Raises NotAllowed by role and NotFound.
    """
    with acting(actor, *MAY_CHANGE_CLIENTS) as session:
        campaign = _known(session, actor, campaign_id)
        before = campaign.model_copy()
        campaign.archived = archived
        session.add(campaign)
        session.flush()
        record(session, actor, "archive_campaign", campaign.id, before=before, after=campaign)
        return campaign.name


def _known(session: Session, actor: Actor, campaign_id: str) -> Campaign:
    campaign = clients.campaign(session, actor.workspace_id, campaign_id)
    if campaign is None:
        raise NotFound("That campaign is not in this workspace.", "campaign")
    return campaign


def _fill(campaign: Campaign, form: CampaignForm, there: Sequence[Campaign]) -> None:
    name = typed_line(form.name, "name", "Give the campaign a name.")
    platform = typed_line(form.platform, "platform") or NO_PLATFORM
    platform = next((one for one in SUGGESTED_PLATFORMS if one.casefold() == platform.casefold()), platform)
    for other in there:
        same = (other.platform.casefold(), other.name.casefold()) == (platform.casefold(), name.casefold())
        if same and other.id != campaign.id:
            away = " among the archived ones" if other.archived else ""
            raise Refused(f"There is a campaign of that name on {platform}{away}. Choose another name.", "name")
    campaign.name, campaign.platform, campaign.account = name, platform, typed_line(form.account, "account")
