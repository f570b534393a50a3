"""What people do in the builder of a draft: each gesture is one event, one verb, and one beat of the pulse."""

import asyncio
from collections.abc import Callable
from typing import Any, TypedDict, TypeVar

import reflex as rx
from pydantic import TypeAdapter, ValidationError

from agency_app.documents import wording
from agency_app.domain.money import exponent
from agency_app.services.actor import Actor
from agency_app.services.change_client import change_client
from agency_app.services.decide_billing import Seen, bill_seconds, bill_whole, move_to_period, write_off
from agency_app.services.draft_edits import Edited, undo_draft_change
from agency_app.services.draft_head import describe_line, group_work, order_lines, save_head
from agency_app.services.draft_items import KINDS, remove_item, save_item
from agency_app.services.entry_record import entry_record
from agency_app.services.log_time import Logged
from agency_app.services.preview_rounding import preview_rounding
from agency_app.services.read_draft import LiveDraft
from agency_app.services.read_invoice import InvoiceRead, read_invoice
from agency_app.services.refusal import FieldsRefused, Refused
from agency_app.services.split_entry import split_entry
from agency_app.services.undo_change import undo_change
from agency_app.states.builder_forms import LONGEST, Head, Item, Minutes, Move, Rounding, Split, Words, WriteOff
from agency_app.states.builder_view import (
    Board,
    Decision,
    LineHead,
    board_of,
    effect_words,
    line_head,
    no_board,
    no_line,
    work_of,
)
from agency_app.states.guard import actor_of
from agency_app.states.invoices import Invoices
from agency_app.states.pulse import OnScreen, bump, shown_on
from agency_app.states.readings import shared_reading
from agency_app.states.record_words import Proof, no_proof, proof_of
from agency_app.states.typed import UNREADABLE, Form, form_of
from agency_app.store.work import EntryRow
from agency_app.tables import DraftItem

MinutesForm = TypeVar("MinutesForm", bound=Minutes)


class ItemForm(TypedDict):
    """The form of an item; id and version are those it was opened with."""

    id: str
    version: int
    kind: str
    title: str
    description: str
    quantity: str
    price: str
    markup: str
    amount: str
    percent: str
    line_key: str
    vat_category: str
    vat_rate: str
    vat_reason: str
    happened_on: str


class BuilderToast(TypedDict):
    """The result of the last gesture, with its undo."""

    text: str
    undo_id: str
    bad: bool
    serial: int


def _new_item(kind: str) -> ItemForm:
    return {
        "id": "",
        "version": 0,
        "kind": kind,
        "title": f"Add: {KINDS[kind].lower()}",
        "description": "",
        "quantity": "1",
        "price": "",
        "markup": "",
        "amount": "",
        "percent": "",
        "line_key": "",
        "vat_category": "",
        "vat_rate": "",
        "vat_reason": "",
        "happened_on": "",
    }


