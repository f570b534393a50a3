"""Find what the rows of an import refer to, or make it: members, clients, activities, campaigns, retainers, rates.

Everything is read once, before the first row; nothing here is written before the import decides to.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel

from agency_app.connectors.importers import ImportedRow
from agency_app.domain.vat import category_at
from agency_app.services.agreement import ScopeRule
from agency_app.services.rate_card import RateCard
from agency_app.services.refusal import NotFound
from agency_app.store import approvals, clients, imports, people, retainers
from agency_app.tables import Activity, Campaign, Client, Member, Retainer
from agency_app.tables.base import now
from agency_app.tables.client import NO_PLATFORM

INTERNAL, IMPORTED_WORK = "Internal", "Imported work"
PLATFORMS = {name.casefold(): name for name in ("Meta", "Google Ads", "TikTok", "LinkedIn")}
COLOURS = 4
_EVER = date(1900, 1, 1), date(2200, 1, 1)
_Row = TypeVar("_Row")


class Unmatched(Exception):
    """A row that cannot come in; `reason` is for people, `code` for scripts."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Match:
    """What a workspace knows, by the names that exports use, and what an import would add to it."""

    def __init__(
        self, session: Session, workspace_id: str, zone: str, create_missing: bool, member_email: str | None
    ) -> None:
        """Read the workspace. Raises NotFound when `member_email` is nobody's."""
        self._session = session
        self._workspace = people.workspace(session, workspace_id)
        self._zone = zone
        self._today = now().astimezone(ZoneInfo(zone)).date()
        self._create_missing = create_missing
        self._members = people.members(session, workspace_id)
        self._by_email = {member.email.casefold(): member for member in self._members if member.email}
        self._by_name = _index((member.name, member) for member in self._members)
        self._known_people: dict[tuple[str, str], Member] = {}
        self._everybody = self._only_member(member_email) if member_email else None
        self._clients = imports.every_client(session, workspace_id)
        self._client_names = [
            _index((client.name, client) for client in self._clients),
            _index((client.legal_name, client) for client in self._clients),
            _index((client.short_name, client) for client in self._clients),
        ]
        self._internal = next((client for client in self._clients if client.internal), None)
        activities = imports.every_activity(session, workspace_id)
        self._activities = {_plain(activity.name): activity for activity in reversed(activities)}
        self._next_position = max((activity.position for activity in activities), default=-1) + 1
        self._campaigns = {
            (campaign.client_id, _plain(campaign.name)): campaign
            for campaign in reversed(imports.every_campaign(session, workspace_id))
        }
        self._retainers: dict[str, list[Retainer]] = {}
        for retainer in clients.retainers(session, workspace_id):
            self._retainers.setdefault(retainer.client_id, []).append(retainer)
        self._scope = ScopeRule(session, workspace_id, clients.retainers(session, workspace_id))
        self._closed_periods = retainers.closed_periods(session, workspace_id)
        self._closed: dict[str, list[tuple[date, date, str]]] = {}
        for client_id, first, last, number in imports.closed_periods(session, workspace_id):
            self._closed.setdefault(client_id, []).append((first, last, number))
        self._approved = approvals.approved(session, workspace_id, *_EVER)
        self.rates = RateCard(clients.rates(session, workspace_id), self._workspace.default_rate)
        self.unknown_clients: set[str] = set()
        self.unknown_members: set[str] = set()
        self.new_members: list[Member] = []
        self.new_clients: list[Client] = []
        self.new_activities: list[Activity] = []
        self.new_campaigns: list[Campaign] = []

    def created(self) -> list[Sequence[SQLModel]]:
        """Return the rows to be added before the tasks, in the order in which they refer to each other."""
        return [self.new_members, self.new_clients, self.new_activities, self.new_campaigns]

    def client_of(self, campaign: Campaign) -> str:
        """Return the name of a campaign's client, which may be new too."""
        return next(one.name for one in (*self._clients, *self.new_clients) if one.id == campaign.client_id)

    def forget_unused(self, used_ids: set[str]) -> None:
        """Leave out what was made for rows that did not come in after all."""
        self.new_members = [member for member in self.new_members if member.id in used_ids]
        self.new_clients = [client for client in self.new_clients if client.id in used_ids]

    def who(self, row: ImportedRow) -> tuple[Member, Client]:
        """Return whose time it is and who it was for: the internal client when the row names none.

        Raises Unmatched for a name that two members share, and for an unknown person or client; both are looked for
        in any case, so that the report names everything that is missing.
        """
        try:
            member = self._member(row)
        except Unmatched as fault:
            try:
                self._client(row)
            except Unmatched as other:
                raise Unmatched(fault.code, f"{fault.reason} {other.reason}") from other
            raise
        return member, self._client(row)

    def _member(self, row: ImportedRow) -> Member:
        if self._everybody is not None:
            return self._everybody
        email, name = (row.email or "").strip().casefold(), _plain(row.user)
        if (email, name) not in self._known_people:
            self._known_people[email, name] = self._find_member(row, email, name)
        return self._known_people[email, name]

    def _client(self, row: ImportedRow) -> Client:
        if not (row.client or "").strip():
            return self._internal or self._named_client(
                INTERNAL, f"The row names no client, and there is no client {INTERNAL} for the agency's own work."
            )
        name = _words(str(row.client))
        return self._named_client(name, f"{name} is not a client of this workspace.")

    def activity(self, row: ImportedRow) -> Activity:
        """Return the kind of work the row's task stands for, made if there is none of that name."""
        name = _words(row.task or "") or IMPORTED_WORK
        found = self._activities.get(_plain(name))
        if found is None:
            found = Activity(workspace_id=self._workspace.id, name=name, position=self._next_position)
            self._next_position += 1
            self._activities[_plain(name)] = found
            self.new_activities.append(found)
        return found

    def campaign(self, row: ImportedRow, client: Client) -> Campaign | None:
        """Return the client's campaign with the name of the row's project, made if there is none; None without one."""
        name = _words(row.project or "")
        if not name:
            return None
        found = self._campaigns.get((client.id, _plain(name)))
        if found is None:
            found = Campaign(workspace_id=self._workspace.id, client_id=client.id, platform=NO_PLATFORM, name=name)
            self._campaigns[client.id, _plain(name)] = found
            self.new_campaigns.append(found)
        return found

    def platform(self, row: ImportedRow, campaign: Campaign | None) -> str:
        """Return where the work happened: the campaign's platform, unless a tag of the row says more."""
        if campaign is not None and campaign.platform != NO_PLATFORM:
            return campaign.platform
        return next((PLATFORMS[tag.casefold()] for tag in row.tags if tag.casefold() in PLATFORMS), "")

    def retainer(self, client: Client, day: date, activity: Activity, campaign: Campaign | None) -> Retainer | None:
        """Return the agreement that the work falls to, by the rule of `agreement.retainer_for`.

        Raises Unmatched when its period is closed.
        """
        running = [known for known in self._retainers.get(client.id, []) if clients.runs_on(known, day)]
        found = self._scope.choose(running, day, activity.id, campaign.id if campaign else None)
        for retainer_id, first, last in self._closed_periods:
            if found is not None and retainer_id == found.id and first <= day <= last:
                raise Unmatched("closed_period", f"{found.name} of {client.name} is closed up to {last:%d %b %Y}.")
        return found

    def refuse_closed_day(self, client: Client, member: Member, day: date) -> None:
        """Raise Unmatched when the lock date or a final invoice of the client covers the day, or its week is approved."""
        locked_until = self._workspace.locked_until
        if locked_until is not None and day <= locked_until:
            raise Unmatched("locked", f"The books are closed up to {locked_until:%d %b %Y}.")
        if (member.id, client.id, day) in self._approved:
            reason = f"{member.name}'s week with {day:%d %b %Y} for {client.name} is approved and closed."
            raise Unmatched("approved_week", reason)
        for first, last, number in self._closed.get(client.id, []):
            if first <= day <= last:
                reason = f"{client.name}'s {day:%B %Y} is invoiced on {number} and closed."
                raise Unmatched("closed_period", reason)

    def is_to_come(self, day: date) -> bool:
        """Tell whether a day lies after tomorrow: work that is not done yet. Tomorrow has begun somewhere."""
        return day > self._today + timedelta(days=1)

    def _only_member(self, email: str) -> Member:
        found = self._by_email.get(email.strip().casefold())
        if found is None:
            raise NotFound(f"No member of this workspace has the e-mail address {email}.", "member_email")
        return found

    def _find_member(self, row: ImportedRow, email: str, name: str) -> Member:
        if email in self._by_email:
            return self._by_email[email]
        namesakes = self._by_name.get(name, [])
        if len(namesakes) == 1:
            return namesakes[0]
        person = _words(row.user)
        if namesakes:
            raise Unmatched("two_members", f"{len(namesakes)} members are called {person}, and the row has no e-mail.")
        self.unknown_members.add(person)
        if not self._create_missing:
            raise Unmatched("unknown_member", f"{person} is not a member of this workspace.")
        return self._new_member(person, email)

    def _new_member(self, name: str, email: str) -> Member:
        """Make a member who owns the imported time and cannot sign in; without an address, one that leads nowhere."""
        address = email or f"{re.sub(r'[^a-z0-9]+', '.', _plain(name)).strip('.') or 'member'}@imported.invalid"
        if imports.emails_taken(self._session, [address]) or address in self._by_email:
            if email:
                raise Unmatched("email_taken", f"The e-mail address {email} of {name} belongs to another workspace.")
            address = f"{len(self._members) + len(self.new_members)}.{address}"
        made = Member(workspace_id=self._workspace.id, email=address, name=_words(name), zone=self._zone, active=False)
        self.new_members.append(made)
        self._by_email[address] = made
        self._by_name.setdefault(_plain(name), []).append(made)
        return made

    def _named_client(self, name: str, missing: str) -> Client:
        for index in self._client_names:
            found = index.get(_plain(name), [])
            if len(found) == 1:
                return found[0]
        self.unknown_clients.add(_words(name))
        if not self._create_missing:
            raise Unmatched("unknown_client", missing)
        return self._new_client(_words(name))

    def _new_client(self, name: str) -> Client:
        vat_category, vat_rate = category_at(self._workspace.vat_rate)
        made = Client(
            workspace_id=self._workspace.id,
            name=name,
            short_name=name,
            currency=self._workspace.currency,
            payment_terms_days=self._workspace.payment_terms_days,
            vat_category=vat_category,
            vat_rate=vat_rate,
            colour=(len(self._clients) + len(self.new_clients)) % COLOURS + 1,
            internal=_plain(name) == _plain(INTERNAL),
        )
        self.new_clients.append(made)
        self._client_names[0].setdefault(_plain(name), []).append(made)
        if made.internal:
            self._internal = made
        return made


def _index(named: Iterable[tuple[str, _Row]]) -> dict[str, list[_Row]]:
    """Return rows by name; rows without one are left out."""
    index: dict[str, list[_Row]] = {}
    for name, row in named:
        if _plain(name):
            index.setdefault(_plain(name), []).append(row)
    return index


def _words(text: str) -> str:
    """Return a name with single spaces, as it is to be stored."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _plain(text: str) -> str:
    """Return a name as it is compared: without regard to case and to spaces."""
    return _words(text).casefold()
