"""A row that people edit in a form: its columns as text, the text read back, and a save that overwrites nobody.

The form holds the version of the row it was opened with. When somebody saved in between, the second save is refused
with all that is needed to go on: who changed what, how the row stands now, and how it stood when the form was opened.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from agency_app.services.actor import Actor, record
from agency_app.services.refusal import FieldsRefused, Refused, Stale
from agency_app.services.typed_amount import typed_amount, typed_percent
from agency_app.services.typed_text import typed_line
from agency_app.store import people
from agency_app.tables import Client, Workspace

LONGEST_TERMS_DAYS = 365


@dataclass(frozen=True)
class FormField:
    """A column in a form: how it is written there, and how what is typed is read (raises Refused naming the field)."""

    name: str
    label: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


@dataclass(frozen=True)
class Saved:
    """What a save gave: the row's version, and the labels of the fields that changed."""

    version: int
    changed: tuple[str, ...]


class Outdated(Stale):
    """Somebody saved the row after this form was opened. Nothing of the form is saved.

    `changed` names the fields they changed, `now` is the row as text, `version` its version; `seen` is the row as the
    form was opened with it, or None where its history does not tell.
    """

    def __init__(
        self, by: str, labels: Sequence[str], changed: Sequence[str], now: Mapping[str, str], seen: Any, version: int
    ) -> None:
        what = _listed(labels) or "this page"
        super().__init__(
            f"{by} changed {what} after you opened this page. Nothing of yours is saved yet: "
            "check what it says now, then save again."
        )
        self.by, self.changed, self.now, self.seen, self.version = by, tuple(changed), now, seen, version


def text_of(fields: Sequence[FormField], row: Workspace | Client) -> dict[str, str]:
    """Return a row as its form shows it."""
    return {field.name: field.write(getattr(row, field.name)) for field in fields}


def read_form(fields: Sequence[FormField], row: Workspace | Client, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the columns that a form gives a row. Fields that are not in it, or as they were, keep their value.

    Raises FieldsRefused with every field that cannot be read.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields:
        values[field.name] = getattr(row, field.name)
        text = typed.get(field.name, "").replace("\r\n", "\n")
        if field.name not in typed or text == field.write(values[field.name]):
            continue
        try:
            values[field.name] = field.read(text)
        except Refused as refused:
            errors[field.name] = refused.message
    if errors:
        raise FieldsRefused(errors)
    return values


def save_form(
    session: Session,
    actor: Actor,
    verb: str,
    row: Workspace | Client,
    fields: Sequence[FormField],
    values: Mapping[str, Any],
) -> Saved:
    """Put columns into a row, count its version up and record the change; an unchanged row stays as it is."""
    before = row.model_copy()
    changed = [field for field in fields if getattr(row, field.name) != values[field.name]]
    for field in changed:
        setattr(row, field.name, values[field.name])
    if changed:
        row.version += 1
        session.add(row)
        session.flush()
        record(session, actor, verb, row.id, before=before, after=row)
    return Saved(row.version, tuple(field.label for field in changed))


def refuse_outdated(
    session: Session, verb: str, row: Workspace | Client, workspace_id: str, version: int, fields: Sequence[FormField]
) -> None:
    """Raise Outdated when the row has another version than the form was opened with."""
    if row.version == version:
        return
    by, seen = "Somebody", None
    for detail, member in people.changes(session, workspace_id, row.id, verb):
        before = json.loads(detail).get("before", {})
        if before.get("version") == version:
            seen = {field.name: field.write(before[field.name]) for field in fields if field.name in before}
        if before.get("version", 0) >= version:
            by = member
    now = text_of(fields, row)
    changed = [field for field in fields if seen is not None and now[field.name] != seen.get(field.name)]
    raise Outdated(by, [field.label for field in changed], [f.name for f in changed], now, seen, row.version)


def line_field(name: str, label: str, when_empty: str = "") -> FormField:
    """Return a field of one line; `when_empty` is said when it may not be empty."""
    return FormField(name, label, lambda typed: typed_line(typed, name, when_empty))


def choice_field(name: str, label: str, choices: Sequence[str]) -> FormField:
    """Return a field that holds one of some values."""

    def read(typed: str) -> str:
        if typed not in choices:
            raise Refused(f"Choose one of: {', '.join(choices)}.", name)
        return typed

    return FormField(name, label, read)


def days_field(name: str, label: str) -> FormField:
    """Return a field that holds a number of days, up to a year."""

    def read(typed: str) -> int:
        days = typed.strip().lower().removesuffix("days").removesuffix("day").strip()
        if not (days.isascii() and days.isdigit()) or len(days) > 3 or int(days) > LONGEST_TERMS_DAYS:
            raise Refused(f"{label}: a number of days from 0 to {LONGEST_TERMS_DAYS}, such as 14.", name)
        return int(days)

    return FormField(name, label, read)


def percent_field(name: str, label: str, *, may_be_untold: bool = False) -> FormField:
    """Return a field that shows basis points as a percentage, from 0 to 100; an empty one is 0, or None where it may be
    left untold."""

    def read(typed: str) -> int | None:
        if may_be_untold and not typed.strip():
            return None
        basis_points = typed_percent(typed, name, label)
        if basis_points > 10_000:
            raise Refused(f"{label} is between 0 and 100 %.", name)
        return basis_points

    def write(basis_points: int | None) -> str:
        return "" if basis_points is None else _decimals(basis_points, 2, 0)

    return FormField(name, label, read, write)


def rate_field(name: str, label: str, highest: int) -> FormField:
    """Return a field that shows 1/10000 of the currency unit as an amount, up to a highest one."""

    def read(typed: str) -> int:
        rate = typed_amount(typed, name, label)
        if rate > highest:
            raise Refused(f"{label} is below {_decimals(highest, 4, 0)}.", name)
        return rate

    return FormField(name, label, read, lambda rate: _decimals(rate, 4, 2))


def _decimals(value: int, places: int, least: int) -> str:
    """Return an integer of 1/10^places as a decimal number with at least some of its decimals, and never with three:
    95.125 could be read as thousands."""
    whole, rest = divmod(value, 10**places)
    decimals = f"{rest:0{places}d}".rstrip("0").ljust(least, "0")
    decimals = decimals.ljust(4, "0") if len(decimals) == 3 else decimals
    return f"{whole}.{decimals}" if decimals else str(whole)


def _listed(labels: Sequence[str]) -> str:
    words = [label if label.isupper() else label[:1].lower() + label[1:] for label in labels]
    words = [f"the {word}" for word in words]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
