"""The kinds of work are added, renamed and put away; rates and retainers that are for one keep it."""

from datetime import date

import pytest

from agency_app.services.actor import Actor
from agency_app.services.change_activities import (
    add_activity,
    archive_activity,
    read_activities,
    rename_activity,
)
from agency_app.services.change_agreement import set_scope
from agency_app.services.read_entry import entry_choices
from agency_app.services.read_retainers import read_retainer
from agency_app.services.refusal import NotAllowed, NotFound, Refused
from agency_app.states.agreement_view import activity_choices
from agency_app.states.retainer_page import retainer_page
from tests.services.conftest import Agency


def names(agency: Agency) -> list[str]:
    return [one.name for one in entry_choices(agency.owner).activities]


def test_an_activity_is_added_after_the_others_renamed_put_away_and_brought_back(agency: Agency) -> None:
    creative = add_activity(agency.lead, "  Creative  ")
    assert names(agency) == ["Optimisation", "Reporting", "Strategy", "Creative"]
    rename_activity(agency.owner, creative, "creative")  # its own name is free to it
    rename_activity(agency.owner, creative, "Creative swap")
    assert archive_activity(agency.owner, creative) == "Creative swap"
    assert names(agency) == ["Optimisation", "Reporting", "Strategy"]
    assert read_activities(agency.owner).activities[-1].archived
    archive_activity(agency.owner, creative, archived=False)
    assert names(agency)[-1] == "Creative swap"


def test_what_cannot_be_is_refused(agency: Agency, ida: Actor) -> None:
    archive_activity(agency.owner, agency.reporting)
    for taken, words in (
        (" ", "Give the activity a name"),
        ("reporting", "among the archived ones"),
        ("x" * 121, "120"),
    ):
        with pytest.raises(Refused, match=words):
            add_activity(agency.owner, taken)
    with pytest.raises(Refused, match="activity of that name"):
        rename_activity(agency.owner, agency.strategy, "OPTIMISATION")
    with pytest.raises(NotFound):
        rename_activity(agency.owner, "nothing", "Build")
    with pytest.raises(NotAllowed):
        add_activity(ida, "Build")
    archive_activity(agency.owner, agency.strategy)
    with pytest.raises(Refused, match="the last one"):
        archive_activity(agency.owner, agency.optimisation)
    assert names(agency) == ["Optimisation"]


def test_a_retainer_for_an_archived_activity_still_names_it(agency: Agency) -> None:
    set_scope(agency.owner, agency.northwind_retainer, 1, [(None, agency.reporting)])
    archive_activity(agency.owner, agency.reporting)
    archive_activity(agency.owner, agency.strategy)
    detail = read_retainer(agency.owner, agency.northwind_retainer, date(2026, 10, 1))
    assert [one["name"] for one in activity_choices(detail)] == ["Optimisation", "Reporting"]
    page = retainer_page(detail, date(2026, 10, 1), agency.owner)
    assert next(fact["value"] for fact in page["facts"] if fact["name"] == "Work") == "Reporting"
