"""`/invoices/{id}/credit`: choose what of a final invoice is given back, see what that comes to, and issue it."""

import asyncio
from datetime import date
from typing import TypedDict

import reflex as rx

from agency_app.documents import wording
from agency_app.domain.durations import DurationError, hours_minutes, parse_duration
from agency_app.services.actor import Actor
from agency_app.services.credit_invoice import Chosen, Creditable, credit_invoice, read_creditable
from agency_app.services.finalise_invoice import MAY_FINALISE
from agency_app.services.refusal import Refused
from agency_app.states.guard import actor_of, to_sign_in
from agency_app.states.page import SignedIn
from agency_app.states.pulse import OnScreen, bump, join, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.typed import texts_of

WHOLE = "whole"
LONGEST_TYPED = 20


class CreditWork(TypedDict):
    """An entry under a line: the time that the line still bills of it, and what of that is typed to be given back."""

    key: str
    date: str
    task: str
    member: str
    left: str
    typed: str


class CreditLine(TypedDict):
    """A line of the invoice: what is left of it, and whether all of that is chosen. `given` is what would be credited."""

    position: str
    description: str
    detail: str
    left: str
    gone: bool
    whole: bool
    given: str
    work: list[CreditWork]


class CreditView(TypedDict):
    """The page: the invoice, its lines, and what the choice comes to, or what is wrong with it."""

    found: bool
    problem: str
    invoice: str
    number: str
    client: str
    total: str
    left: str
    credit: str
    net: str
    vat: str
    after: str
    lines: list[CreditLine]
    wrong: str
    ready: bool


@shown_on("/invoices/*")
class Crediting(OnScreen, SignedIn, rx.State):
    """State of `/invoices/[invoice_id]/credit`."""

    picked: dict[str, str] = {}
    """What is chosen: by the position of a line that it is taken whole, by position and entry the time that is typed."""
    seen: str = ""
    """The version of what was left when the page was opened."""
    error: str = ""
    busy: bool = False

    @rx.var
    async def view(self) -> CreditView:
        """What is left of the invoice in the address, and what the choice comes to."""
        actor, invoice_id = await self._reader(), self._invoice_id()
        if actor is None or not invoice_id:
            return _nothing("")
        try:
            of = await shared_reading(read_creditable, actor, invoice_id)
        except Refused as refused:
            return _nothing(refused.message)
        if actor.role not in MAY_FINALISE:
            return _nothing("Owners, leads and finance credit invoices.")
        return _view(of, self.picked)

    @rx.event
    async def load(self):
        """Open the page with nothing chosen."""
        actor = await actor_of(self)
        if actor is None:
            return to_sign_in()
        await join(self, actor.workspace_id)
        self.picked, self.error, self.seen = {}, "", ""
        of = await self._of(actor)
        self.seen = of.version if of else ""
        return None

    @rx.event
    async def take(self, position: str, whole: bool):
        """Take all that is left of a line, or put it back."""
        self.error = ""
        kept = {key: typed for key, typed in self.picked.items() if key.partition(":")[0] != str(position)}
        self.picked = kept | ({str(position): WHOLE} if whole else {})

    @rx.event
    async def take_all(self):
        """Take all that is left of the invoice."""
        actor = await actor_of(self)
        of = await self._of(actor) if actor else None
        if of is not None:
            self.error = ""
            self.picked = {str(at): WHOLE for at, line in of.lines.items() if not line.is_credited}

    @rx.event
    async def take_time(self, key: str, typed: str):
        """Take some of the time of an entry under a line."""
        self.error = ""
        position = str(key).partition(":")[0]
        kept = {one: text for one, text in self.picked.items() if one not in (position, key)}
        typed = str(typed).strip()[:LONGEST_TYPED]
        self.picked = kept | ({str(key): typed} if typed else {})

    @rx.event
    async def issue(self, data: dict):
        """Issue the credit note over what is chosen, go to it and download its PDF."""
        actor = await actor_of(self)
        if actor is None:
            return
        try:
            reason = texts_of(data).get("reason", "")
        except Refused as refused:
            self.error = refused.message
            return
        of = await self._of(actor)
        if of is None:
            return
        self.busy, self.error = True, ""
        yield
        try:
            chosen = _chosen(of, self.picked)
            done = await asyncio.to_thread(credit_invoice, actor, of.invoice.id, chosen, reason, self.seen)
        except Refused as refused:
            self.busy, self.error, self.seen = False, refused.message, of.version
            return
        self.busy, self.picked = False, {}
        await bump(self, actor.workspace_id)
        yield rx.call_script(f"window.agency.download('/invoices/{done.invoice_id}/pdf')")
        yield rx.redirect(f"/invoices/{done.invoice_id}")

    def _invoice_id(self) -> str:
        _, _, rest = self.router.url.path.partition("/invoices/")
        invoice_id, _, page = rest.partition("/")
        return invoice_id if page.rstrip("/") == "credit" else ""

    async def _of(self, actor: Actor) -> Creditable | None:
        try:
            return await asyncio.to_thread(read_creditable, actor, self._invoice_id())
        except Refused:
            return None


