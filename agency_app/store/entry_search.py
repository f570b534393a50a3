"""Find time entries by what is asked of them: page by page, with totals, or all of them as a stream."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, Date, Select, and_, cast, literal, not_, or_
from sqlmodel import Session, case, col, exists, func, select
from sqlmodel.sql.sqltypes import UTCDateTime

from agency_app.store import people
from agency_app.store.work import ROWS_WITH_WORDS, EntryRow, as_entry_rows, entries_by_id
from agency_app.tables import Campaign, RetainerPeriod, Task, TimeEntry, WeekSubmission

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BATCH = 1000
"""Entries that a stream holds at a time."""

NONE = "none"
"""Asks for entries without a retainer or a campaign."""


@dataclass(frozen=True)
class EntryFilter:
    """What is asked. Empty fields ask nothing; days are both included; every tag and every word has to be there."""

    first: date | None = None
    last: date | None = None
    client_id: str = ""
    retainer_id: str = ""
    campaign_id: str = ""
    activity_id: str = ""
    member_id: str = ""
    billable: bool | None = None
    state: str = ""
    """Whether they can change, "open" or "locked"; or "invoiced", "uninvoiced"."""
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Parts of the note, the task or the campaign."""


@dataclass(frozen=True)
class Totals:
    """How many entries, and their raw seconds."""

    count: int
    seconds: int
    billable_seconds: int


@dataclass(frozen=True)
class Place:
    """Where an entry stands in the list: the newest day first, within a day the latest start first."""

    day: date
    start: datetime | None
    entry_id: str

    def as_text(self) -> str:
        """Return it as an address holds it."""
        moment = (self.start - _EPOCH) // timedelta(microseconds=1) if self.start else 0
        return f"{self.day:%Y%m%d}.{moment}.{self.entry_id}"

    @staticmethod
    def of_text(text: str) -> "Place":
        """Read it from an address. Raises ValueError when it is none."""
        day, moment, entry_id = text.split(".")
        try:
            start = _EPOCH + timedelta(microseconds=int(moment)) if moment != "0" else None
        except OverflowError as error:
            raise ValueError(text) from error
        return Place(datetime.strptime(day, "%Y%m%d").date(), start, entry_id[:64])

    @staticmethod
    def of(row: EntryRow) -> "Place":
        """Return where an entry stands."""
        return Place(row.work_date, row.started_at, row.id)


def totals(session: Session, workspace_id: str, asked: EntryFilter) -> Totals:
    """Return the totals of all that is asked."""
    billable = case((col(TimeEntry.billable), col(TimeEntry.seconds)), else_=0)
    query = select(
        func.count(col(TimeEntry.id)),
        func.coalesce(func.sum(TimeEntry.seconds), 0),
        func.coalesce(func.sum(billable), 0),
    ).select_from(TimeEntry)
    count, seconds, billed = session.exec(_asking(session, query, workspace_id, asked)).one()  # pyright: ignore
    return Totals(int(count), int(seconds), int(billed))


def page(
    session: Session, workspace_id: str, asked: EntryFilter, size: int, after: Place | None, before: Place | None
) -> tuple[list[EntryRow], bool]:
    """Return up to `size` entries that come after a place, or the nearest before one, and whether there are more that
    way. The cost does not grow with how far down the list the page is."""
    keys = (col(TimeEntry.work_date), _start(), col(TimeEntry.id))
    query = _asking(session, select(TimeEntry.id), workspace_id, asked)
    if after is not None:
        query = query.where(_beyond(after, older=True))
    elif before is not None:
        query = query.where(_beyond(before, older=False))
    upwards = after is None and before is not None
    query = query.order_by(*(key.asc() if upwards else key.desc() for key in keys)).limit(size + 1)
    found = [str(entry_id) for entry_id in session.execute(query).scalars()]
    more, found = len(found) > size, found[:size]
    rows = {row.id: row for row in entries_by_id(session, workspace_id, found)}
    in_order = [rows[entry_id] for entry_id in found if entry_id in rows]
    return (in_order[::-1] if upwards else in_order), more


def ids(session: Session, workspace_id: str, asked: EntryFilter, most: int) -> list[tuple[str, int]]:
    """Return (id, version) of up to `most` of what is asked, the newest first."""
    query = _asking(session, select(TimeEntry.id, TimeEntry.version), workspace_id, asked)
    query = query.order_by(col(TimeEntry.work_date).desc(), _start().desc(), col(TimeEntry.id).desc()).limit(most)
    return [(str(entry_id), int(version)) for entry_id, version in session.execute(query).all()]


