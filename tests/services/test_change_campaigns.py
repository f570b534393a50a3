"""A client's campaigns are added, renamed and put away; a retainer is for them by name."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from agency_app.services.actor import Actor
from agency_app.services.agreed_terms import NewTerms
from agency_app.services.change_campaigns import CampaignForm, add_campaign, archive_campaign, change_campaign
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_clients import read_client
from agency_app.services.read_entry import entry_choices
from agency_app.services.refusal import NotAllowed, NotFound, Refused
from agency_app.services.start_agreement import NewAgreement, start_agreement
from agency_app.store.engine import reading
from agency_app.tables import Campaign, TimeEntry
from tests.services.conftest import Agency


def names(agency: Agency) -> list[str]:
    return [one.name for one in entry_choices(agency.owner).campaigns]


def test_a_project_is_added_as_a_campaign_and_a_retainer_is_for_it(agency: Agency) -> None:
    project = add_campaign(agency.lead, agency.northwind, CampaignForm("  Website   relaunch "))
    with reading() as session:
        row = session.get_one(Campaign, project)
    assert (row.name, row.platform, row.account) == ("Website relaunch", "Other", "")
    terms = NewTerms("hours", granted_seconds=36000, overage_rate=1_000_000)
    signed = NewAgreement(agency.northwind, "Relaunch", date(2026, 9, 1), None, terms, [(project, None)])
    relaunch = start_agreement(agency.owner, signed)
    start = datetime(2026, 9, 3, 6, tzinfo=UTC)
    for hour, campaign in ((6, project), (8, agency.campaign), (10, None)):
        at = start.replace(hour=hour)
        log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, at, at.replace(hour=hour + 1), campaign))
    with reading() as session:
        entries = session.exec(select(TimeEntry).order_by(TimeEntry.started_at)).all()  # pyright: ignore[reportArgumentType]
    assert [entry.retainer_id == relaunch for entry in entries] == [True, False, False]


def test_a_platform_that_is_known_is_spelled_as_we_do_and_any_other_may_be_named(agency: Agency) -> None:
    for typed, kept in (("google ads", "Google Ads"), ("Spotify", "Spotify"), ("", "Other")):
        campaign = add_campaign(agency.owner, agency.northwind, CampaignForm("Spring", typed, "act_7"))
        with reading() as session:
            assert session.get_one(Campaign, campaign).platform == kept


def test_a_campaign_is_renamed_put_away_and_brought_back(agency: Agency) -> None:
    change_campaign(agency.owner, agency.campaign, CampaignForm("Winter prospecting", "Meta", "act_2"))
    assert names(agency) == ["Winter prospecting"]
    assert archive_campaign(agency.owner, agency.campaign) == "Winter prospecting"
    assert names(agency) == []
    assert [(one.name, one.archived) for one in read_client(agency.owner, agency.northwind).campaigns] == [
        ("Winter prospecting", True)
    ]
    archive_campaign(agency.owner, agency.campaign, archived=False)
    assert names(agency) == ["Winter prospecting"]


def test_what_cannot_be_is_refused_and_nothing_is_saved(agency: Agency, ida: Actor) -> None:
    with pytest.raises(Refused, match="Give the campaign a name") as missing:
        add_campaign(agency.owner, agency.northwind, CampaignForm(" "))
    assert missing.value.field == "name"
    archive_campaign(agency.owner, agency.campaign)
    with pytest.raises(Refused, match="on Meta among the archived ones"):
        add_campaign(agency.owner, agency.northwind, CampaignForm("autumn PROSPECTING", "meta"))
    with pytest.raises(Refused, match="within 120"):
        change_campaign(agency.owner, agency.campaign, CampaignForm("x" * 121, "Meta"))
    with pytest.raises(NotFound):
        add_campaign(agency.owner, "nobody", CampaignForm("Spring"))
    with pytest.raises(NotFound):
        archive_campaign(agency.owner, "nothing")
    with pytest.raises(NotAllowed):
        add_campaign(ida, agency.northwind, CampaignForm("Spring"))
    with reading() as session:
        assert [one.name for one in session.exec(select(Campaign))] == ["Autumn prospecting"]
