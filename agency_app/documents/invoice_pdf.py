"""The invoice as a PDF/A-3B: what is billed, VAT, what is due and where to pay; behind it the work log of every line,
and inside it the e-invoice (Factur-X, profile EN 16931) from template 2 on.

Drawn from the frozen snapshot alone, so the same snapshot gives the same bytes whenever it is drawn.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from agency_app.documents import wording
from agency_app.documents.einvoice import in_pdf
from agency_app.documents.einvoice.reading import stated_due_minor
from agency_app.documents.sheet import (
    BOTTOM,
    LEFT,
    LINE_2,
    RIGHT,
    TEXT,
    TEXT_2,
    TEXT_3,
    Column,
    Sheet,
    Style,
)
from agency_app.documents.work_log import LineLinks, draw_work_log
from agency_app.domain.vat import CATEGORIES

_LABEL = Style("InterMedium", 11, TEXT_3)
_BODY = Style("Inter", 12)
_STRONG = Style("InterSemiBold", 12)
_ROW, _ROW_STRONG = Style("Inter", 13), Style("InterSemiBold", 13)
_DETAIL = Style("Inter", 11, TEXT_3)
_SMALL = Style("Inter", 12, TEXT_2)
_VALUE = Style("InterMedium", 12)

_LINE_COLUMNS = (
    Column("#", LEFT, 26),
    Column("Description", 90, 288),
    Column("Quantity", 478, 92, right=True),
    Column("Rate", 571, 82, right=True),
    Column("VAT", 629, 50, right=True),
    Column("Amount", RIGHT, 101, right=True),
)
_PAY_BOX_BOTTOM, _PAY_LABEL = 1031.0, 94.0

# VAT category codes of EN 16931 (UNTDID 5305), as the summary calls them.
_CATEGORY_NAMES = {
    "Z": "zero rated",
    "E": "exempt",
    "AE": "reverse charge",
    "K": "intra-Community",
    "G": "export",
    "O": "not subject to VAT",
}


def render_invoice(snapshot: Mapping[str, Any], rendered_at: datetime) -> bytes:
    """Return the PDF/A-3B of an invoice or credit note snapshot (version 1), byte for byte the same for the same arguments.

    `rendered_at` is the aware instant written into the file. A snapshot without a number is drawn as a draft, with a
    watermark and nothing to pay. Raises ValueError for another snapshot version or a naive `rendered_at`, MoneyError
    for an unknown currency, KeyError for a snapshot that lacks a field.
    """
    if snapshot["v"] != 1 or snapshot["kind"] not in ("invoice", "credit_note"):
        raise ValueError(f"Cannot draw a {snapshot['kind']} snapshot of version {snapshot['v']}.")
    return _InvoicePdf(snapshot, rendered_at).drawn()


class _InvoicePdf:
    """One invoice being drawn, from the letterhead down."""

    def __init__(self, snapshot: Mapping[str, Any], rendered_at: datetime) -> None:
        self.snapshot = snapshot
        # The words are English; the locale decides how numbers look.
        self.currency, self.locale = snapshot["currency"], snapshot["locale"]
        self.draft = snapshot["number"] is None
        self.number: str = snapshot["number"] or "Draft"
        self.credit = snapshot["kind"] == "credit_note"
        self.name = "Credit note" if self.credit else "Invoice"
        pro_forma = self.draft and snapshot.get("pro_forma", False)
        self.draft_name = "Pro forma invoice" if pro_forma else f"Draft {self.name.lower()}"
        self.watermark = "" if not self.draft else "PRO FORMA" if pro_forma else "DRAFT"
        self.seller, self.buyer = snapshot["seller"], snapshot["buyer"]
        self.first_day = date.fromisoformat(snapshot["period"]["start"])
        self.last_day = date.fromisoformat(snapshot["period"]["end"])
        self.period = wording.period_name(self.first_day, self.last_day)
        self.sheet = Sheet(
            title=f"{self.name} {self.number}" if not self.draft else self.draft_name,
            author=self.seller["name"] or "",
            subject=f"{self.buyer['name']}, {self.period}",
            rendered_at=rendered_at,
        )
        self.sums_page = 1
        self.links = {line["position"]: LineLinks(self.sheet) for line in snapshot["lines"] if line["work"]}

    def drawn(self) -> bytes:
        sheet = self.sheet
        self._open_page()
        sheet.start_section(self.name)
        self._parties()
        self._lines()
        self._sums()
        self._notes()
        self._payment()
        if self.links:
            draw_work_log(sheet, self.snapshot, self.links, self._open_log_page, self.sums_page)
            for links in self.links.values():
                links.tie(sheet)
        sheet.number_pages(" · ".join(filter(None, (self.seller["name"], self.seller["registration"]))), self.number)
        einvoice = in_pdf.embedded_cii(self.snapshot)
        if einvoice is not None:
            sheet.attach(einvoice, in_pdf.FILE_NAME, f"{self.name} {self.number} (EN 16931)", in_pdf.XMP)
        return bytes(sheet.output())

    def _open_page(self) -> None:
        subtitle = "Not numbered yet" if self.draft else self.number
        heading = self.draft_name if self.draft else self.name
        self.sheet.open_page(self.seller["name"], heading, subtitle, self.watermark)
        self.sheet.y += 34

    def _open_log_page(self) -> None:
        of_draft = "Annex to a draft" if self.watermark == "DRAFT" else "Annex to a pro forma"
        annex = f"Annex to {self.number}" if not self.draft else of_draft
        style, rest = Style("Inter", 13), f"{annex} ·  · {self.period}"
        buyer = self.sheet.clipped(self.buyer["name"], style, RIGHT - LEFT - self.sheet.width(rest, style))
        subtitle = f"{annex} · {buyer} · {self.period}"
        self.sheet.open_page(self.seller["name"], "Work log", subtitle, self.watermark)
        self.sheet.y += 24

    def _need(self, height: float) -> bool:
        """Start another page when less than this height is left on this one; return whether it did."""
        if self.sheet.y + height <= BOTTOM:
            return False
        self._open_page()
        return True

    def _money(self, minor: int) -> str:
        return wording.money(minor, self.currency, self.locale)

    # From, to, dates -------------------------------------------------------------------------------------------------

    def _parties(self) -> None:
        top = self.sheet.y
        seller, buyer = self.seller, self.buyer
        sender = [*seller["address"], _prefixed("VAT ", seller["vat_id"])]
        sender += [_prefixed("Tax number ", seller.get("tax_number")), seller.get("contact"), seller.get("phone")]
        sender.append(seller["email"])
        receiver = [
            _prefixed("Attn. ", buyer["attention"]),
            *buyer["address"],
            _prefixed("VAT ", buyer["vat_id"]),
        ]
        ends = (
            self._party(LEFT, top, "From", seller["name"], sender),
            self._party(279, top, "To", buyer["name"], receiver),
            self._facts(502, top),
        )
        self.sheet.y = max(ends) + 26

    def _party(self, x: float, y: float, label: str, name: str, lines: list[str | None]) -> float:
        sheet = self.sheet
        sheet.put(x, y, 16, label, _LABEL)
        y = sheet.put_lines(x, y + 19, 18, sheet.wrapped(name, _STRONG, 203), _STRONG)
        for line in lines:
            y = sheet.put_lines(x, y, 18, sheet.wrapped(line, _BODY, 203), _BODY)
        return y

    def _facts(self, x: float, y: float) -> float:
        sheet, snapshot = self.sheet, self.snapshot
        due, preceding = snapshot.get("due_date"), snapshot.get("preceding")
        corrected = preceding.get("issue_date") if preceding else None
        facts = {
            f"{self.name} date": wording.long_date(date.fromisoformat(snapshot["issue_date"])),
            "Corrects": preceding["number"] if preceding else "",
            "Its date": wording.long_date(date.fromisoformat(corrected)) if corrected else "",
            "Due": wording.long_date(date.fromisoformat(due)) if due else "",
            "Supply period": wording.day_span(self.first_day, self.last_day),
            "Your reference": self.buyer["reference"],
            "Your order": self.buyer.get("order"),
            "Currency": self.currency,
        }
        for label, value in facts.items():
            if value:
                end = sheet.put(x, y, 18, label, _BODY.tinted(TEXT_3))
                for line in sheet.wrapped(value, _VALUE, RIGHT - end - 10):
                    sheet.put_right(RIGHT, y, 18, line, _VALUE)
                    y += 18
        return y

    # Lines -----------------------------------------------------------------------------------------------------------

    def _lines(self) -> None:
        self._lines_head()
        for line in self.snapshot["lines"]:
            self._line(line)

    def _lines_head(self) -> None:
        self.sheet.table_head(_LINE_COLUMNS, 8.5)
        self.sheet.rule(self.sheet.y, LINE_2)
        self.sheet.y += 1

    def _line(self, line: Mapping[str, Any]) -> None:
        sheet = self.sheet
        position, details = _LINE_COLUMNS[0].edge, self._details(line)
        described = sheet.wrapped(line["description"], _ROW_STRONG, _LINE_COLUMNS[1].width) or [""]
        height = 9 + 18 * len(described) + 15 * max(len(details), 1 if line["unit"] == "h" else 0) + 9
        if self._need(min(height, 300)):
            self._lines_head()
        top, page = sheet.y + 9, sheet.page
        sheet.put(position, top, 18, line["position"], _ROW.tinted(TEXT_3), 26)
        self._line_figures(line, top)
        if line["position"] in self.links:
            self.links[line["position"]].place_on_invoice(sheet, (LEFT, top, 30, 18))
        sheet.y = top
        for text in described:
            self._line_text(text, _ROW_STRONG, 18)
        for number, text in enumerate(details):
            self._line_text(text, _DETAIL, 15)
            if number == len(details) - 1 and line["position"] in self.links:
                area = (90.0, sheet.y - 15, sheet.width(text, _DETAIL), 15.0)
                self.links[line["position"]].place_on_invoice(sheet, area)
        if sheet.page == page:  # the figures may be the taller side
            sheet.y = max(sheet.y, top + (33 if line["unit"] == "h" else 18))
        sheet.y += 9
        sheet.rule(sheet.y)
        sheet.y += 1

    def _line_text(self, text: str, style: Style, leading: float) -> None:
        if self._need(leading + 10):
            self._lines_head()
            self.sheet.y += 9
        self.sheet.put(_LINE_COLUMNS[1].edge, self.sheet.y, leading, text, style)
        self.sheet.y += leading

    def _line_figures(self, line: Mapping[str, Any], top: float) -> None:
        sheet = self.sheet
        _, _, quantity, rate, vat, amount = _LINE_COLUMNS
        unit = f" {line['unit']}"
        taken = min(sheet.width(sheet.legible(unit), _ROW), quantity.width / 2)
        number = wording.quantity(line["quantity"], self.locale)
        sheet.put_right(quantity.edge - taken, top, 18, number, _ROW_STRONG, quantity.width - taken)
        sheet.put_right(quantity.edge, top, 18, unit, _ROW, taken)
        if line["unit"] == "h":
            clock = wording.hours_minutes(_seconds_of(line))
            sheet.put_right(quantity.edge, top + 18, 15, clock, _DETAIL, quantity.width)
        price = wording.rate(line["price"], self.currency, self.locale)
        sheet.put_right(rate.edge, top, 18, price, _ROW, rate.width)
        sheet.put_right(vat.edge, top, 18, wording.vat_percent(line["vat_rate"], self.locale), _ROW, vat.width)
        sheet.put_right(amount.edge, top, 18, self._money(line["net_minor"]), _ROW_STRONG, amount.width)

    def _details(self, line: Mapping[str, Any]) -> list[str]:
        detail = line["detail"] or ""
        if line["work"]:
            group = f"work log group {line['position']}"
            detail = f"{detail}, {group}" if detail else group.capitalize()
        said = [self._adjustment(one) for one in line.get("adjustments", ())]
        return self.sheet.wrapped("\n".join(filter(None, [*said, detail])), _DETAIL, _LINE_COLUMNS[1].width)

    def _adjustment(self, adjustment: Mapping[str, Any]) -> str:
        """Return a discount or surcharge of a line in words: `Loyalty 5%, -€5.00`."""
        return f"{self._reason(adjustment)}, {self._money(_signed(adjustment))}"

    def _reason(self, adjustment: Mapping[str, Any]) -> str:
        percent = adjustment.get("percent")
        reason = adjustment["reason"] or adjustment["kind"].capitalize()
        return reason if percent is None else f"{reason} {wording.vat_percent(percent, self.locale)}"

    # Sums ------------------------------------------------------------------------------------------------------------

    def _sums(self) -> None:
        groups = self.snapshot["vat"]
        self.sheet.y += 22
        if self._need(max(46 + 27 * len(groups), 25 * len(self._sum_rows()) + 44)):
            self.sheet.y += 4
        self.sums_page = self.sheet.page
        top = self.sheet.y
        right_end = self._totals(top)
        self.sheet.y = top
        self._vat_summary()
        page = self.sheet.page
        self._retainers()
        if self.sheet.page == page:
            self.sheet.y = max(self.sheet.y, right_end)

    def _vat_summary(self) -> None:
        sheet, y = self.sheet, self.sheet.y
        sheet.put(LEFT, y, 16, "VAT summary", _LABEL)
        y += 19
        edges = (252.0, 336.0, 426.0)
        sheet.put(LEFT, y + 5, 16, "Rate", _LABEL)
        for edge, name in zip(edges, ("Net", "VAT", "Gross"), strict=True):
            sheet.put_right(edge, y + 5, 16, name, _LABEL)
        sheet.rule(y + 26, right=426)
        for group in self.snapshot["vat"]:
            y += 27
            net, vat = group["base_minor"], group["amount_minor"]
            sheet.put(LEFT, y + 5, 16, self._rate_name(group), _BODY, 108)
            for edge, amount, width in zip(edges, (net, vat, net + vat), (84, 76, 82), strict=True):
                sheet.put_right(edge, y + 5, 16, self._money(amount), _BODY, width)
            sheet.rule(y + 26, right=426)
        sheet.y = y + 27

    def _rate_name(self, group: Mapping[str, Any]) -> str:
        percent = wording.vat_percent(group["rate"], self.locale)
        known = group["category"] in CATEGORIES
        name = _CATEGORY_NAMES.get(group["category"], "" if known else group["category"])
        return f"{percent} {name}".strip()

    def _totals(self, y: float) -> float:
        sheet, left = self.sheet, 470.0
        value = Style("InterMedium", 13)
        for label, amount in self._sum_rows():
            end = sheet.put(left, y, 18, label, _ROW, 150)
            sheet.put_right(RIGHT, y, 18, self._money(amount), value, RIGHT - end - 12)
            y += 25
        y += 4
        sheet.rule(y, TEXT, 1.5, left=left)
        y += 7.5
        name = "Total so far" if self.draft else "Total credited" if self.credit else "Total due"
        end = sheet.put(left, y, 30, name, Style("InterSemiBold", 15))
        total = self._money(stated_due_minor(self.snapshot))
        sheet.put_right(RIGHT, y, 30, total, Style("InterDisplay", 24), RIGHT - end - 16)
        return y + 30

    def _sum_rows(self) -> list[tuple[str, int]]:
        """Return what stands above the total: the lines with what is added and taken off where there is any, the
        subtotal, each VAT, and what was paid before."""
        snapshot = self.snapshot
        adjustments, paid, rounding = (
            snapshot.get(name) for name in ("adjustments", "prepaid_minor", "rounding_minor")
        )
        rows: list[tuple[str, int]] = []
        if adjustments:
            rows.append(("Lines", sum(line["net_minor"] for line in snapshot["lines"])))
            rows += [(self._reason(one), _signed(one)) for one in adjustments]
        rows.append(("Subtotal", snapshot["subtotal_minor"]))
        rows += [(f"VAT {self._rate_name(group)}", group["amount_minor"]) for group in snapshot["vat"]]
        if paid or rounding:
            rows.append(("Total", snapshot["total_minor"]))
        rows += [("Paid before", -paid)] if paid else []
        rows += [("Rounding", rounding)] if rounding else []
        return rows

    def _retainers(self) -> None:
        sheet = self.sheet
        sheet.y += 14
        for retainer in self.snapshot["retainers"]:
            strong, rest = _retainer_words(retainer, self.locale)
            bold = sheet.wrapped(strong, _STRONG, 370)
            used = sheet.width(bold[-1] + " ", _STRONG)
            lines = sheet.wrapped(rest, _SMALL, 370, first=370 - used)
            name = sheet.wrapped(retainer["name"], _LABEL, 370)
            self._need(16 * len(name) + 18 * (len(bold) + len(lines)))
            sheet.y = sheet.put_lines(LEFT, sheet.y, 16, name, _LABEL)
            sheet.y = sheet.put_lines(LEFT, sheet.y, 18, bold, _STRONG) - 18
            sheet.put(LEFT + used, sheet.y, 18, lines[0], _SMALL)
            sheet.y = sheet.put_lines(LEFT, sheet.y + 18, 18, lines[1:], _SMALL) + 8

    def _notes(self) -> None:
        sheet = self.sheet
        legal = {_exemption(group) for group in self.snapshot["vat"]} - {""}
        said = [*sorted(legal), *self._accounting_words(), self.snapshot.get("terms")]
        for text, style in [(text, _BODY) for text in said] + [(self.snapshot["note"], _SMALL)]:
            for number, line in enumerate(sheet.wrapped(text, style, RIGHT - LEFT)):
                self._need(18 if number else 28)
                sheet.y += 0 if number else 10
                sheet.put(LEFT, sheet.y, 18, line, style)
                sheet.y += 18

    def _accounting_words(self) -> list[str]:
        """Return the VAT in the currency it is accounted for in, where that is another one (BT-111)."""
        accounting = self.snapshot.get("accounting")
        if not accounting:
            return []
        vat = wording.money(accounting["vat_minor"], accounting["currency"], self.locale)
        return [f"VAT in {accounting['currency']}: {vat}"]

    # Payment ---------------------------------------------------------------------------------------------------------

    def _payment(self) -> None:
        sheet, seller = self.sheet, self.seller
        heading, small = self._payment_words()
        facts = []
        if seller["iban"] and not self.draft and not self.credit and stated_due_minor(self.snapshot) > 0:
            facts = [("IBAN", _grouped(seller["iban"])), ("BIC", seller["bic"])]
            facts += [("Account name", seller["name"]), ("Reference", self.number)]
            facts = [(label, text) for label, text in facts if text]
        rows = [self._pay_row(facts[start : start + 2]) for start in range(0, len(facts), 2)]
        deep = sum(max(len(lines) for _, lines, _ in row) * 17 + 5 for row in rows)
        height = 32 + 20 + (5 + deep if rows else 0) + (26 if small else 0)
        if sheet.y + 18 > _PAY_BOX_BOTTOM - height:
            self._open_page()
            top = sheet.y
        else:
            top = _PAY_BOX_BOTTOM - height
        sheet.box(LEFT, top, RIGHT - LEFT, height, None, LINE_2, radius=8)
        y = top + 16
        sheet.put(LEFT + 18, y, 20, heading, Style("InterSemiBold", 15), RIGHT - LEFT - 36)
        y += 30
        for row in rows:
            for label, lines, x in row:
                sheet.put(x, y, 17, label, _BODY.tinted(TEXT_3))
                sheet.put_lines(x + _PAY_LABEL, y, 17, lines, _VALUE)
            y += max(len(lines) for _, lines, _ in row) * 17 + 5
        sheet.put(LEFT + 18, y + 5 if rows else y, 16, small, _DETAIL, RIGHT - LEFT - 36)
        sheet.y = top + height

    def _pay_row(self, facts: list[tuple[str, str]]) -> list[tuple[str, list[str], float]]:
        """Return a row of the payment box: for each fact its label, its lines and where it starts."""
        places = ((LEFT + 18, 264), (450.0, 174))
        return [
            (label, self.sheet.wrapped(text, _VALUE, width), x)
            for (label, text), (x, width) in zip(facts, places, strict=False)
        ]

    def _payment_words(self) -> tuple[str, str]:
        """Return the heading of the payment box and the small print below its facts."""
        if self.draft:
            what = "a draft" if self.watermark == "DRAFT" else "a pro forma, not an invoice"
            return f"This is {what}. Nothing is due until it has a number.", ""
        due_minor, due = stated_due_minor(self.snapshot), self.snapshot.get("due_date")
        if self.credit:
            return f"{self._money(due_minor)} credited. Nothing to pay.", ""
        if due_minor <= 0:
            return "Nothing to pay.", ""
        by = f" by {wording.long_date(date.fromisoformat(due))}" if due else ""
        logged = f"Every hour above is itemised in the work log, from page {self.sheet.page + 1}." if self.links else ""
        return f"Pay {self._money(due_minor)}{by}", logged


def _signed(adjustment: Mapping[str, Any]) -> int:
    return adjustment["amount_minor"] if adjustment["kind"] == "charge" else -adjustment["amount_minor"]


def _exemption(group: Mapping[str, Any]) -> str:
    """Return why a group has no VAT: in words of its own, or in the words of its category."""
    known = CATEGORIES.get(group["category"])
    return group.get("reason") or (known.reason if known else "")


def _seconds_of(line: Mapping[str, Any]) -> int:
    """Return the time a line bills, in seconds: of its work where there is any, else of its quantity."""
    if line["work"]:
        return sum(work["billed_seconds"] for work in line["work"])
    return line["quantity"] * 3600 // 10_000


def _retainer_words(retainer: Mapping[str, Any], locale: str) -> tuple[str, str]:
    """Return a retainer's sentence of use, and the sentences on where its hours came from and went."""

    def hours(seconds: int) -> str:
        return wording.hours(seconds, locale)

    rolled, overage = retainer["rolled_in"], retainer["overage"]
    granted = f"Granted {hours(retainer['granted'])} h"
    if rolled:
        granted += f" + {hours(rolled)} h rolled in" if rolled > 0 else f" − {hours(-rolled)} h carried over"
    left = f"{hours(retainer['remaining'])} h remain. " if retainer["remaining"] > 0 else ""
    over = f"{hours(overage)} h overage." if overage else "No overage."
    used = f"{hours(retainer['used'])} of {hours(retainer['granted'] + rolled)} h used."
    return used, f"{granted}.\n{left}{over}"


def _prefixed(prefix: str, text: str | None) -> str:
    return f"{prefix}{text}" if text else ""


def _grouped(iban: str) -> str:
    """Return an IBAN in groups of four, as ISO 13616 prints it."""
    compact = "".join(iban.split()).upper()
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))
