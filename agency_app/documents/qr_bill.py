"""The Swiss QR-bill: receipt and payment part on the lower 105 mm of a page, to the millimetre of its style guide.

Source: SIX, Style Guide QR-bill (measures, faces, headings in the languages of Switzerland and English).
"""

from agency_app.documents.payment_code import SwissBill
from agency_app.documents.qr import draw_qr
from agency_app.documents.sheet import LINE, WHITE, Sheet, Style

MM = 96 / 25.4
"""Pixels to a millimetre."""
HEIGHT = 105 * MM
_PAGE_WIDTH, _PAGE_HEIGHT = 210.0, 297.0
_TOP, _RECEIPT = _PAGE_HEIGHT - 105, 62.0
_CODE, _CROSS = 46.0, 7.0
_POINT = 96 / 72
_BLACK = (0, 0, 0)

# Headings by language: (receipt, payment part, account and payable to, reference, additional information, payable by,
# payable by (name/address), currency, amount, acceptance point, separate before paying in).
_HEADINGS = {
    "en": (
        *("Receipt", "Payment part", "Account / Payable to", "Reference", "Additional information", "Payable by"),
        *("Payable by (name/address)", "Currency", "Amount", "Acceptance point", "Separate before paying in"),
    ),
    "de": (
        *("Empfangsschein", "Zahlteil", "Konto / Zahlbar an", "Referenz", "Zusätzliche Informationen", "Zahlbar durch"),
        *("Zahlbar durch (Name/Adresse)", "Währung", "Betrag", "Annahmestelle", "Vor der Einzahlung abzutrennen"),
    ),
    "fr": (
        *("Récépissé", "Section paiement", "Compte / Payable à", "Référence", "Informations supplémentaires"),
        *("Payable par", "Payable par (nom/adresse)", "Monnaie", "Montant", "Point de dépôt"),
        "A détacher avant le versement",
    ),
}


def draw_qr_bill(sheet: Sheet, bill: SwissBill, language: str) -> None:
    """Draw a bill at the foot of the current page. In a language that the guide has no headings for it is in English."""
    sheet.open_slip_fonts()
    _QrBill(sheet, bill, _HEADINGS.get(language, _HEADINGS["en"])).draw()


