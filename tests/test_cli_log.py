"""`agency log` as people and scripts use it."""

import json

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
from tests.test_cli import call, call_json, refused

NOW = ("--now", "2026-11-18T14:00:00+01:00")


def test_a_line_is_shown_in_the_documented_shape_and_then_saved(agency: Agency) -> None:  # noqa: F811
    text = "2h northwind meta optimisation yesterday 9pm budget shift #q4"
    shape = call_json("log", text, *NOW, "--dry-run")
    assert list(shape.items()) == [
        ("client", "Northwind Outdoor"),
        ("campaign", None),
        ("platform", "Meta"),
        ("activity", "Optimisation"),
        ("date", "2026-11-17"),
        ("start", "2026-11-17T21:00:00+01:00"),
        ("end", "2026-11-17T23:00:00+01:00"),
        ("seconds", 7200),
        ("note", "budget shift"),
        ("tags", ["q4"]),
        ("unsure", []),
    ]
    assert call_json("draft", "northwind", "--period", "2026-11")["lines"] == []
    saved = call_json("log", text, *NOW)
    entry_id = saved.pop("id")
    assert saved == shape
    (line,) = call_json("draft", "northwind", "--period", "2026-11")["lines"]
    assert [entry["id"] for entry in line["entries"]] == [entry_id]


def test_an_unsure_line_exits_with_2_and_its_candidates_and_saves_nothing(agency: Agency) -> None:  # noqa: F811
    said = refused("log", "2h reviewed northwind meta yesterday 9pm", *NOW).splitlines()
    assert said == [
        "error: Not saved, because this is unsure: activity.",
        "  activity: Optimisation, Reporting, Strategy",
    ]
    assert call_json("draft", "northwind", "--period", "2026-11")["lines"] == []
    told = call("log", "2h reviewed northwind meta yesterday 9pm", *NOW, "--json")
    assert (told.exit_code, told.stderr.splitlines()) == (2, said)
    assert json.loads(told.stdout) == call_json("log", "2h reviewed northwind meta yesterday 9pm", *NOW, "--dry-run")
    assert call_json("draft", "northwind", "--period", "2026-11")["lines"] == []
    shape = call_json("log", "2h northwind 20/11 9pm", *NOW, "--dry-run")
    assert shape["unsure"] == [
        {"field": "activity", "candidates": ["Optimisation", "Reporting", "Strategy"]},
        {"field": "date", "candidates": ["2026-11-20", "2025-11-20"]},
    ]
    length = call_json("log", "northwind opt 9am", *NOW, "--dry-run")["unsure"]
    assert length == [{"field": "seconds", "candidates": [18000, 900, 1800, 2700, 3600, 5400, 7200]}]


def test_it_prints_for_people_too(agency: Agency) -> None:  # noqa: F811
    shown = call("log", "9-10:30 report summit yesterday deck #q4", *NOW)
    assert shown.stdout == "Logged: Summit Coffee, Reporting, 2026-11-17 09:00-10:30, 1:30 h, deck, #q4\n"
    asked = call("log", "45m summit", *NOW, "--dry-run")
    assert asked.exit_code == 0
    assert "unsure, activity: Optimisation, Reporting, Strategy" in asked.stdout


def test_it_logs_for_the_member_that_is_named(agency: Agency) -> None:  # noqa: F811
    call_json("log", "45m strategy summit", *NOW, "--member", "joris@halden.example")
    (line, *_) = call_json("draft", "summit", "--period", "2026-11")["lines"]
    work = [entry["member"] for one in (line, *_) for entry in one["entries"]]
    assert work == ["Joris Vink"]
    assert "No active member" in refused("log", "45m strategy summit", *NOW, "--member", "nobody@halden.example")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_lengths_and_instants_that_are_none_are_refused(agency: Agency) -> None:  # noqa: F811
    for text in ("0h report summit", "25h report summit"):
        for more in ((), ("--dry-run",)):
            assert refused("log", text, *NOW, *more).startswith("error: ")
    for wrong in ("soon", "2026-11-18T14:00:00", "0001-01-01T00:00:00+00:00"):
        assert "2026-11-17T21:00:00+01:00" in refused("log", "1h report summit", "--now", wrong)
    assert "at most 500" in refused("log", "x" * 501)
