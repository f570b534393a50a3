"""Alerts about retainers: once each a period however work comes in, withdrawn unseen, mailed once."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from threading import Barrier
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from sqlmodel import select

from agency_app.connectors.mail import MailFailed
from agency_app.services import doctor
from agency_app.services.actor import Actor, actor_of
from agency_app.services.agreed_terms import NewTerms
from agency_app.services.alert_words import alert_words
from agency_app.services.change_entry import delete_entry, move_entry
from agency_app.services.change_workspace import change_workspace
from agency_app.services.close_period import close_period
from agency_app.services.derive_alerts import derive_alerts
from agency_app.services.import_entries import import_entries
from agency_app.services.log_line import log_line
from agency_app.services.log_time import Logged, LogTime, log_time
from agency_app.services.mail_alerts import mail_alerts
from agency_app.services.read_alerts import read_alerts, see_alerts
from agency_app.services.refusal import FieldsRefused
from agency_app.services.start_agreement import NewAgreement, start_agreement
from agency_app.services.start_client import StartClient, start_client
from agency_app.services.undo_change import undo_change
from agency_app.settings import settings
from agency_app.store.engine import reading, transaction
from agency_app.tables import Alert, Client, Member, Workspace
from tests.services.conftest import Agency

HOUR = 3600
NOON = datetime(2026, 9, 9, 12, tzinfo=UTC)
"""A Wednesday, before the middle of the month: nobody is under-serviced yet."""


@pytest.fixture(autouse=True)
def wednesday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def work(agency: Agency, hours: int, day: date = date(2026, 9, 7)) -> Logged:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=hours)))


def told(actor: Actor) -> list[tuple[str, int]]:
    return [(one.alert.kind, one.alert.threshold) for one in read_alerts(actor)]


def rows() -> list[tuple[int, bool]]:
    with reading() as session:
        found = session.exec(select(Alert).order_by(Alert.period_first, Alert.threshold))  # pyright: ignore
        return [(row.threshold, row.withdrawn_at is not None) for row in found]


def test_each_share_is_told_once_and_the_highest_of_a_period_stands_for_the_lower_ones(agency: Agency) -> None:
    work(agency, 17)
    assert not derive_alerts(agency.workspace_id)
    work(agency, 1, date(2026, 9, 8))  # 18 of 36 hours: exactly half
    assert derive_alerts(agency.workspace_id)
    assert not derive_alerts(agency.workspace_id)
    assert told(agency.owner) == [("used", 50)]
    work(agency, 15, date(2026, 9, 8))
    derive_alerts(agency.workspace_id)
    assert told(agency.owner) == [("used", 90)]
    assert rows() == [(50, False), (75, False), (90, False)]
    assert alert_words(read_alerts(agency.owner)[0]) == ("90 % of September 2026 is used", "33 h of 36 h")


def _by_import(agency: Agency, hours: int) -> None:
    report = import_entries(agency.owner, _toggl(hours), "Toggl_time_entries.csv", zone="UTC")
    assert report.added == 1


def _toggl(hours: int) -> bytes:
    values = {
        "User": "Mara Halden",
        "Email": "mara@halden.example",
        "Client": "Northwind Outdoor",
        "Project": "Autumn prospecting",
        "Task": "Optimisation",
        "Description": "All at once",
        "Billable": "Yes",
        "Start date": "2026-09-07",
        "Start time": "00:00:00",
        "End date": "2026-09-07",
        "End time": f"{hours}:00:00",
        "Duration": f"{hours}:00:00",
        "Tags": "",
    }
    return f"{','.join(values)}\n{','.join(values.values())}\n".encode()


def _by_line(agency: Agency, hours: int) -> None:
    log_line(agency.owner, f"northwind optimisation 01:00-{1 + hours}:00 yesterday")


def _by_move(agency: Agency, hours: int) -> None:
    logged = work(agency, hours, date(2026, 10, 1))
    start = datetime(2026, 9, 7, tzinfo=UTC)
    move_entry(agency.owner, logged.entry_id, logged.version, start, start + timedelta(hours=hours))


@pytest.mark.parametrize("way", [_by_import, _by_line, _by_move])
def test_however_work_comes_in_the_alerts_are_the_same(agency: Agency, way: Any) -> None:
    way(agency, 20)
    derive_alerts(agency.workspace_id)
    assert told(agency.owner) == [("used", 50)]


def test_work_logged_late_tells_of_the_month_before_while_it_is_open(agency: Agency) -> None:
    work(agency, 23, date(2026, 8, 3))
    work(agency, 13, date(2026, 8, 4))
    derive_alerts(agency.workspace_id)
    [august] = [one for one in read_alerts(agency.owner) if one.alert.kind == "used"]
    assert (august.alert.period_first, august.alert.threshold) == (date(2026, 8, 1), 100)
    close_period(agency.lead, agency.northwind_retainer, date(2026, 8, 1))
    derive_alerts(agency.workspace_id)
    assert ("used", 100) in told(agency.owner)


def test_an_alert_nobody_saw_is_withdrawn_with_its_cause_and_told_again_with_it(agency: Agency) -> None:
    logged = work(agency, 20)
    derive_alerts(agency.workspace_id)
    undo_change(agency.owner, logged.undo_id)
    derive_alerts(agency.workspace_id)
    assert (told(agency.owner), rows()) == ([], [(50, True)])
    work(agency, 19)
    derive_alerts(agency.workspace_id)
    assert (told(agency.owner), rows()) == ([("used", 50)], [(50, False)])
    assert read_alerts(agency.owner)[0].alert.used == 19 * HOUR


def test_an_alert_somebody_saw_stays_and_is_not_told_a_second_time(agency: Agency) -> None:
    logged = work(agency, 20)
    derive_alerts(agency.workspace_id)
    assert see_alerts(agency.lead, []) == 1
    assert see_alerts(agency.lead, []) == 0
    delete_entry(agency.owner, logged.entry_id, logged.version)
    assert not derive_alerts(agency.workspace_id)
    work(agency, 20)
    assert not derive_alerts(agency.workspace_id)
    assert [one.seen_by for one in read_alerts(agency.owner)] == [{agency.lead.member_id}]


def test_by_mid_cycle_a_client_with_too_little_is_told_of(agency: Agency, wednesday: time_machine.Traveller) -> None:
    derive_alerts(agency.workspace_id)
    assert told(agency.owner) == []
    wednesday.move_to(datetime(2026, 9, 15, 12, tzinfo=UTC))
    derive_alerts(agency.workspace_id)
    assert told(agency.owner) == [("under_serviced", 0)]
    for day in range(7, 15):
        work(agency, 3, date(2026, 9, day))
    derive_alerts(agency.workspace_id)
    assert told(agency.owner) == [("used", 50)]


def test_a_retainer_set_up_past_the_middle_is_first_looked_at_in_its_next_period(
    agency: Agency, wednesday: time_machine.Traveller
) -> None:
    wednesday.move_to(datetime(2026, 9, 24, 12, tzinfo=UTC))
    start_client(agency.owner, StartClient("Fjord", "First", "hours", date(2026, 9, 1), 20 * HOUR, rate=950_000))
    with reading() as session:
        fjord = session.exec(select(Client.id).where(Client.name == "Fjord")).one()
    terms = NewTerms("hours", granted_seconds=10 * HOUR, overage="absorb")
    start_agreement(agency.owner, NewAgreement(fjord, "Second", date(2026, 9, 24), None, terms))
    derive_alerts(agency.workspace_id)
    assert {one.retainer.name for one in read_alerts(agency.owner)} == {"Performance"}
    wednesday.move_to(datetime(2026, 10, 16, 12, tzinfo=UTC))
    derive_alerts(agency.workspace_id)
    assert {one.retainer.name for one in read_alerts(agency.owner)} == {"Performance", "First", "Second"}


def _set(agency: Agency, **typed: str) -> None:
    with reading() as session:
        version = session.get_one(Workspace, agency.workspace_id).version
    change_workspace(agency.owner, version, typed)


def test_the_thresholds_are_a_setting_and_unseen_alerts_follow_it(agency: Agency) -> None:
    work(agency, 20)
    _set(agency, alert_thresholds="80 %, 55")
    derive_alerts(agency.workspace_id)
    assert rows() == [(55, False)]
    _set(agency, alert_thresholds="")
    derive_alerts(agency.workspace_id)
    assert told(agency.owner) == []
    for wrong in ("0", "201", "half", "1 2 3 4 5 6 7 8 9", "-5", "５０"):
        with pytest.raises(FieldsRefused):
            _set(agency, alert_thresholds=wrong)


def test_many_at_once_raise_each_alert_once(agency: Agency) -> None:
    work(agency, 23)
    work(agency, 13, date(2026, 9, 8))
    together = Barrier(8)

    def derive(_: int) -> bool:
        together.wait()
        return derive_alerts(agency.workspace_id)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(derive, range(8))) == 1
    assert rows() == [(50, False), (75, False), (90, False), (100, False)]


class _Box(MessageHandler):
    """Keeps what it receives."""

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.received.append(message)


@pytest.fixture
def box(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Box]:
    """A mail server on a free port of this machine, configured for the product."""
    handler = _Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "FROM": "agency@halden.example",
        "SECURITY": "none",
    }.items():
        monkeypatch.setenv(f"AGENCY_SMTP_{name}", value)
    monkeypatch.setenv("AGENCY_PUBLIC_URL", "https://agency.example/")
    settings.cache_clear()
    yield handler
    controller.stop()
    settings.cache_clear()


def test_without_mail_configured_nothing_is_sent(agency: Agency) -> None:
    work(agency, 20)
    derive_alerts(agency.workspace_id)
    assert mail_alerts(agency.workspace_id) == 0
    assert [one.found for one in doctor.examine() if one.name == "Mail"] == [
        "not configured: alerts are shown in the app alone"
    ]


def test_owners_and_leads_are_mailed_once_and_not_before_a_slip_could_be_undone(
    agency: Agency, box: _Box, wednesday: time_machine.Traveller
) -> None:
    with transaction() as session:
        ida = Member(workspace_id=agency.workspace_id, email="ida@halden.example", name="Ida", role="member")
        session.add(ida)
        session.flush()
        actor_of(ida)
    work(agency, 20)
    derive_alerts(agency.workspace_id)
    assert mail_alerts(agency.workspace_id) == 0
    wednesday.shift(timedelta(minutes=3))
    assert mail_alerts(agency.workspace_id) == 2
    assert mail_alerts(agency.workspace_id) == 0
    assert {message["To"] for message in box.received} == {"mara@halden.example", "joris@halden.example"}
    text = box.received[0].get_payload(decode=True)
    assert isinstance(text, bytes)
    assert box.received[0]["Subject"] == "Northwind Outdoor, Performance: 50 % of September 2026 is used"
    assert f"https://agency.example/retainers/{agency.northwind_retainer}" in text.decode()
    delete = read_alerts(agency.owner)[0].alert
    assert delete.mailed_at is not None


def test_what_was_seen_is_not_mailed_and_what_was_mailed_is_not_withdrawn(
    agency: Agency, box: _Box, wednesday: time_machine.Traveller
) -> None:
    logged = work(agency, 20)
    derive_alerts(agency.workspace_id)
    see_alerts(agency.owner, [])
    wednesday.shift(timedelta(minutes=3))
    assert mail_alerts(agency.workspace_id) == 1
    assert [message["To"] for message in box.received] == ["joris@halden.example"]
    undo_change(agency.owner, logged.undo_id)
    assert not derive_alerts(agency.workspace_id)
    assert told(agency.lead) == [("used", 50)]


def test_mail_that_the_server_does_not_take_is_sent_later(
    agency: Agency, box: _Box, wednesday: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(agency, 20)
    derive_alerts(agency.workspace_id)
    wednesday.shift(timedelta(minutes=3))
    port = settings().smtp_port
    monkeypatch.setenv("AGENCY_SMTP_PORT", "1")
    settings.cache_clear()
    with pytest.raises(MailFailed):
        mail_alerts(agency.workspace_id)
    assert [one.well for one in doctor.examine() if one.name == "Mail"] == [False]
    monkeypatch.setenv("AGENCY_SMTP_PORT", str(port))
    settings.cache_clear()
    assert [one.well for one in doctor.examine() if one.name == "Mail"] == [True]
    assert mail_alerts(agency.workspace_id) == 2
    assert len(box.received) == 2
