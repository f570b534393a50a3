"""How a draft is laid out: what a person added to it and how its work stands together, read for the arithmetic."""

import json
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from agency_app.documents import speech, wording
from agency_app.documents.translation import Words
from agency_app.domain.additions import Additions, Item, ItemKind, Treatment
from agency_app.domain.draft import Group
from agency_app.domain.retainer import period_of
from agency_app.domain.vat import CATEGORIES
from agency_app.store import builder
from agency_app.store.work import EntryRow
from agency_app.tables import Client, DraftItem, DraftLine, DraftPlan, Workspace

GROUPINGS = {
    "activity": "By activity",
    "campaign": "By campaign",
    "task": "By task",
    "member": "By member",
    "day": "By day",
    "one": "On one line",
}


@dataclass(frozen=True)
class Layout:
    """The rows that people made for a draft; a draft that nobody touched has none."""

    invoice_id: str = ""
    plan: DraftPlan = field(default_factory=lambda: DraftPlan(workspace_id="", invoice_id="", version=0))
    items: tuple[DraftItem, ...] = ()
    words: tuple[DraftLine, ...] = ()

    def version_of(self, key: str) -> int:
        """Return the version of a line's words, 0 where it has none of its own."""
        return next((row.version for row in self.words if row.key == key), 0)

    def said(self) -> list[object]:
        """Return what changes whenever one of the rows does."""
        return [
            self.plan.version,
            [(row.id, row.version) for row in self.items],
            sorted((row.id, row.version) for row in self.words),
        ]


def layout_of(session: Session, invoice_id: str | None) -> Layout:
    """Return what people made of a draft, an empty one for a draft that has no row yet."""
    if invoice_id is None:
        return Layout()
    plan = builder.plan(session, invoice_id)
    items, words = builder.items(session, invoice_id), builder.line_words(session, invoice_id)
    made = Layout(invoice_id, items=tuple(items), words=tuple(words))
    return made if plan is None else Layout(invoice_id, plan, made.items, made.words)


def usual_treatment(workspace: Workspace, client: Client) -> Treatment:
    """Return the VAT treatment of a client's lines: exempt where the agency is, else the client's own."""
    return _unless_exempt(workspace, Treatment(client.vat_category, client.vat_rate, client.vat_reason))


def additions_of(workspace: Workspace, client: Client, layout: Layout) -> Additions:
    """Return what was added to a draft, as the arithmetic takes it."""
    foreign = client.currency != workspace.currency
    return Additions(
        tuple(_item(workspace, row) for row in layout.items),
        {row.key: row.description for row in layout.words},
        tuple(json.loads(layout.plan.line_order)),
        workspace.currency if foreign else "",
        layout.plan.exchange_rate if foreign else None,
    )


def _item(workspace: Workspace, row: DraftItem) -> Item:
    kind: ItemKind = row.kind  # pyright: ignore[reportAssignmentType]  # the table's CHECK names the words
    own = Treatment(row.vat_category, row.vat_rate, row.vat_reason) if row.vat_category else None
    return Item(
        id=row.id,
        kind=kind,
        description=row.description,
        quantity=row.quantity,
        price=row.price,
        markup=row.markup,
        amount_minor=row.amount_minor,
        percent=row.percent,
        line_key=row.line_key,
        treatment=_unless_exempt(workspace, own) if own else None,
    )


def _unless_exempt(workspace: Workspace, treatment: Treatment) -> Treatment:
    """A small business charges no VAT on anything that it would have been charged on."""
    if workspace.vat_exemption and CATEGORIES[treatment.category].taxed:
        return Treatment("E", 0, workspace.vat_exemption)
    return treatment


def group_of(grouping: str, row: EntryRow, month: date, words: Words, dates: str) -> Group:
    """Return the line that an entry of a month stands on, named as the client's documents speak: `dates` is a locale."""
    match grouping:
        case "campaign":
            name = row.campaign or row.platform or words.say(speech.OTHER_WORK)
            return Group(f"campaign:{row.campaign_id or row.platform}", name, 0 if row.campaign_id else 1)
        case "task":
            name = row.title or row.note or row.activity
            return Group(f"task:{name}", name, row.activity_position)
        case "member":
            return Group(f"member:{row.member_id}", row.member)
        case "day":
            return Group(f"day:{row.work_date}", wording.long_date(row.work_date, dates), row.work_date.toordinal())
        case "one":
            return Group("one", words.say(speech.WORK_IN, period=wording.period_name(*period_of(month), dates)))
        case _:
            return Group(f"activity:{row.activity_id}", row.activity, row.activity_position)
