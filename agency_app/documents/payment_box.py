"""Where and what to pay, at the foot of the invoice: a box with the account, to read and to scan."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from agency_app.documents import wording
from agency_app.documents.einvoice.reading import stated_due_minor
from agency_app.documents.sheet import LEFT, LINE_2, RIGHT, TEXT_3, Sheet, Style
from agency_app.documents.speech import Speech

_BOX_BOTTOM, _LABEL_WIDTH = 1031.0, 94.0
_BODY, _VALUE = Style("Inter", 12, TEXT_3), Style("InterMedium", 12)
_HEADING, _SMALL = Style("InterSemiBold", 15), Style("Inter", 11, TEXT_3)

PaymentState = Literal["due", "draft", "pro_forma"]
"""Whether a document asks for payment, or is not final yet."""
Placed = list[tuple[str, list[str], float]]


def draw_payment(
    sheet: Sheet,
    snapshot: Mapping[str, Any],
    speech: Speech,
    state: PaymentState,
    number: str,
    logged_from: int | None,
    open_page: Callable[[], None],
) -> None:
    """Draw the box at the foot of the current page, or of another one where this has no room.

    `number` is the reference to pay with, `logged_from` the page on which the work log begins when all of the box stays
    on this page, `open_page` starts a page with its letterhead.
    """
    _PaymentBox(sheet, snapshot, speech, state, number, logged_from, open_page).draw()


class _PaymentBox:
    def __init__(
        self,
        sheet: Sheet,
        snapshot: Mapping[str, Any],
        speech: Speech,
        state: PaymentState,
        number: str,
        logged_from: int | None,
        open_page: Callable[[], None],
    ) -> None:
        self.sheet, self.snapshot, self.speech, self.say = sheet, snapshot, speech, speech.words.say
        self.state, self.number, self.logged_from, self.open_page = state, number, logged_from, open_page
        self.due_minor = stated_due_minor(snapshot)
        self.asks = state == "due" and snapshot["kind"] == "invoice" and self.due_minor > 0

    def draw(self) -> None:
        sheet = self.sheet
        facts = self._facts()
        rows = [self._row(facts[start : start + 2]) for start in range(0, len(facts), 2)]
        deep = sum(max(len(lines) for _, lines, _ in row) * 17 + 5 for row in rows)
        heading, small = self._heading(), self._small_print()
        height = 32 + 20 + (5 + deep if rows else 0) + (26 if small else 0)
        if sheet.y + 18 > _BOX_BOTTOM - height:
            self.open_page()
            top = sheet.y
        else:
            top = _BOX_BOTTOM - height
        sheet.box(LEFT, top, RIGHT - LEFT, height, None, LINE_2, radius=8)
        y = top + 16
        sheet.put(LEFT + 18, y, 20, heading, _HEADING, RIGHT - LEFT - 36)
        y += 30
        for row in rows:
            for label, lines, x in row:
                sheet.put(x, y, 17, label, _BODY, _LABEL_WIDTH - 6)
                sheet.put_lines(x + _LABEL_WIDTH, y, 17, lines, _VALUE)
            y += max(len(lines) for _, lines, _ in row) * 17 + 5
        sheet.put(LEFT + 18, y + 5 if rows else y, 16, small, _SMALL, RIGHT - LEFT - 36)
        sheet.y = top + height

    def _facts(self) -> list[tuple[str, str]]:
        seller = self.snapshot["seller"]
        if not self.asks or not seller["iban"]:
            return []
        facts = [("IBAN", grouped(seller["iban"])), ("BIC", seller["bic"])]
        facts += [(self.say("Account name"), seller["name"]), (self.say("Reference"), self.number)]
        return [(label, text) for label, text in facts if text]

    def _row(self, facts: list[tuple[str, str]]) -> Placed:
        """Return a row of the box: for each fact its label, its lines and where it starts."""
        places = ((LEFT + 18, 264), (450.0, 174))
        return [
            (label, self.sheet.wrapped(text, _VALUE, width), x)
            for (label, text), (x, width) in zip(facts, places, strict=False)
        ]

    def _heading(self) -> str:
        amount = wording.money(self.due_minor, self.snapshot["currency"], self.speech.figures)
        if self.state == "draft":
            return self.say("This is a draft. Nothing is due until it has a number.")
        if self.state == "pro_forma":
            return self.say("This is a pro forma, not an invoice. Nothing is due until it has a number.")
        if self.snapshot["kind"] == "credit_note":
            return self.say("{amount} credited. Nothing to pay.", amount=amount)
        if self.due_minor <= 0:
            return self.say("Nothing to pay.")
        due = self.snapshot.get("due_date")
        if not due:
            return self.say("Pay {amount}", amount=amount)
        day = wording.long_date(date.fromisoformat(due), self.speech.dates)
        return self.say("Pay {amount} by {date}", amount=amount, date=day)

    def _small_print(self) -> str:
        if not self.asks or self.logged_from is None:
            return ""
        return self.say("Every hour above is itemised in the work log, from page {page}.", page=self.logged_from)


def grouped(iban: str) -> str:
    """Return an IBAN in groups of four, as ISO 13616 prints it."""
    compact = "".join(iban.split()).upper()
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))
