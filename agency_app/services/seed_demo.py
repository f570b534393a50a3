"""Fill an empty installation with a demonstration agency: "Halden & Co", four clients, three months of work."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel

from agency_app.domain.retainer import period_of
from agency_app.domain.routines import WORKING_DAYS
from agency_app.services.actor import Actor, actor_of
from agency_app.services.demo import days, people, planning, touches
from agency_app.services.finalise_invoice import document_bytes, finalise_within
from agency_app.services.rate_card import RateCard
from agency_app.services.read_draft import live_draft
from agency_app.services.refusal import Refused
from agency_app.services.sign_in import hash_password
from agency_app.store import people as stored_people
from agency_app.store.engine import transaction
from agency_app.tables import (
    Activity,
    Campaign,
    Client,
    Invoice,
    Member,
    Rate,
    Retainer,
    RetainerPeriod,
    Routine,
    Task,
    TaskTemplate,
    TimeEntry,
    Workspace,
)

DEMO_PASSWORD = "halden-demo"
"""Of every demonstration member; the data is invented, and the demo is meant for one's own machine."""


def seed_demo(today: date) -> list[tuple[str, str, str]]:
    """Create the demonstration agency as it stands on a day, and return (name, e-mail, role) of its members.

    Two whole months and the present one up to `today` are logged, the present one stays live, and the months before it
    are invoiced by the real service, all but the last month of one client. The same day gives the same rows under the
    same ids. All of it is one transaction, so a seeding that is interrupted leaves nothing and the next begins again; a
    PDF that is missing then is drawn when somebody asks for it. Raises Refused, and creates nothing, when the
    installation has a workspace already.
    """
    seed = _Seed(today)
    password_hash = hash_password(DEMO_PASSWORD)
    with transaction() as session:
        if stored_people.any_workspace(session) is not None:
            raise Refused("There is data here already. The demo needs an empty data folder.", "data_dir")
        for rows in (
            *seed.agency(password_hash),
            *seed.agreements(),
            *seed.work(),
            seed.inbox(),
            seed.decided(),
            seed.drafts(),
            planning.calendar_rows(seed.members, seed.first_month, today, seed.id),
            planning.cost_rows(seed.members, seed.first_month, seed.this_month, seed.id),
            seed.routine(),
        ):
            _insert(session, rows)
        done = [
            finalise_within(session, seed.finance, client.id, month, _version(session, client, month), issue_date)
            for client, month, issue_date in seed.issued()
        ]
    for invoice in done:
        document_bytes(seed.finance, invoice.invoice_id)
    return list(people.MEMBERS)


def _insert(session: Session, rows: Sequence[SQLModel]) -> None:
    session.add_all(rows)
    session.flush()


def _version(session: Session, client: Client, month: date) -> str:
    return live_draft(session, client.workspace_id, client.id, month).version


