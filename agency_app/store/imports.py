"""The reads of an import: all that its rows may refer to, archived rows included, and the rows known already."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, func, select

from agency_app.store import invoices
from agency_app.tables import Activity, Campaign, Client, ImportedEntry, Member

BATCH = 500


def known_keys(session: Session, workspace_id: str, keys: Iterable[str]) -> set[str]:
    """Return those of the keys that an import of the workspace has seen before."""
    wanted, known = list(keys), set[str]()
    for begin in range(0, len(wanted), BATCH):
        query = select(ImportedEntry.key).where(
            ImportedEntry.workspace_id == workspace_id, col(ImportedEntry.key).in_(wanted[begin : begin + BATCH])
        )
        known.update(session.exec(query))
    return known


def imported_row(session: Session, workspace_id: str, entry_id: str) -> ImportedEntry | None:
    """Return the row of a file that an entry was made of."""
    query = select(ImportedEntry).where(ImportedEntry.workspace_id == workspace_id, ImportedEntry.entry_id == entry_id)
    return session.exec(query).first()


def every_client(session: Session, workspace_id: str) -> list[Client]:
    """Return all clients in the order they were made."""
    return list(session.exec(select(Client).where(Client.workspace_id == workspace_id).order_by(Client.id)))


def every_activity(session: Session, workspace_id: str) -> list[Activity]:
    """Return all activities in their order."""
    query = select(Activity).where(Activity.workspace_id == workspace_id)
    return list(session.exec(query.order_by(col(Activity.position), Activity.id)))


def every_campaign(session: Session, workspace_id: str) -> list[Campaign]:
    """Return all campaigns in the order they were made."""
    return list(session.exec(select(Campaign).where(Campaign.workspace_id == workspace_id).order_by(Campaign.id)))


def closed_periods(session: Session, workspace_id: str) -> list[tuple[str, date, date, str]]:
    """Return (client, first day, last day, number) of every final invoice in force."""
    found = session.exec(invoices.in_force(workspace_id)).all()
    return [(one.client_id, one.period_start, one.period_end, str(one.number)) for one in found]


def emails_taken(session: Session, emails: Iterable[str]) -> set[str]:
    """Return those of the e-mail addresses (in lower case) that belong to a member of any workspace."""
    wanted = sorted(set(emails))
    taken = set[str]()
    for begin in range(0, len(wanted), BATCH):
        lowered = func.lower(Member.email)
        taken.update(session.exec(select(lowered).where(lowered.in_(wanted[begin : begin + BATCH]))))
    return taken


def add_rows(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert many rows at once; each holds every column of its table."""
    if rows:
        session.execute(insert(table), rows)
