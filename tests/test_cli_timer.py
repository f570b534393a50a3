"""`agency timer`: start, status, stop and discard, as the top bar does them."""

import pytest

from tests.services.conftest import (  # noqa: F401  (fixtures)
    Agency,
    agency,
    database,
    empty_database,
    make_empty_database,
    postgres_server,
    sqlite_template,
)
from tests.test_cli import call_json, refused


def test_a_timer_is_started_shown_stopped_and_discarded(agency: Agency) -> None:  # noqa: F811
    assert call_json("timer") == {"running": False, "logged": None}
    started = call_json("timer", "start", "report summit #q4")
    assert (started["running"], started["client"], started["activity"]) == (True, "Summit", "Reporting")
    assert call_json("timer", "status")["started_at"] == started["started_at"]
    stopped = call_json("timer", "stop")
    assert not stopped["running"]
    assert stopped["logged"]["client"] == "Summit Coffee"
    assert 1 <= stopped["logged"]["seconds"] < 60
    call_json("timer", "start", "report summit")
    assert call_json("timer", "discard") == {"running": False, "logged": None}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("begin",), "none of status, start, stop, discard"),
        (("start",), "needs a line"),
        (("stop", "report summit"), "take none"),
        (("stop",), "No timer runs"),
        (("start", "summit"), "activity"),
        (("stop", "--until", "nine"), "not an instant"),
    ],
)
def test_what_cannot_be_done_is_refused(agency: Agency, arguments: tuple[str, ...], said: str) -> None:  # noqa: F811
    assert said in refused("timer", *arguments)