@dataclass
class _Seed:
    """The rows of the demonstration, made in the order in which they refer to each other."""

    today: date
    random: Random = field(default_factory=lambda: Random(2026))
    made: int = 0
    members: dict[str, Member] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    retainers: dict[str, Retainer] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    campaigns: dict[tuple[str, str], Campaign] = field(default_factory=dict)
    templates: dict[str, TaskTemplate] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Work out the three months and make the workspace."""
        self.this_month = period_of(self.today)[0]
        self.last_month = period_of(self.this_month - timedelta(days=1))[0]
        self.first_month = period_of(self.last_month - timedelta(days=1))[0]
        self.workspace = Workspace(id=self.id(), **people.WORKSPACE)
        self.zone = ZoneInfo(self.workspace.zone)

    def id(self) -> str:
        """Return the next identifier: shaped like every other, but the same ones again for the same day."""
        self.made += 1
        birth = datetime.combine(self.first_month, time(), UTC) + timedelta(milliseconds=self.made)
        digest = hashlib.sha256(f"{self.today} {self.made}".encode()).hexdigest()
        return f"{int(birth.timestamp() * 1000):012x}{digest[:20]}"

    @property
    def finance(self) -> Actor:
        """The member who sends the invoices."""
        return actor_of(self.members[touches.SEM])

    def agency(self, password_hash: str) -> list[list[SQLModel]]:
        """Return the workspace, its members, activities and templates."""
        home: dict[str, Any] = {"workspace_id": self.workspace.id}
        for name, email, role in people.MEMBERS:
            self.members[name] = Member(
                id=self.id(),
                **home,
                name=name,
                email=email,
                role=role,
                password_hash=password_hash,
                zone=self.workspace.zone,
            )
        for position, name in enumerate(touches.ACTIVITIES):
            self.activities[name] = Activity(id=self.id(), **home, name=name, position=position)
        templates = [
            TaskTemplate(
                id=self.id(),
                **home,
                name=name,
                activity_id=self.activities[activity].id,
                platform=platform,
                default_seconds=minutes * 60,
                position=position,
            )
            for position, (name, activity, platform, minutes) in enumerate(touches.TEMPLATES)
        ]
        self.templates = {template.name: template for template in templates}
        return [[self.workspace], [*self.members.values()], [*self.activities.values()], [*templates]]

    def routine(self) -> list[SQLModel]:
        """Return the daily routine of one member, asked for since the working day before."""
        since = self.today - timedelta(days={0: 4, 5: 2, 6: 3}.get(self.today.weekday(), 1))  # a day she works on
        member, client = self.members[touches.MARA], self.clients[touches.NORTHWIND]
        template = self.templates["Daily optimisation"]
        return [
            Routine(
                id=self.id(),
                workspace_id=self.workspace.id,
                template_id=template.id,
                member_id=member.id,
                client_id=client.id,
                weekdays=" ".join(WORKING_DAYS),
                starts_at="08:30",
                starts_on=since,
            )
        ]

    def agreements(self) -> list[list[SQLModel]]:
        """Return the clients, their retainers and campaigns, and the rate card."""
        home: dict[str, Any] = {"workspace_id": self.workspace.id}
        for row in people.CLIENTS:
            client = Client(id=self.id(), **home, **row.client)
            self.clients[client.name] = client
            self.retainers[client.name] = Retainer(
                id=self.id(), **home, client_id=client.id, starts_on=self.first_month, **row.retainer
            )
            for platform, account, name in touches.CAMPAIGNS[client.name]:
                self.campaigns[client.name, name] = Campaign(
                    id=self.id(), **home, client_id=client.id, platform=platform, account=account, name=name
                )
        self.rates = [
            Rate(
                id=self.id(),
                **home,
                client_id=self.clients[client].id if client else None,
                activity_id=self.activities[activity].id if activity else None,
                member_id=self.members[member].id if member else None,
                starts_on=date(self.first_month.year - 1, 1, 1),
                rate=rate,
            )
            for client, activity, member, rate in people.RATES
        ]
        raised, rate = people.RAISED_RATE
        self.rates.append(
            Rate(id=self.id(), **home, client_id=self.clients[raised].id, starts_on=self.first_month, rate=rate)
        )
        return [
            [*self.clients.values()],
            [*self.retainers.values()],
            [*self.campaigns.values()],
            [*self.rates],
        ]

    def work(self) -> list[list[SQLModel]]:
        """Return the tasks and the time entries of the three months."""
        months: tuple[tuple[date, dict[str, days.Target]], ...] = (
            (self.first_month, {row.client["name"]: _even(row.month_before_last) for row in people.CLIENTS}),
            (self.last_month, {row.client["name"]: _even(row.last_month) for row in people.CLIENTS}),
            (self.this_month, {row.client["name"]: row.this_month for row in people.CLIENTS}),
        )
        rates = RateCard(self.rates, self.workspace.default_rate)
        tasks: list[SQLModel] = []
        entries: list[SQLModel] = []
        for month, targets in months:
            for session in days.month_of_work(month, self.today, targets, self.random):
                task, entry = self._logged(session, rates)
                tasks.append(task)
                entries.append(entry)
        return [tasks, entries]

    def _logged(self, session: days.Session, rates: RateCard) -> tuple[Task, TimeEntry]:
        member, client = self.members[session.touch.member], self.clients[session.client]
        activity = self.activities[session.touch.activity]
        midnight = datetime.combine(session.day, time())
        start, end = (
            (midnight + timedelta(minutes=minutes)).replace(tzinfo=ZoneInfo(member.zone)).astimezone(UTC)
            for minutes in (session.start, session.start + session.minutes)
        )
        task = self._task(client, activity, session.touch.where, session.touch.title, start)
        frozen = rates.rate(client.id, activity.id, member.id, session.day)
        entry = TimeEntry(
            id=self.id(),
            workspace_id=self.workspace.id,
            task_id=task.id,
            client_id=client.id,
            retainer_id=task.retainer_id,
            member_id=member.id,
            started_at=start,
            ended_at=end,
            work_date=session.day,
            zone=member.zone,
            seconds=session.minutes * 60,
            note=session.touch.note,
            rate=frozen.rate,
            rate_source=frozen.source,
            created_at=end,
        )
        return task, entry

    def _task(self, client: Client, activity: Activity, where: str, title: str, created_at: datetime) -> Task:
        campaign = self.campaigns.get((client.name, where))
        return Task(
            id=self.id(),
            workspace_id=self.workspace.id,
            client_id=client.id,
            retainer_id=self.retainers[client.name].id,
            campaign_id=campaign.id if campaign else None,
            activity_id=activity.id,
            title=title,
            platform=campaign.platform if campaign else where,
            created_at=created_at,
        )

    def inbox(self) -> list[SQLModel]:
        """Return the planned tasks that nobody has logged yet."""
        tasks: list[SQLModel] = []
        morning = datetime.combine(self.today, time(8), self.zone).astimezone(UTC)
        for number, (client, activity, where, title, minutes) in enumerate(touches.INBOX):
            created_at = morning - timedelta(hours=5 * (len(touches.INBOX) - number))
            task = self._task(self.clients[client], self.activities[activity], where, title, created_at)
            task.planned_seconds = minutes * 60
            tasks.append(task)
        return tasks

    def decided(self) -> list[SQLModel]:
        """Return that Fjord agreed to pay for the overage of the first month; that of later months waits for a word."""
        retainer = self.retainers[touches.FJORD]
        return [
            RetainerPeriod(
                id=self.id(),
                workspace_id=self.workspace.id,
                retainer_id=retainer.id,
                starts_on=self.first_month,
                ends_on=period_of(self.first_month)[1],
                granted_seconds=retainer.granted_seconds,
                fee_minor=retainer.fee_minor,
                overage_decision="bill",
            )
        ]

    def drafts(self) -> list[SQLModel]:
        """Return a draft for every client and month; most of the past ones become invoices."""
        return [
            Invoice(
                id=self.id(),
                workspace_id=self.workspace.id,
                client_id=client.id,
                period_start=month,
                period_end=period_of(month)[1],
                currency=client.currency,
            )
            for month in (self.first_month, self.last_month, self.this_month)
            for client in self.clients.values()
        ]

    def issued(self) -> list[tuple[Client, date, date]]:
        """Return (client, month, issue date) of the invoices in the order of their numbers.

        Two clients are invoiced on the last day of a month, the others on the first of the next; Fjord's last month is
        still a draft.
        """
        northwind, brightside, fjord, lumen = self.clients.values()
        first_end, last_end = period_of(self.first_month)[1], period_of(self.last_month)[1]
        return [
            (brightside, self.first_month, first_end),
            (lumen, self.first_month, first_end),
            (northwind, self.first_month, self.last_month),
            (fjord, self.first_month, self.last_month),
            (brightside, self.last_month, last_end),
            (lumen, self.last_month, last_end),
            (northwind, self.last_month, self.this_month),
        ]


def _even(minutes: int) -> days.Target:
    """Return the target of a month whose work is spread evenly; the last of it in whole minutes."""
    return lambda share: round(minutes * share)