class _QrBill:
    """One bill being drawn. Measures are in millimetres of the page, sizes of text in points."""

    def __init__(self, sheet: Sheet, bill: SwissBill, headings: tuple[str, ...]) -> None:
        self.sheet, self.bill = sheet, bill
        self.receipt, self.part, self.account, self.reference, self.message = headings[:5]
        self.debtor, self.empty_debtor, self.currency, self.amount, self.acceptance, self.separate = headings[5:]
        self.y = 0.0

    def draw(self) -> None:
        sheet = self.sheet
        sheet.dash(0, _TOP * MM, _PAGE_WIDTH * MM, _TOP * MM)
        sheet.dash(_RECEIPT * MM, _TOP * MM, _RECEIPT * MM, _PAGE_HEIGHT * MM)
        style = Style("Liberation", 7 * _POINT, _BLACK)
        middle = _PAGE_WIDTH * MM / 2 - sheet.width(self.separate, style) / 2
        sheet.put(middle, (_TOP - 4) * MM, 3.4 * MM, self.separate, style)
        self._receipt()
        self._part()
        # What stands on the page besides, its footer, is drawn as if nothing had been between.
        sheet.set_draw_color(*LINE)
        sheet.set_line_width(1)

    def _receipt(self) -> None:
        self._write(5, _TOP + 5, self.receipt, 11, bold=True)
        self.y = _TOP + 12
        self._block(5, self.account, [_fours(self.bill.account), *self.bill.creditor.lines], 6, 8, 52)
        if self.bill.reference:
            self._block(5, self.reference, [_grouped(self.bill.reference)], 6, 8, 52)
        self._who_pays(5, 6, 8, 52, (52, 20))
        self._sum(5, _TOP + 68, 6, 8, 13)
        right = 5 + 52 - self.sheet.width(self.acceptance, self._style(6, True)) / MM
        self._write(right, _TOP + 82, self.acceptance, 6, bold=True)

    def _part(self) -> None:
        left = _RECEIPT + 5
        self._write(left, _TOP + 5, self.part, 11, bold=True)
        self._code(left, _TOP + 17)
        self._sum(left, _TOP + 68, 8, 10, 15)
        self.y = _TOP + 5
        self._block(118, self.account, [_fours(self.bill.account), *self.bill.creditor.lines], 8, 10, 87)
        if self.bill.reference:
            self._block(118, self.reference, [_grouped(self.bill.reference)], 8, 10, 87)
        if self.bill.message:
            self._block(118, self.message, [self.bill.message], 8, 10, 87)
        self._who_pays(118, 8, 10, 87, (65, 25))

    def _code(self, x: float, y: float) -> None:
        draw_qr(self.sheet, self.bill.payload, x * MM, y * MM, _CODE * MM)
        middle_x, middle_y = x + _CODE / 2, y + _CODE / 2
        self._square(middle_x, middle_y, _CROSS, _CROSS, white=True)
        self._square(middle_x, middle_y, 6, 6, white=False)
        # The arms of the cross are a fifth of its square wide, and a sixth longer than wide on each side.
        self._square(middle_x, middle_y, 3.9, 1.2, white=True)
        self._square(middle_x, middle_y, 1.2, 3.9, white=True)

    def _square(self, x: float, y: float, width: float, height: float, white: bool) -> None:
        box = ((x - width / 2) * MM, (y - height / 2) * MM, width * MM, height * MM)
        self.sheet.fill_boxes([box], WHITE if white else _BLACK)

    def _who_pays(self, x: float, small: float, size: float, width: float, field: tuple[float, float]) -> None:
        if self.bill.debtor is not None:
            self._block(x, self.debtor, self.bill.debtor.lines, small, size, width)
            return
        self._write(x, self.y, self.empty_debtor, small, bold=True)
        self._corners(x, self.y + 1.2 * small * 25.4 / 72, *field)

    def _sum(self, x: float, y: float, small: float, size: float, across: float) -> None:
        self._write(x, y, self.currency, small, bold=True)
        self._write(x + across, y, self.amount, small, bold=True)
        y += 1.35 * small * 25.4 / 72
        self._write(x, y, self.bill.currency, size)
        self._write(x + across, y, _thousands(self.bill.amount), size)

    def _block(self, x: float, heading: str, lines: list[str], small: float, size: float, width: float) -> None:
        """Write a heading and lines from `self.y` down, and leave an empty line behind them."""
        leading = (size + 1) * 25.4 / 72  # 9 points on the receipt, 11 on the payment part
        self._write(x, self.y, heading, small, bold=True)
        self.y += leading
        for line in lines:
            for part in self.sheet.wrapped(line, self._style(size, False), width * MM):
                self._write(x, self.y, part, size)
                self.y += leading
        self.y += leading * 0.8

    def _corners(self, x: float, y: float, width: float, height: float) -> None:
        """Draw the corners of a field that is left to be written in."""
        sheet, arm = self.sheet, 3.0
        sheet.set_draw_color(*_BLACK)
        sheet.set_line_width(1)
        for corner_x, inward_x in ((x, arm), (x + width, -arm)):
            for corner_y, inward_y in ((y, arm), (y + height, -arm)):
                sheet.line(corner_x * MM, corner_y * MM, (corner_x + inward_x) * MM, corner_y * MM)
                sheet.line(corner_x * MM, corner_y * MM, corner_x * MM, (corner_y + inward_y) * MM)

    def _write(self, x: float, y: float, text: str, size: float, bold: bool = False) -> None:
        self.sheet.put(x * MM, y * MM, size * _POINT, text, self._style(size, bold))

    def _style(self, size: float, bold: bool) -> Style:
        return Style("LiberationBold" if bold else "Liberation", size * _POINT, _BLACK)


def _fours(account: str) -> str:
    return " ".join(account[start : start + 4] for start in range(0, len(account), 4))


def _grouped(reference: str) -> str:
    """Return a QR reference as it is printed: two digits, then groups of five."""
    return " ".join((reference[:2], *(reference[start : start + 5] for start in range(2, len(reference), 5))))


def _thousands(amount: str) -> str:
    """Return an amount with a space between thousands, as the guide wants it in every language."""
    whole, _, decimals = amount.partition(".")
    return f"{int(whole):,}".replace(",", " ") + f".{decimals}"