def _chosen(of: Creditable, picked: dict[str, str]) -> Chosen:
    """Read what is chosen. Raises Refused for a time that cannot be read."""
    whole = {int(key): None for key, typed in picked.items() if typed == WHOLE and key.isdigit()}
    parts: dict[int, dict[str, int]] = {}
    for key, typed in picked.items():
        position, _, entry_id = key.partition(":")
        if entry_id and position.isdigit():
            try:
                parts.setdefault(int(position), {})[entry_id] = parse_duration(typed)
            except DurationError as error:
                raise Refused(f"Line {position}, “{typed}”: {error}", "lines") from error
    return {**whole, **parts}


def _view(of: Creditable, picked: dict[str, str]) -> CreditView:
    currency, wrong = of.invoice.currency, ""
    credit = None
    try:
        credit = of.credit(_chosen(of, picked)) if picked else None
    except Refused as refused:
        wrong = refused.message

    def money(minor: int) -> str:
        return wording.money(minor, currency)

    given = {position: line.net_minor for position, line in credit.lines} if credit else {}
    due = credit.totals.due_minor if credit else 0
    return {
        "found": True,
        "problem": "",
        "invoice": f"/invoices/{of.invoice.id}",
        "number": of.invoice.number or "",
        "client": of.snapshot["buyer"]["name"],
        "total": money(of.invoice.total_minor or 0),
        "left": money(of.left_minor),
        "credit": money(due),
        "net": money(credit.totals.subtotal_minor if credit else 0),
        "vat": money(credit.totals.vat_minor if credit else 0),
        "after": money(of.left_minor - due),
        "lines": [_line(of, said, picked, money(given.get(said["position"], 0))) for said in of.snapshot["lines"]],
        "wrong": wrong,
        "ready": credit is not None,
    }


def _line(of: Creditable, said: dict, picked: dict[str, str], given: str) -> CreditLine:
    position, billed = said["position"], of.lines[said["position"]]
    left = billed.seconds_left
    by_the_hour = said["unit"] == "h" and bool(said["work"])
    what = f"{hours_minutes(sum(left.values()))} h left" if by_the_hour else "Given back whole or not at all"
    return {
        "position": str(position),
        "description": said["description"],
        "detail": "Nothing is left of it" if billed.is_credited else what,
        "left": wording.money(billed.net_left, of.invoice.currency),
        "gone": billed.is_credited,
        "whole": picked.get(str(position)) == WHOLE,
        "given": given,
        "work": [
            {
                "key": f"{position}:{work['entry_id']}",
                "date": wording.short_date(date.fromisoformat(work["date"])),
                "task": work["task"],
                "member": work["member"],
                "left": hours_minutes(left[work["entry_id"]]),
                "typed": picked.get(f"{position}:{work['entry_id']}", ""),
            }
            for work in said["work"]
            if by_the_hour and work["entry_id"] in left
        ],
    }


def _nothing(problem: str) -> CreditView:
    return {
        "found": False,
        "problem": problem,
        "invoice": "",
        "number": "",
        "client": "",
        "total": "",
        "left": "",
        "credit": "",
        "net": "",
        "vat": "",
        "after": "",
        "lines": [],
        "wrong": "",
        "ready": False,
    }