def stream(session: Session, workspace_id: str, asked: EntryFilter) -> Iterator[EntryRow]:
    """Yield all that is asked, the newest first, as of one instant; a thousand at a time are held."""
    query = ROWS_WITH_WORDS.where(*_conditions(session, workspace_id, asked))
    query = query.order_by(col(TimeEntry.work_date).desc(), _start().desc(), col(TimeEntry.id).desc())
    for part in session.execute(query, execution_options={"yield_per": _BATCH}).partitions():
        yield from as_entry_rows(part)


def is_locked(session: Session, workspace_id: str) -> ColumnElement[bool]:
    """Return the condition under which an entry cannot change: `services.locks.lock_notes`, said to the database.

    That function decides and explains; this one only finds, and a test holds the two together.
    """
    locked_until = people.workspace(session, workspace_id).locked_until
    given = exists().where(
        col(WeekSubmission.member_id) == TimeEntry.member_id,
        col(WeekSubmission.client_id) == TimeEntry.client_id,
        col(WeekSubmission.status) == "approved",
        col(WeekSubmission.monday) <= TimeEntry.work_date,
        _six_days_after(session) >= col(TimeEntry.work_date),
    )
    closed = exists().where(
        col(RetainerPeriod.retainer_id) == TimeEntry.retainer_id,
        col(RetainerPeriod.closed_at).is_not(None),
        col(RetainerPeriod.starts_on) <= TimeEntry.work_date,
        col(RetainerPeriod.ends_on) >= TimeEntry.work_date,
    )
    found: list[ColumnElement[bool]] = [
        col(TimeEntry.invoice_id).is_not(None),
        given,
        and_(col(TimeEntry.billable), closed),
    ]
    if locked_until is not None:
        found.append(col(TimeEntry.work_date) <= locked_until)
    return or_(*found)


def _six_days_after(session: Session) -> ColumnElement[date]:
    """Return the last day of a submitted week."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(WeekSubmission.monday, "+6 days")
    return cast(col(WeekSubmission.monday) + 6, Date)


def _start() -> ColumnElement[datetime]:
    """Return the start of an entry; one without a time of day stands last in its day on every database."""
    return func.coalesce(col(TimeEntry.started_at), _instant(None))


def _instant(start: datetime | None) -> ColumnElement[datetime]:
    return literal(start or _EPOCH, UTCDateTime())


def _beyond(place: Place, *, older: bool) -> ColumnElement[bool]:
    keys = (col(TimeEntry.work_date), _start(), col(TimeEntry.id))
    values = (literal(place.day, Date), _instant(place.start), literal(place.entry_id))
    within = [keys[0] <= values[0] if older else keys[0] >= values[0]]  # what an index on the day can use
    beyond = [
        and_(
            *(keys[same] == values[same] for same in range(at)),
            keys[at] < values[at] if older else keys[at] > values[at],
        )
        for at in range(3)
    ]
    return and_(*within, or_(*beyond))


def _asking(session: Session, query: Select, workspace_id: str, asked: EntryFilter) -> Select:  # type: ignore[type-arg]
    """Return a query over entries alone, joined with no more than what is asked needs."""
    if asked.campaign_id or asked.activity_id or asked.words:
        query = query.join(Task, col(Task.id) == TimeEntry.task_id)
    if asked.words:
        query = query.outerjoin(Campaign, col(Campaign.id) == Task.campaign_id)
    return query.where(*_conditions(session, workspace_id, asked))


def _conditions(session: Session, workspace_id: str, asked: EntryFilter) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(TimeEntry.workspace_id) == workspace_id]
    if asked.first:
        found.append(col(TimeEntry.work_date) >= asked.first)
    if asked.last:
        found.append(col(TimeEntry.work_date) <= asked.last)
    for column, wanted in (
        (col(TimeEntry.client_id), asked.client_id),
        (col(TimeEntry.member_id), asked.member_id),
        (col(Task.activity_id), asked.activity_id),
        (col(TimeEntry.retainer_id), asked.retainer_id),
        (col(Task.campaign_id), asked.campaign_id),
    ):
        if wanted:
            found.append(column.is_(None) if wanted == NONE else column == wanted)
    if asked.billable is not None:
        found.append(col(TimeEntry.billable).is_(asked.billable))
    if asked.state in ("invoiced", "uninvoiced"):
        invoiced = col(TimeEntry.invoice_id).is_not(None)
        found.append(invoiced if asked.state == "invoiced" else not_(invoiced))
    elif asked.state in ("open", "locked"):
        locked = is_locked(session, workspace_id)
        found.append(locked if asked.state == "locked" else not_(locked))
    for tag in asked.tags:
        found.append((literal(" ") + col(TimeEntry.tags) + " ").contains(f" {tag} ", autoescape=True))
    for word in asked.words:
        found.append(
            or_(
                *(
                    column.icontains(word, autoescape=True)
                    for column in (col(TimeEntry.note), col(Task.title), func.coalesce(col(Campaign.name), ""))
                )
            )
        )
    return found
