"""The builder as the browser shows it beside the paper: what was added, what was decided, the checks. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TypedDict

from dateutil.relativedelta import relativedelta

from agency_app.documents import wording
from agency_app.domain.invoice import line_net
from agency_app.services.draft_checks import checks_of_draft
from agency_app.services.draft_edits import MAY_BUILD
from agency_app.services.draft_items import KINDS
from agency_app.services.preview_rounding import RoundingEffect
from agency_app.services.read_draft import LiveDraft
from agency_app.services.read_invoice import InvoiceRead
from agency_app.states.checks import checks_of
from agency_app.states.focus_view import trimmed_quantity
from agency_app.states.record_words import time_of_day
from agency_app.states.views import Choice
from agency_app.store.work import EntryRow
from agency_app.tables import DraftItem

MONTHS_AHEAD, MONTHS_BACK = 6, 3
"""How many months an entry is offered to be billed in instead."""
QUARTER = 2500
"""A quarter of an hour, in 1/10000 hours."""


class ItemRow(TypedDict):
    """Something that was added."""

    id: str
    kind: str
    what: str
    detail: str
    amount: str


class Stat(TypedDict):
    """A figure of the strip under the work."""

    name: str
    value: str
    note: str


class CheckRow(TypedDict):
    """A check, with the address or, of this page, the dialog that mends it (see `Fault.fix`)."""

    kind: str
    text: str
    href: str
    link: str
    fix: str


class LineHead(TypedDict):
    """The selected line."""

    found: bool
    key: str
    place: str
    count: int
    description: str
    own_words: bool
    sum: str
    makes: str
    total_time: str
    total: str


class Decision(TypedDict):
    """An entry under the selected line, or one that is on no line, with what was decided about it."""

    id: str
    date: str
    task: str
    member: str
    platform: str
    when: str
    minutes: str
    billed: int
    most: int
    logged: int
    of: str
    amount: str
    href: str
    less: str
    written_off: int
    reason: str
    moved: str
    month: str
    step: str


class Head(TypedDict):
    """The form of the draft's head."""

    note: str
    purchase_order: str
    usual_order: str
    due_on: str
    terms: str
    exchange_rate: str
    exchange: str


class Board(TypedDict):
    """Everything beside the paper."""

    draft: bool
    may_build: bool
    grouping: str
    items: list[ItemRow]
    stats: list[Stat]
    checks: list[CheckRow]
    head: Head
    lines: list[Choice]
    rounding_mode: str
    rounding_step: str
    rounding_scope: str
    months: list[Choice]
    will_be: str
    locks: str
    aside: list[Decision]