@shown_on("/invoices/*")
class Builder(OnScreen, rx.State):
    """State of the builder, beside that of the page itself."""

    opened: str = ""
    """The entry whose row is open."""
    form: ItemForm = _new_item("fixed")
    form_serial: int = 0
    form_error: str = ""
    form_fault: str = ""
    head_version: int = 0
    head_serial: int = 0
    head_error: str = ""
    effect: str = ""
    effect_error: str = ""
    toast: BuilderToast = {"text": "", "undo_id": "", "bad": False, "serial": 0}
    _undo_split: bool = False
    _rounding: dict[str, str] = {}
    _client_version: int = 0

    @rx.var
    async def board(self) -> Board:
        """What stands beside the paper."""
        actor, read = await self._read()
        return board_of(read, actor.role) if actor and read else no_board()

    @rx.var
    async def line(self) -> LineHead:
        """The selected line."""
        _, read = await self._read()
        return line_head(read, (await self.get_state(Invoices)).selected) if read else no_line()

    @rx.var
    async def work(self) -> list[Decision]:
        """The entries under the selected line."""
        _, read = await self._read()
        return work_of(read, (await self.get_state(Invoices)).selected) if read else []

    @rx.var
    async def proof(self) -> Proof:
        """What is on record about the entry whose row is open."""
        actor, read = await self._read()
        if actor is None or read is None or self.opened not in read.entries:
            return no_proof()
        try:
            record = await shared_reading(entry_record, actor, self.opened)
        except Refused:
            return no_proof()
        return proof_of(record, actor.zone, read.snapshot["currency"])

    @rx.event
    async def group(self, grouping: str):
        """Put the work together in another way."""
        live = await self._live()
        if live is None:
            return
        await self._do(group_work, live.layout.invoice_id, live.layout.plan.version, _text(grouping), said="Regrouped")
        (await self.get_state(Invoices)).selected = 1

    @rx.event
    async def order(self, keys: str):
        """Take the order of lines that a drag or a key gave, as JSON; the selected line stays selected."""
        try:
            wanted = _KEYS.validate_json(keys)
        except ValidationError:
            self._tell(UNREADABLE, bad=True)
            return
        await self._order(wanted)

    @rx.event
    async def move_line(self, by: int):
        """Move the selected line up or down."""
        _, read = await self._read()
        if read is None or not _is_step(by, 1):
            return
        keys = [line["key"] for line in read.snapshot["lines"]]
        place = (await self.get_state(Invoices)).selected - 1
        if 0 <= place < len(keys) and 0 <= place + by < len(keys):
            keys.insert(place + by, keys.pop(place))
            await self._order(keys)

    @rx.event
    async def describe(self, data: dict):
        """Give the selected line words of its own."""
        found = await self._sent(Words, data)
        if found is None:
            return
        form, live = found
        said = "The line says it in your words" if form.description.strip() else "The line says again what it holds"
        version = live.layout.version_of(form.key)
        await self._do(describe_line, live.layout.invoice_id, form.key, version, form.description, said=said)

    @rx.event
    async def open_item(self, kind: str):
        """Open the form of a new item."""
        if isinstance(kind, str) and kind in KINDS:
            self.form, self.form_serial = _new_item(kind), self.form_serial + 1
            self.form_error = self.form_fault = ""
            return rx.call_script("window.agency.open('item-dialog')")

    @rx.event
    async def edit_item(self, item_id: str):
        """Open the form of an item that is there."""
        live = await self._live()
        if live is None:
            return
        row = next((row for row in live.layout.items if row.id == item_id), None)
        if row is not None:
            self.form, self.form_serial = _form_of(row, live), self.form_serial + 1
            self.form_error = self.form_fault = ""
            return rx.call_script("window.agency.open('item-dialog')")

    @rx.event
    async def save_item(self, data: dict):
        """Save the item in the form; what was typed stays when it is refused."""
        live = await self._live()
        if live is None:
            return
        form = self.form

        def save(actor: Actor) -> Edited:
            values = form_of(Item, data).model_dump() | {"kind": form["kind"]}
            return save_item(actor, live.layout.invoice_id, form["id"], form["version"], values)

        done = await self._try(save)
        if isinstance(done, Refused):
            self.form_fault = next(iter(done.errors)) if isinstance(done, FieldsRefused) else done.field
            self.form_error = done.message
            return
        self._tell(f"{KINDS[form['kind']]} {'saved' if form['id'] else 'added'}", done.undo_id)
        yield rx.call_script("window.agency.close('item-dialog')")

    @rx.event
    async def remove_item(self, item_id: str):
        """Take an item off the draft."""
        live = await self._live()
        if live is None:
            return
        row = next((row for row in live.layout.items if row.id == item_id), None)
        if row is not None:
            await self._do(remove_item, row.id, row.version, said=f"{row.description} removed")

    @rx.event
    async def open_head(self):
        """Open the form of note, order number, due date and exchange rate."""
        live = await self._live()
        if live is None:
            return
        self.head_version, self.head_serial, self.head_error = live.layout.plan.version, self.head_serial + 1, ""
        return rx.call_script("window.agency.open('head-dialog')")

    @rx.event
    async def save_head(self, data: dict):
        """Save that form."""
        live = await self._live()
        if live is None:
            return
        version = self.head_version

        def save(actor: Actor) -> Edited:
            return save_head(actor, live.layout.invoice_id, version, form_of(Head, data).model_dump(exclude_unset=True))

        done = await self._try(save)
        if isinstance(done, Refused):
            self.head_error, self.head_version = done.message, live.layout.plan.version
            return
        self._tell("Saved", done.undo_id)
        yield rx.call_script("window.agency.close('head-dialog')")

    @rx.event
    async def load(self):
        """Open what the address asks for: where a refusal on another page is mended."""
        wanted = self.router.url.query_parameters.get("open", "")
        return await self.mend(wanted) if wanted else None

    @rx.event
    async def mend(self, fix: str):
        """Open what mends a check: the head, what was added, or one of it."""
        kind, _, item_id = _text(fix).partition(":")
        opened = rx.call_script("document.getElementById('added')?.scrollIntoView({block: 'center'})")
        if kind in ("head", "item"):
            opened = await (self.open_head() if kind == "head" else self.edit_item(item_id))
        return [one for one in (rx.call_script("window.agency.close('finalise-dialog')"), opened) if one is not None]

    @rx.event
    async def open_rounding(self):
        """Open the rounding of the client."""
        self.effect, self.effect_error, self.head_serial, self._rounding = "", "", self.head_serial + 1, {}
        return rx.call_script("window.agency.open('rounding-dialog')")

    @rx.event
    async def preview(self, choice: str):
        """Show what the rounding in the form would do to this draft, in hours and money; `choice` is the form in JSON."""
        try:
            wanted = Rounding.model_validate_json(choice)
        except ValidationError:
            self.effect, self.effect_error = "", UNREADABLE
            return
        await self._show_effect(wanted.model_dump())

    async def _show_effect(self, wanted: dict[str, str]) -> None:
        actor, read = await self._read()
        if actor is None or read is None:
            return
        self._rounding, self.effect = wanted, ""
        try:
            effect = await asyncio.to_thread(
                preview_rounding, actor, read.client.id, read.invoice.period_start, self._rounding
            )
        except Refused as refused:
            self.effect_error = refused.message
            return
        self.effect, self.effect_error = effect_words(effect), ""
        self._client_version = effect.client_version

    @rx.event
    async def apply_rounding(self, data: dict):
        """Let the rounding in the form apply to the client, once what it does has been shown."""
        _, read = await self._read()
        if read is None:
            return
        try:
            wanted = form_of(Rounding, data).model_dump()
        except Refused as refused:
            self.effect, self.effect_error = "", refused.message
            return
        if wanted != self._rounding or not self.effect:
            await self._show_effect(wanted)
            return
        done = await self._try(change_client, read.client.id, self._client_version, self._rounding)
        if isinstance(done, Refused):
            self.effect_error = done.message
            return
        self._tell(f"Rounding of {read.client.name} saved")
        yield rx.call_script("window.agency.close('rounding-dialog')")

    @rx.event
    async def toggle(self, entry_id: str):
        """Open the row of an entry, or close it."""
        self.opened = "" if self.opened == entry_id else _text(entry_id)

    @rx.event
    async def step_minutes(self, entry_id: str, by: int):
        """Bill a quarter of an hour more or less."""
        live = await self._live()
        if live is None:
            return
        row, one = live.entries.get(_text(entry_id)), live.decided.get(_text(entry_id))
        if row is None or not _is_step(by, 15):
            return
        most = row.seconds - (one.written_off_seconds if one else 0)
        present = most - (one.less_seconds if one else 0)
        await self._bill(live, row.id, min(max(present + by * 60, 0), most))

    @rx.event
    async def bill_minutes(self, data: dict):
        """Bill as many minutes as were typed."""
        found = await self._sent_of_entry(Minutes, data)
        if found is None:
            return
        form, live, row = found
        try:
            seconds = form.seconds_of(row.seconds if row.id not in live.decided else 0)
        except Refused as refused:
            self._tell(refused.message, bad=True)
            return
        await self._bill(live, row.id, seconds)

    @rx.event
    async def write_off(self, data: dict):
        """Write minutes of an entry off, with the reason."""
        found = await self._sent_of_entry(WriteOff, data)
        if found is None:
            return
        form, live, row = found

        def write(actor: Actor) -> Edited:
            return write_off(actor, _seen(live, row.id), form.seconds_of(row.seconds), form.reason)

        await self._do(write, said=f"{form.minutes.strip()} min written off")

    @rx.event
    async def whole(self, entry_id: str):
        """Bill all of an entry again."""
        live = await self._live()
        if live is None:
            return
        await self._do(bill_whole, _seen(live, _text(entry_id)), said="Billed whole again")

    @rx.event
    async def move(self, data: dict):
        """Bill an entry on another month's invoice."""
        found = await self._sent(Move, data)
        if found is None:
            return
        form, live = found
        try:
            day = form.day()
        except Refused as refused:
            self._tell(refused.message, bad=True)
            return
        await self._do(move_to_period, _seen(live, form.entry), day, said=f"Moved to {wording.month_name(day)}")

    @rx.event
    async def bill_here(self, entry_id: str):
        """Bill an entry here that was moved away or held back whole."""
        live = await self._live()
        if live is None:
            return
        seen = _seen(live, _text(entry_id))
        if any(row.id == seen.entry_id for row in live.moved_out):
            await self._do(move_to_period, seen, live.first_day, said="Billed here again")
        else:
            await self._do(bill_whole, seen, said="Billed whole again")

    @rx.event
    async def split(self, data: dict):
        """Split an entry after some minutes."""
        found = await self._sent_of_entry(Split, data)
        if found is None:
            return
        form, _, row = found

        def cut(actor: Actor) -> Logged:
            return split_entry(actor, row.id, row.version, form.seconds_of(0), form.note)

        await self._do(cut, said="Split in two")
        self._undo_split = not self.toast["bad"]

    @rx.event
    async def undo(self):
        """Take the last gesture back."""
        undo_id = self.toast["undo_id"]
        verb: Callable[..., Any] = undo_change if self._undo_split else undo_draft_change
        await self._do(verb, undo_id, said="Taken back")

    @rx.event
    async def dismiss(self):
        """Close the toast."""
        self._tell("")

    async def _order(self, keys: list[str]) -> None:
        _, read = await self._read()
        live = await self._live()
        if live is None:
            return
        page = await self.get_state(Invoices)
        lines = read.snapshot["lines"] if read else []
        chosen = next((line["key"] for line in lines if line["position"] == page.selected), "")
        await self._do(order_lines, live.layout.invoice_id, live.layout.plan.version, keys, said="Order kept")
        if chosen in keys and not self.toast["bad"]:
            page.selected = keys.index(chosen) + 1

    async def _bill(self, live: LiveDraft, entry_id: str, seconds: int) -> None:
        await self._do(bill_seconds, _seen(live, entry_id), seconds, said=f"{seconds // 60} min billed")

    async def _do(self, verb: Callable[..., Any], *arguments: Any, said: str) -> None:
        """Call a verb of the services and say what came of it."""
        self._undo_split = False
        done = await self._try(verb, *arguments)
        if isinstance(done, Refused):
            self._tell(done.message, bad=True)
        else:
            self._tell(said, getattr(done, "undo_id", ""))

    async def _try(self, verb: Callable[..., Any], *arguments: Any) -> Any:
        """Call a verb for the signed-in member; return what it gives or how it refused, and beat when it changed."""
        actor = await actor_of(self)
        if actor is None:
            return Refused("Sign in again.")
        try:
            done = await asyncio.to_thread(verb, actor, *arguments)
        except Refused as refused:
            return refused
        if not isinstance(done, Edited) or done.undo_id:
            await bump(self, actor.workspace_id)
        return done

    def _tell(self, text: str, undo_id: str = "", *, bad: bool = False) -> None:
        self.toast = {"text": text, "undo_id": undo_id, "bad": bad, "serial": self.toast["serial"] + 1}

    async def _sent(self, model: type[Form], data: object) -> tuple[Form, LiveDraft] | None:
        """Return what a form of the page sent, with the draft; say so when it cannot be read, or there is no draft."""
        live = await self._live()
        try:
            return (form_of(model, data), live) if live is not None else None
        except Refused as refused:
            self._tell(refused.message, bad=True)
            return None

    async def _sent_of_entry(
        self, model: type[MinutesForm], data: object
    ) -> tuple[MinutesForm, LiveDraft, EntryRow] | None:
        """Return what a form about an entry of the draft sent, with both; say so when it is none of its any more."""
        found = await self._sent(model, data)
        if found is None:
            return None
        form, live = found
        row = live.entries.get(form.entry)
        if row is None:
            self._tell("That entry is not on this draft any more. Reload the page to see how it is.", bad=True)
            return None
        return form, live, row

    async def _live(self) -> LiveDraft | None:
        """Return the draft in the address; say so when it is none, or none any more."""
        _, read = await self._read()
        if read is None or read.live is None:
            self._tell("This is not a draft any more. Reload the page to see how it is.", bad=True)
            return None
        return read.live

    async def _read(self) -> tuple[Actor | None, InvoiceRead | None]:
        actor = await self._reader()
        _, _, invoice_id = self.router.url.path.partition("/invoices/")
        if actor is None or not invoice_id:
            return actor, None
        try:
            return actor, await shared_reading(read_invoice, actor, invoice_id)
        except Refused:
            return actor, None


