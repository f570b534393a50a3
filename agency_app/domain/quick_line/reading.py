"""What a quick line was understood as: the values, the words behind each, what is unsure, and the note."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Field = Literal["client", "activity", "campaign", "platform", "date", "start", "end", "seconds"]
NameField = Literal["client", "activity", "campaign", "platform"]


@dataclass(frozen=True)
class Name:
    """Something of the workspace that a line can name, with every spelling it goes by."""

    field: NameField
    id: str
    label: str
    spellings: tuple[str, ...]
    client_id: str = ""
    """Of a campaign: the client it belongs to."""
    platform: str = ""
    """Of a campaign: the id of the platform it runs on."""


@dataclass(frozen=True)
class Candidate:
    """A possible answer: `value` is the id, ISO date, ISO instant or whole seconds that settles the question."""

    value: str
    label: str


@dataclass(frozen=True)
class Unsure:
    """A field that has to be asked for, with the answers that come to mind."""

    field: Field
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Taken:
    """Words of the line that were understood, as they stand in it. A separator stands for nothing by itself."""

    field: Field | Literal["tag", "separator"]
    text: str


@dataclass(frozen=True)
class Fault:
    """Why a line can never be saved as it is, whatever is chosen."""

    field: Field
    message: str


@dataclass(frozen=True)
class Reading:
    """A line, understood. Where something is unsure, the value is the likelier one or None; nothing is saved by it.

    `start` and `end` are aware instants in UTC, `seconds` the true time between them; `date` is the work date.
    """

    client: Name | None
    campaign: Name | None
    platform: Name | None
    activity: Name | None
    date: date
    start: datetime | None
    end: datetime | None
    seconds: int | None
    note: str
    tags: tuple[str, ...]
    unsure: tuple[Unsure, ...]
    taken: tuple[Taken, ...]
    fault: Fault | None = None

    @property
    def sure(self) -> bool:
        """Whether the line can be saved as it is understood."""
        return not self.unsure and self.fault is None
