"""Planned tasks: into the Inbox, out of it, and what is refused on the way."""

from dataclasses import replace

import pytest
from sqlmodel import select

from agency_app.services.plan_task import PlanTask, drop_task, plan_task
from agency_app.services.refusal import NotAllowed, NotFound, Refused
from agency_app.store import people, work
from agency_app.store.engine import reading, transaction
from agency_app.tables import Activity, AuditEvent, Client, Task
from tests.services.conftest import Agency
from tests.stranger import add_stranger


def _plan(agency: Agency) -> PlanTask:
    return PlanTask(agency.northwind, agency.optimisation, "Check the new audiences", 1800, agency.campaign)


def _inbox(agency: Agency) -> list[Task]:
    with reading() as session:
        return [task for task, _, _ in work.inbox(session, agency.workspace_id)]


def test_a_planned_task_waits_in_the_inbox_and_falls_to_the_running_retainer(agency: Agency) -> None:
    task_id = plan_task(agency.lead, replace(_plan(agency), title="  Check the\nnew  audiences "))
    [task] = _inbox(agency)
    assert (task.id, task.title, task.planned_seconds, task.done) == (task_id, "Check the new audiences", 1800, False)
    assert (task.retainer_id, task.campaign_id, task.platform) == (agency.northwind_retainer, agency.campaign, "Meta")


def test_planning_counts_as_a_change_of_the_workspace_and_is_on_record(agency: Agency) -> None:
    task_id = plan_task(agency.lead, _plan(agency))
    with reading() as session:
        assert people.workspace(session, agency.workspace_id).revision == 1
        events = [event for event in session.exec(select(AuditEvent)) if event.subject_id == task_id]
        assert [event.verb for event in events] == ["plan_task"]


def test_a_dropped_task_leaves_the_inbox_once(agency: Agency) -> None:
    task_id = plan_task(agency.lead, _plan(agency))
    drop_task(agency.owner, task_id)
    assert _inbox(agency) == []
    with pytest.raises(NotFound, match="not in the Inbox any more"):
        drop_task(agency.owner, task_id)
    with pytest.raises(NotFound):
        drop_task(agency.owner, "no such task")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"planned_seconds": 0}, "planned_seconds"),
        ({"planned_seconds": -60}, "planned_seconds"),
        ({"planned_seconds": 86_401}, "planned_seconds"),
        ({"client_id": "nobody"}, "client"),
        ({"activity_id": "nothing"}, "activity"),
        ({"campaign_id": "nowhere"}, "campaign"),
    ],
)
def test_a_refusal_names_the_field_and_saves_nothing(agency: Agency, changes: dict[str, str | int], field: str) -> None:
    with pytest.raises(Refused) as refused:
        plan_task(agency.lead, replace(_plan(agency), **changes))  # pyright: ignore[reportArgumentType]
    assert refused.value.field == field
    assert _inbox(agency) == []


def test_a_campaign_of_another_client_is_refused(agency: Agency) -> None:
    with pytest.raises(NotFound, match="does not belong to Summit"):
        plan_task(agency.lead, replace(_plan(agency), client_id=agency.summit))


def test_archived_clients_and_activities_take_no_new_tasks(agency: Agency) -> None:
    with transaction() as session:
        session.get_one(Client, agency.summit).archived = True
        session.get_one(Activity, agency.reporting).archived = True
    with pytest.raises(Refused, match="archived"):
        plan_task(agency.lead, PlanTask(agency.summit, agency.optimisation, "Look", 900))
    with pytest.raises(Refused, match="not in use"):
        plan_task(agency.lead, PlanTask(agency.northwind, agency.reporting, "Look", 900))


def test_another_workspace_cannot_see_or_drop_the_task(agency: Agency) -> None:
    stranger = add_stranger()
    task_id = plan_task(agency.lead, _plan(agency))
    with pytest.raises(NotFound):
        drop_task(stranger, task_id)
    with pytest.raises(NotFound):
        plan_task(stranger, _plan(agency))
    with pytest.raises(NotAllowed):
        drop_task(replace(stranger, workspace_id=agency.workspace_id), task_id)
    assert [task.id for task in _inbox(agency)] == [task_id]
