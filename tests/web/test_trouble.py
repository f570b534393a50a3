"""An error of the database reaches people in words, with nothing saved, from the routes as from the pages."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from agency_app.services.actor import Actor
from agency_app.services.database_trouble import database_trouble
from agency_app.states.failures import tell_failure
from tests.web.conftest import sign_in_at


def test_a_route_says_that_the_database_could_not_be_used(
    owner: Actor, browser: TestClient, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(database / "agency.db")) as connection:
        connection.execute("ALTER TABLE login_session RENAME TO away")
    with caplog.at_level(logging.ERROR):
        answer = sign_in_at(browser)
    assert answer.status_code == 503
    assert "The database could not be used, and nothing was saved." in answer.text
    assert '<a class="btn btn-primary btn-l" href="/">Try again</a>' in answer.text
    assert "POST /sign-in failed." in caplog.text


def test_who_waited_too_long_for_another_writer_is_told_to_try_again(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as first:
        first.execute("CREATE TABLE row (id)")
        first.execute("BEGIN IMMEDIATE")
        with create_engine(f"sqlite:///{path}", connect_args={"timeout": 0}).connect() as second:
            with pytest.raises(OperationalError) as locked:
                second.execute(text("INSERT INTO row VALUES (1)"))
            assert "Nothing was saved: try again in a moment." in database_trouble(locked.value)


def test_any_other_error_is_told_as_unknown_and_stands_whole_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        told = tell_failure(KeyError("no such colour"))
    assert "See whether it was done before you try again." in str(told.args)
    assert "no such colour" in caplog.text
    assert "no such colour" not in str(told.args)
