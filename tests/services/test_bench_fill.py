"""The measurements themselves are not tests; that they can still fill a database is."""

from datetime import timedelta

from sqlmodel import func, select

from agency_app.services.seed_demo import seed_demo
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import reading
from agency_app.tables import TimeEntry
from tests.bench.fill import fill_up_to
from tests.services.test_seed_demo import TODAY


def test_a_filled_database_holds_as_many_entries_as_asked_for_and_verifies(database: str) -> None:
    seed_demo(TODAY)
    fill_up_to(500, TODAY - timedelta(days=9), TODAY)
    with reading() as session:
        assert session.exec(select(func.count()).select_from(TimeEntry)).one() == 500
    assert verify_workspace() == []