def board_of(read: InvoiceRead, role: str) -> Board:
    """Return what stands beside the paper of an invoice or a draft."""
    live, snapshot = read.live, read.snapshot
    board: Board = {
        "draft": live is not None,
        "may_build": live is not None and read.invoice.status == "draft" and role in MAY_BUILD,
        "grouping": "activity",
        "items": [],
        "stats": [],
        "checks": [],
        "head": _head(read),
        "lines": [
            {"id": line.get("key", ""), "name": f"{line['position']} {line['description']}"}
            for line in snapshot["lines"]
        ],
        "rounding_mode": read.client.rounding_mode,
        "rounding_step": str(read.client.rounding_step_seconds // 60 or ""),
        "rounding_scope": read.client.rounding_scope,
        "months": [],
        "will_be": read.next_number,
        "locks": "",
        "aside": [],
    }
    if live is None:
        return board
    board["grouping"] = live.layout.plan.grouping
    board["items"] = [_item(row, live.client.currency) for row in live.layout.items]
    board["stats"] = _stats(live)
    board["months"] = _other_months(live)
    board["locks"] = _entries(len({one.entry_id for line in live.draft.lines for one in line.work}))
    back = f"/invoices/{read.invoice.id}"
    board["checks"] = [
        {"kind": one.kind, **checks_of([one.fault], read.client.id, back)[0], "fix": one.fault.fix}
        for one in checks_of_draft(read)
    ]
    held = {one.entry_id for one in live.decided.values() if one.held_back >= one.seconds}
    off = [row for row in live.entries.values() if row.id in held]
    board["aside"] = [_decision(live, row, 0, 0) for row in [*off, *live.moved_out]]
    return board


def _other_months(live: LiveDraft) -> list[Choice]:
    """Return the months whose invoice may bill an entry instead: those to come first, then those before."""
    steps = (*range(1, MONTHS_AHEAD + 1), *range(-1, -MONTHS_BACK - 1, -1))
    starts = [live.first_day + relativedelta(months=step) for step in steps]
    return [{"id": start.isoformat(), "name": wording.month_name(start)} for start in starts]


def line_head(read: InvoiceRead, selected: int) -> LineHead:
    """Return the selected line of an invoice or a draft."""
    lines, currency = read.snapshot["lines"], read.snapshot["currency"]
    line = next((one for one in lines if one["position"] == selected), None)
    if line is None:
        return no_line()
    count = len(line["work"])
    hourly = line["unit"] == "h"
    quantity = f"{wording.hours(line['quantity'] * 3600 // 10_000)} h" if hourly else trimmed_quantity(line["quantity"])
    key = line.get("key", "")
    live = read.live
    nothing = "It was added by hand and holds no logged time."
    change = " Change one and the invoice follows." if live is not None else ""
    return {
        "found": True,
        "key": key,
        "place": f"Line {selected} of {len(lines)}",
        "count": len(lines),
        "description": line["description"],
        "own_words": live is not None and live.layout.version_of(key) > 0,
        "sum": f"{quantity} × {wording.rate(line['price'], currency)} = {wording.money(line['net_minor'], currency)}",
        "makes": f"{_entries(count)} behind this line.{change}" if count else nothing,
        "total_time": f"{sum(work['seconds'] for work in line['work']) // 60} min",
        "total": wording.money(line["net_minor"], currency),
    }


def work_of(read: InvoiceRead, selected: int) -> list[Decision]:
    """Return the entries under the selected line."""
    line = next((one for one in read.snapshot["lines"] if one["position"] == selected), None)
    if line is None:
        return []
    live = read.live
    if live is not None:
        rows = [
            _decision(live, live.entries[work["entry_id"]], work["amount_minor"], line["price"])
            for work in line["work"]
        ]
    else:
        rows = [_frozen(read, work, read.snapshot["currency"]) for work in line["work"]]
    if line["kind"] == "fee":
        return [{**row, "amount": "in the fee"} for row in rows]
    return rows


def effect_words(effect: RoundingEffect) -> str:
    """Return what another rounding would do to a draft, in hours and money."""
    total = wording.money(effect.subtotal_then, effect.currency)
    if not effect.seconds and not effect.subtotal:
        return f"Nothing changes: {total} without VAT on this draft."
    hours = wording.hours(abs(effect.seconds))
    sign = "more" if effect.seconds >= 0 else "less"
    money = wording.money(abs(effect.subtotal), effect.currency)
    way = "more" if effect.subtotal >= 0 else "less"
    said = f"{hours} h and {money} {sign}" if sign == way else f"{hours} h {sign} and {money} {way}"
    return f"{said}: {total} without VAT on this draft."


def no_line() -> LineHead:
    """Return no selected line."""
    return {
        "found": False,
        "key": "",
        "place": "",
        "count": 0,
        "description": "",
        "own_words": False,
        "sum": "",
        "makes": "",
        "total_time": "",
        "total": "",
    }


def no_board() -> Board:
    """Return the board of no invoice."""
    return {
        "draft": False,
        "may_build": False,
        "grouping": "activity",
        "items": [],
        "stats": [],
        "checks": [],
        "head": {
            "note": "",
            "purchase_order": "",
            "usual_order": "",
            "due_on": "",
            "terms": "",
            "exchange_rate": "",
            "exchange": "",
        },
        "lines": [],
        "rounding_mode": "none",
        "rounding_step": "",
        "rounding_scope": "line",
        "months": [],
        "will_be": "",
        "locks": "",
        "aside": [],
    }


def _head(read: InvoiceRead) -> Head:
    live, client = read.live, read.client
    plan = live.layout.plan if live is not None else None
    days = client.payment_terms_days
    rate = plan.exchange_rate if plan is not None else None
    foreign = live.accounting_currency if live is not None else ""
    return {
        "note": plan.note if plan is not None else "",
        "purchase_order": (plan.purchase_order or "") if plan is not None else "",
        "usual_order": client.purchase_order,
        "due_on": plan.due_on.isoformat() if plan is not None and plan.due_on else "",
        "terms": f"Empty: {days} day{'s' if days != 1 else ''} after it is issued",
        "exchange_rate": _rate_text(rate),
        "exchange": f"{foreign} for one {client.currency}" if foreign else "",
    }


def _rate_text(rate: int | None) -> str:
    """Return an exchange rate of 1/1000000 as it is typed, without needless zeros."""
    whole, rest = divmod(rate or 0, 1_000_000)
    return f"{whole}.{f'{rest:06d}'.rstrip('0') or '0'}" if rate else ""


def _item(row: DraftItem, currency: str) -> ItemRow:
    if row.percent is not None:
        amount = wording.vat_percent(row.percent)
    elif row.kind in ("discount", "surcharge", "prepayment"):
        amount = wording.money(row.amount_minor, currency)
    else:
        amount = f"{trimmed_quantity(row.quantity)} × {wording.rate(row.price, currency)}"
    detail = [KINDS[row.kind]]
    if row.markup:
        detail.append(f"markup {wording.vat_percent(row.markup)}")
    if row.line_key:
        detail.append("on a line")
    if row.vat_category:
        detail.append(f"VAT {row.vat_category} {wording.vat_percent(row.vat_rate)}")
    if row.happened_on:
        detail.append(wording.short_date(row.happened_on))
    return {"id": row.id, "kind": row.kind, "what": row.description, "detail": ", ".join(detail), "amount": amount}


def _stats(live: LiveDraft) -> list[Stat]:
    here = [one for one in live.decided.values() if one.entry_id in live.entries]
    less, off = sum(one.less_seconds for one in here), sum(one.written_off_seconds for one in here)
    moved = sum(row.seconds for row in live.moved_out)
    logged = sum(row.seconds for row in live.entries.values())
    billed = sum(work.seconds for line in live.draft.lines for work in line.work)
    moved_to = sorted(one.counts_on for one in live.decided.values() if one.entry_id not in live.entries)
    months = [wording.month_seen_from(day, live.first_day) for day in moved_to or [live.last_day + timedelta(days=1)]]
    reasons = sorted({one.reason for one in here if one.reason})
    return [
        {"name": "Logged", "value": _hours(logged), "note": _entries(len(live.entries))},
        {"name": "Billed less", "value": _hours(less), "note": _of(one.less_seconds for one in here)},
        {"name": "Written off", "value": _hours(off), "note": "; ".join(reasons) or "nothing yet"},
        {
            "name": f"Moved to {' and '.join(dict.fromkeys(months))}",
            "value": _hours(moved),
            "note": _entries(len(live.moved_out)) if live.moved_out else "nothing yet",
        },
        {
            "name": "Billed",
            "value": _hours(billed),
            "note": wording.money(live.draft.totals.subtotal_minor, live.draft.currency),
        },
    ]


def _hours(seconds: int) -> str:
    return f"{seconds // 3600}.{seconds % 3600 * 100 // 3600:02d} h"


def _of(seconds: Iterable[int]) -> str:
    count = sum(1 for each in seconds if each)
    return _entries(count) if count else "nothing yet"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _decision(live: LiveDraft, row: EntryRow, amount_minor: int, price: int) -> Decision:
    one = live.decided.get(row.id)
    less, off = (one.less_seconds, one.written_off_seconds) if one else (0, 0)
    hourly = price if amount_minor else 0
    quarter = wording.money(line_net(QUARTER, hourly, live.draft.currency), live.draft.currency) if hourly else ""
    billed = row.seconds - less - off
    return {
        "id": row.id,
        "date": f"{row.work_date:%a} {wording.short_date(row.work_date)}",
        "task": row.note or row.title or row.activity,
        "member": row.member,
        "platform": row.platform or "–",
        "when": time_of_day(row),
        "minutes": f"{billed // 60} min",
        "billed": billed // 60,
        "most": (row.seconds - off) // 60,
        "logged": row.seconds // 60,
        "of": f"of {row.seconds // 60}" if less or off else "",
        "amount": wording.money(amount_minor, live.draft.currency),
        "href": f"/?week={row.work_date.isoformat()}&client={row.client_id}&entry={row.id}",
        "less": f"{less // 60} min less" if less else "",
        "written_off": off // 60,
        "reason": one.reason if one else "",
        "moved": f"On {wording.month_seen_from(one.counts_on, live.first_day)}'s invoice"
        if one is not None and row.id not in live.entries
        else "",
        "month": wording.month_name(row.work_date) if not live.first_day <= row.work_date <= live.last_day else "",
        "step": f"Each 15 min less takes {quarter} off this line. The logged time stays on the retainer."
        if quarter
        else "Covered by the fee: no amount changes. The logged time stays on the retainer.",
    }


def _frozen(read: InvoiceRead, work: dict, currency: str) -> Decision:
    day = date.fromisoformat(work["date"])
    first, last = (date.fromisoformat(read.snapshot["period"][name]) for name in ("start", "end"))
    return {
        "id": work["entry_id"],
        "date": f"{day:%a} {wording.short_date(day)}",
        "task": work["task"],
        "member": work["member"],
        "platform": work["platform"] or "–",
        "when": time_of_day(read.entries.get(work["entry_id"])),
        "minutes": f"{work['seconds'] // 60} min",
        "billed": 0,
        "most": 0,
        "logged": work["seconds"] // 60,
        "of": "",
        "amount": wording.money(work["amount_minor"], currency),
        "href": f"/?week={day.isoformat()}&client={read.client.id}&entry={work['entry_id']}",
        "less": "",
        "written_off": 0,
        "reason": "",
        "moved": "",
        "month": "" if first <= day <= last else wording.month_name(day),
        "step": "",
    }
