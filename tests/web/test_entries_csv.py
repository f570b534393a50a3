"""The list of entries as a file: behind the cookie, exactly what the address asks, never cached."""

import csv
import io
from datetime import timedelta

from starlette.testclient import TestClient

from agency_app.services.actor import Actor
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.start_client import StartClient, start_client
from agency_app.store import clients
from agency_app.store.engine import reading
from agency_app.tables.base import now
from tests.web.conftest import sign_in_at


def test_the_file_is_what_the_address_asks_and_only_for_members(owner: Actor, browser: TestClient) -> None:
    start = now().replace(hour=10, minute=0, second=0, microsecond=0)
    terms = StartClient("Northwind", "Retainer", "hours", start.date().replace(year=2025, day=1), 36_000, rate=950_000)
    client_id = start_client(owner, terms)
    with reading() as session:
        activity = clients.activities(session, owner.workspace_id)[0]
    for hour, tag in enumerate(("q4", "q3")):
        begin = start + timedelta(hours=hour)
        log_time(owner, LogTime(client_id, activity.id, begin, begin + timedelta(hours=1), tags=(tag,)))

    refused = browser.get("/entries.csv?tags=q4")
    assert refused.status_code == 303
    assert refused.headers["location"] == "/sign-in?next=/entries"

    sign_in_at(browser)
    answer = browser.get("/entries.csv?tags=q4")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "entries-" in answer.headers["content-disposition"]
    assert [row["Tags"] for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))] == ["q4"]

    wrong = browser.get("/entries.csv?from=yesterday")
    assert wrong.status_code == 422
    assert wrong.text == "“yesterday” is not a day from 2000 to 2099. Write it as 2026-11-17."