_KEYS = TypeAdapter(list[str])


def _seen(live: LiveDraft, entry_id: str) -> Seen:
    """Return an entry as it is on screen."""
    row = live.entries.get(entry_id) or next((row for row in live.moved_out if row.id == entry_id), None)
    one = live.decided.get(entry_id)
    return Seen(entry_id, row.version if row else 0, one.version if one else 0)


def _form_of(row: DraftItem, live: LiveDraft) -> ItemForm:
    currency = live.client.currency
    return {
        "id": row.id,
        "version": row.version,
        "kind": row.kind,
        "title": KINDS[row.kind],
        "description": row.description,
        "quantity": _plain(row.quantity, 4),
        "price": _plain(row.price, 4),
        "markup": _plain(row.markup, 2),
        "amount": _plain(row.amount_minor, exponent(currency)),
        "percent": _plain(row.percent or 0, 2),
        "line_key": row.line_key,
        "vat_category": row.vat_category,
        "vat_rate": _plain(row.vat_rate, 2),
        "vat_reason": row.vat_reason,
        "happened_on": row.happened_on.isoformat() if row.happened_on else "",
    }


def _plain(value: int, places: int) -> str:
    """Return an integer of 1/10^places as it is typed; never with three decimals, which could be thousands."""
    if not value:
        return ""
    whole, rest = divmod(value, 10**places)
    decimals = f"{rest:0{places}d}".rstrip("0") if places else ""
    decimals = decimals.ljust(4 if len(decimals) == 3 else 2, "0") if decimals else ""
    return f"{whole}.{decimals}" if decimals else str(whole)


def _is_step(by: object, size: int) -> bool:
    """Tell whether a browser sent one step up or down: a whole number, which neither true nor 1.0 is."""
    return type(by) is int and abs(by) == size


def _text(value: object) -> str:
    """Return what a browser sent as text of a bearable length."""
    return str(value)[:LONGEST] if value is not None else ""
