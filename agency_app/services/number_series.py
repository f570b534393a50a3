"""Number series: which one a document is counted in, and its next number. Invoices and credit notes each have their own.

A series holds from its first number on. One that is yearly ends with its year; one that is not goes on until its pattern
or its counting is changed in the settings, which counts from the first document of another year.
"""

import re
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from agency_app.services.refusal import Refused
from agency_app.store import invoices
from agency_app.tables import InvoiceSeries, Workspace

KINDS = {"invoice": "invoice", "credit_note": "credit note"}
LONGEST_NUMBER = 30
PATTERN_HELP = (
    "Write {number} once, and {year} at most once, with letters, digits, dots and dashes around them, such as "
    "INV-{year}-{number:04}."
)

_PATTERN = re.compile(r"(?:[A-Za-z0-9._-]|\{year\}|\{number(?::0[1-9])?\})+", re.ASCII)


@dataclass(frozen=True)
class NextNumber:
    """The number that the next document of a kind gets this year, and the year from which changed settings hold: this
    one while nothing is numbered in it yet."""

    number: str
    changes_hold_from: int
    year: int


def number_of(pattern: str, year: int, number: int) -> str:
    """Return a number by its pattern, for example `INV-{year}-{number:04}`."""
    return pattern.format(year=year, number=number)


def read_pattern(typed: str, field: str) -> str:
    """Return a pattern as it is kept. Raises Refused naming the field for one that cannot be counted by."""
    pattern = typed.strip()
    if not _PATTERN.fullmatch(pattern) or pattern.count("{year}") > 1 or pattern.count("{number") != 1:
        raise Refused(PATTERN_HELP, field)
    if len(number_of(pattern, 2026, 99_999)) > LONGEST_NUMBER:
        raise Refused(f"A number by this pattern is longer than {LONGEST_NUMBER} characters.", field)
    return pattern


def pattern_faults(patterns: dict[str, tuple[str, bool]]) -> dict[str, str]:
    """Return what is wrong with patterns in their use, by field: `patterns` holds the pattern and whether it counts
    yearly, by field. A yearly one needs the year, and no two fields may give the same numbers."""
    faults = {
        field: "Write {year} too: with a count that starts again every year, numbers would come twice."
        for field, (pattern, yearly) in patterns.items()
        if yearly and "{year}" not in pattern
    }
    shapes: dict[str, str] = {}
    for field, (pattern, _) in patterns.items():
        shape = re.sub(r"\{number[^}]*\}", "{number}", pattern).casefold()
        if shape in shapes:
            faults.setdefault(
                field, "Invoices and credit notes need patterns that differ, so that no number comes twice."
            )
        shapes[shape] = field
    return faults


def pattern_of(workspace: Workspace, kind: str) -> tuple[str, bool]:
    """Return the pattern of the settings for a kind of document, and whether it counts yearly."""
    if kind == "credit_note":
        return workspace.credit_pattern, workspace.credit_yearly
    return workspace.invoice_pattern, workspace.invoice_yearly


def series_on(known: list[InvoiceSeries], workspace: Workspace, kind: str, year: int) -> InvoiceSeries | None:
    """Return the series that a document of a year is counted in, None when it begins a new one.

    Raises Refused for a year before the newest series.
    """
    newest = max((one for one in known if one.kind == kind), key=lambda one: one.year, default=None)
    if newest is None or newest.year == year:
        return newest
    if newest.year > year:
        raise Refused(f"The issue date in {year} is before the newest series, {newest.year}.")
    begun = newest.last_issue_date is not None and newest.last_issue_date.year == year
    asked = (newest.pattern, newest.yearly) == pattern_of(workspace, kind)
    return newest if not newest.yearly and (begun or asked) else None


def next_number(known: list[InvoiceSeries], workspace: Workspace, kind: str, year: int) -> NextNumber:
    """Return what a document of a kind would be numbered this year: nobody has it before it is final."""
    year = max([year, *(one.year for one in known if one.kind == kind)])
    series = series_on(known, workspace, kind, year)
    begun = series is not None and series.last_issue_date is not None and series.last_issue_date.year == year
    pattern, last = (series.pattern, series.last_number) if series else (pattern_of(workspace, kind)[0], 0)
    return NextNumber(number_of(pattern, year, last + 1), year + 1 if begun else year, year)


def series_for(session: Session, workspace: Workspace, kind: str, issued: date) -> InvoiceSeries:
    """Return the counter row for a document issued on a day, locked until the transaction ends, making it when it is the
    first. Two first documents cannot both make it: the verbs of a workspace run one after the other."""
    found = series_on(invoices.all_series(session, workspace.id), workspace, kind, issued.year)
    if found is not None:
        session.refresh(found, with_for_update=True)
        return found
    pattern, yearly = pattern_of(workspace, kind)
    series = InvoiceSeries(workspace_id=workspace.id, kind=kind, year=issued.year, pattern=pattern, yearly=yearly)
    session.add(series)
    session.flush()
    return series


def take_number(session: Session, series: InvoiceSeries, issued: date) -> str:
    """Return the next number of a locked series. Raises Refused for one that an earlier series gave already, and for an
    issue date before the newest one of the series."""
    if series.last_issue_date is not None and issued < series.last_issue_date:
        raise Refused(
            f"The issue date {issued:%d %b %Y} is before {series.last_issue_date:%d %b %Y}, "
            f"the date of the newest {KINDS[series.kind]} of the series."
        )
    number = number_of(series.pattern, issued.year, series.last_number + 1)
    if invoices.by_number(session, series.workspace_id, number) is not None:
        raise Refused(f"The number {number} is taken by an earlier series. Change the pattern in the settings.")
    series.last_number += 1
    return number
