"""Where and what to pay, at the foot of the invoice: a box with the account, to read and to scan, or a Swiss QR-bill."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from agency_app.documents import wording
from agency_app.documents.einvoice.reading import stated_due_minor
from agency_app.documents.payment_code import FIRST_PAYMENT_CODE, epc_payload, payment_reference, swiss_bill
from agency_app.documents.qr import draw_qr
from agency_app.documents.qr_bill import HEIGHT as BILL_HEIGHT
from agency_app.documents.qr_bill import draw_qr_bill
from agency_app.documents.sheet import LEFT, LINE_2, PAGE_HEIGHT, RIGHT, TEXT_3, Sheet, Style
from agency_app.documents.speech import Speech

_BOX_BOTTOM, _LABEL_WIDTH, _PADDING = 1031.0, 94.0, 18.0
_CODE, _ABOVE_BILL = 104.0, 122.0
_BODY, _VALUE = Style("Inter", 12, TEXT_3), Style("InterMedium", 12)
_HEADING, _SMALL = Style("InterSemiBold", 15), Style("Inter", 11, TEXT_3)

_SENTENCES_APART = 4
"""Before this template, sentences that did not fit on one line ran on, and often left a page number alone on the next."""

PaymentState = Literal["due", "draft", "pro_forma"]
"""Whether a document asks for payment, or is not final yet."""
Placed = list[tuple[str, list[str], float, float]]


def draw_payment(
    sheet: Sheet,
    snapshot: Mapping[str, Any],
    speech: Speech,
    state: PaymentState,
    number: str,
    logged: bool,
    open_page: Callable[[], None],
) -> None:
    """Draw the foot of the current page, or of another one where this has no room for it.

    `number` is what the document calls itself, `logged` tells whether a work log follows, `open_page` starts a page with
    its letterhead.
    """
    _Payment(sheet, snapshot, speech, state, number, logged, open_page).draw()


class _Payment:
    def __init__(
        self,
        sheet: Sheet,
        snapshot: Mapping[str, Any],
        speech: Speech,
        state: PaymentState,
        number: str,
        logged: bool,
        open_page: Callable[[], None],
    ) -> None:
        self.sheet, self.snapshot, self.speech, self.say = sheet, snapshot, speech, speech.words.say
        self.state, self.logged, self.open_page = state, logged, open_page
        self.first_page = sheet.page
        self.due_minor = stated_due_minor(snapshot)
        self.asks = state == "due" and snapshot["kind"] == "invoice" and self.due_minor > 0
        self.coded = self.asks and int(snapshot["template"]) >= FIRST_PAYMENT_CODE
        self.reference = payment_reference(snapshot) or number

    def draw(self) -> None:
        bill = swiss_bill(self.snapshot, self.due_minor, self.reference) if self.coded else None
        if bill is None:
            self._box(epc_payload(self.snapshot, self.due_minor, self.reference) if self.coded else None)
            return
        sheet, top = self.sheet, PAGE_HEIGHT - BILL_HEIGHT - _ABOVE_BILL
        if sheet.y + _PADDING > top:
            self.open_page()
        sheet.put(LEFT, top, 20, self._heading(), _HEADING, RIGHT - LEFT)
        sheet.put(LEFT, top + 24, 16, self._logged_words() if self.logged else "", _SMALL, RIGHT - LEFT)
        sheet.raise_footer(top + 64)
        draw_qr_bill(sheet, bill, self.speech.words.language)

    def _box(self, code: str | None) -> None:
        sheet = self.sheet
        right = RIGHT - _PADDING - (_CODE + _PADDING if code else 0)
        rows = self._rows(right, beside_code=bool(code))
        small = self._small_lines(right - LEFT - _PADDING, bool(code))
        deep = sum(max(len(lines) for _, lines, _, _ in row) * 17 + 5 for row in rows)
        height = 32 + 20 + (5 + deep if rows else 0) + (10 + 16 * len(small) if small else 0)
        height = max(height, _CODE + 2 * _PADDING) if code else height
        if sheet.y + 18 > _BOX_BOTTOM - height:
            self.open_page()
            top = sheet.y
        else:
            top = _BOX_BOTTOM - height
        small = self._small_lines(right - LEFT - _PADDING, bool(code))
        sheet.box(LEFT, top, RIGHT - LEFT, height, None, LINE_2, radius=8)
        if code:
            draw_qr(sheet, code, RIGHT - _PADDING - _CODE, top + (height - _CODE) / 2, _CODE)
        y = top + 16
        sheet.put(LEFT + _PADDING, y, 20, self._heading(), _HEADING, right - LEFT - _PADDING)
        y += 30
        for row in rows:
            for label, lines, x, value in row:
                sheet.put(x, y, 17, label, _BODY, value - x - 6)
                sheet.put_lines(value, y, 17, lines, _VALUE)
            y += max(len(lines) for _, lines, _, _ in row) * 17 + 5
        for line in small:
            sheet.put(LEFT + _PADDING, y + 5 if rows else y, 16, line, _SMALL, right - LEFT - _PADDING)
            y += 16
        sheet.y = top + height

    def _rows(self, right: float, beside_code: bool) -> list[Placed]:
        """Return the rows of facts: of each its label, its lines, and where the label and the lines start."""
        facts = self._facts()
        value, width, label, second = LEFT + _PADDING + _LABEL_WIDTH, 264.0, _LABEL_WIDTH, 450.0
        if beside_code and facts:  # the second pair moves as far to the left as the account lets it
            width, label = max(self.sheet.width(facts[0][1], _VALUE), 160), 70.0
            second = value + width + 14
        places = ((LEFT + _PADDING, value, width), (second, second + label, right - second - label))
        return [
            [
                (name, self.sheet.wrapped(text, _VALUE, room), x, start_of_value)
                for (name, text), (x, start_of_value, room) in zip(facts[start : start + 2], places, strict=False)
            ]
            for start in range(0, len(facts), 2)
        ]

    def _facts(self) -> list[tuple[str, str]]:
        seller = self.snapshot["seller"]
        if not self.asks or not seller["iban"]:
            return []
        facts = [("IBAN", grouped(seller["iban"])), ("BIC", seller["bic"])]
        facts += [(self.say("Account name"), seller["name"]), (self.say("Reference"), self.reference)]
        return [(label, text) for label, text in facts if text]

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

    def _small_lines(self, width: float, coded: bool) -> list[str]:
        said = [self.say("Scan with your banking app to fill in all of it.")] if coded else []
        said += [self._logged_words()] if self.logged and self.asks else []
        if not coded:
            return said
        together = self.sheet.wrapped(" ".join(said), _SMALL, width)
        if len(together) == 1 or int(self.snapshot["template"]) < _SENTENCES_APART:
            return together
        return [line for sentence in said for line in self.sheet.wrapped(sentence, _SMALL, width)]

    def _logged_words(self) -> str:
        # Before there were codes the page was counted from where the box was hoped to stand.
        page = (self.sheet.page if int(self.snapshot["template"]) >= FIRST_PAYMENT_CODE else self.first_page) + 1
        return self.say("Every hour above is itemised in the work log, from page {page}.", page=page)


def grouped(iban: str) -> str:
    """Return an IBAN in groups of four, as ISO 13616 prints it."""
    compact = "".join(iban.split()).upper()
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))
