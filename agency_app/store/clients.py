"""Queries about clients, their retainers and periods, campaigns, activities, templates and rates."""

from datetime import date

from sqlmodel import Session, col, or_, select

from agency_app.tables import (
    Activity,
    Campaign,
    Client,
    Rate,
    Retainer,
    RetainerPeriod,
    TaskTemplate,
    TimeEntry,
)


def clients(session: Session, workspace_id: str) -> list[Client]:
    """Return the clients in use, by name."""
    query = select(Client).where(Client.workspace_id == workspace_id, col(Client.archived).is_(False))
    return list(session.exec(query.order_by(Client.name)))


def every_client(session: Session, workspace_id: str) -> list[Client]:
    """Return the clients by name, archived ones too."""
    return list(session.exec(select(Client).where(Client.workspace_id == workspace_id).order_by(Client.name)))


def client(session: Session, workspace_id: str, client_id: str) -> Client | None:
    """Return one client of the workspace."""
    return session.exec(select(Client).where(Client.workspace_id == workspace_id, Client.id == client_id)).first()


def currencies(session: Session, workspace_id: str) -> dict[str, str]:
    """Return the currency of every client by its id, archived ones too."""
    return dict(session.exec(select(Client.id, Client.currency).where(Client.workspace_id == workspace_id)).all())


def has_entries(session: Session, workspace_id: str, client_id: str) -> bool:
    """Tell whether any time was ever logged for a client."""
    query = select(TimeEntry.id).where(TimeEntry.workspace_id == workspace_id, TimeEntry.client_id == client_id)
    return session.exec(query.limit(1)).first() is not None


def retainers(session: Session, workspace_id: str, client_id: str | None = None) -> list[Retainer]:
    """Return the retainers, oldest first: the order in which a task without an override falls to them."""
    query = select(Retainer).where(Retainer.workspace_id == workspace_id)
    if client_id is not None:
        query = query.where(Retainer.client_id == client_id)
    return list(session.exec(query.order_by(col(Retainer.starts_on), Retainer.id)))


def agreements(session: Session, workspace_id: str) -> list[tuple[Retainer, Client]]:
    """Return the retainers of clients in use with their clients, oldest first."""
    query = (
        select(Retainer, Client)
        .join(Client, col(Client.id) == Retainer.client_id)
        .where(Retainer.workspace_id == workspace_id, col(Client.archived).is_(False))
    )
    return list(session.exec(query.order_by(col(Retainer.starts_on), Retainer.id)).all())


def retainer(session: Session, workspace_id: str, retainer_id: str) -> Retainer | None:
    """Return one retainer of the workspace."""
    query = select(Retainer).where(Retainer.workspace_id == workspace_id, Retainer.id == retainer_id)
    return session.exec(query).first()


def runs_on(retainer: Retainer, day: date) -> bool:
    """Tell whether the agreement covers a day."""
    return retainer.starts_on <= day and (retainer.ends_on is None or day <= retainer.ends_on)


def periods(session: Session, retainer_ids: list[str], upto: date) -> list[RetainerPeriod]:
    """Return the stored periods of some retainers that start on or before a day, in order."""
    query = select(RetainerPeriod).where(
        col(RetainerPeriod.retainer_id).in_(retainer_ids),
        RetainerPeriod.starts_on <= upto,
    )
    return list(session.exec(query.order_by(RetainerPeriod.retainer_id, col(RetainerPeriod.starts_on))))


def campaigns(session: Session, workspace_id: str) -> list[Campaign]:
    """Return the campaigns in use, by client and name."""
    query = select(Campaign).where(Campaign.workspace_id == workspace_id, col(Campaign.archived).is_(False))
    return list(session.exec(query.order_by(Campaign.client_id, Campaign.name)))


def every_campaign(session: Session, workspace_id: str, client_id: str) -> list[Campaign]:
    """Return a client's campaigns by name, archived ones too."""
    query = select(Campaign).where(Campaign.workspace_id == workspace_id, Campaign.client_id == client_id)
    return list(session.exec(query.order_by(Campaign.name, Campaign.platform)))


def campaign(session: Session, workspace_id: str, campaign_id: str) -> Campaign | None:
    """Return one campaign of the workspace."""
    query = select(Campaign).where(Campaign.workspace_id == workspace_id, Campaign.id == campaign_id)
    return session.exec(query).first()


def activities(session: Session, workspace_id: str) -> list[Activity]:
    """Return the activities in their order."""
    query = select(Activity).where(Activity.workspace_id == workspace_id, col(Activity.archived).is_(False))
    return list(session.exec(query.order_by(col(Activity.position), Activity.name)))


def every_activity(session: Session, workspace_id: str) -> list[Activity]:
    """Return the activities in their order, archived ones too."""
    query = select(Activity).where(Activity.workspace_id == workspace_id)
    return list(session.exec(query.order_by(col(Activity.position), Activity.name)))


def templates(session: Session, workspace_id: str) -> list[TaskTemplate]:
    """Return the task templates in use, in their order."""
    query = select(TaskTemplate).where(TaskTemplate.workspace_id == workspace_id, col(TaskTemplate.archived).is_(False))
    return list(session.exec(query.order_by(col(TaskTemplate.position), TaskTemplate.name)))


def rates(session: Session, workspace_id: str) -> list[Rate]:
    """Return the whole rate card."""
    return list(session.exec(select(Rate).where(Rate.workspace_id == workspace_id).order_by(Rate.id)))


def applicable_rates(
    session: Session,
    workspace_id: str,
    client_id: str,
    activity_id: str,
    member_id: str,
    on: date,
) -> list[Rate]:
    """Return the rate card rows that match a touch of work on a day."""
    query = select(Rate).where(
        Rate.workspace_id == workspace_id,
        Rate.starts_on <= on,
        or_(col(Rate.client_id).is_(None), Rate.client_id == client_id),
        or_(col(Rate.activity_id).is_(None), Rate.activity_id == activity_id),
        or_(col(Rate.member_id).is_(None), Rate.member_id == member_id),
    )
    return list(session.exec(query))
