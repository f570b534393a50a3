"""The invoice as a PDF/A-3B: what is billed, VAT, what is due and where to pay; behind it the work log of every line,
and inside it the e-invoice (Factur-X, profile EN 16931) from template 2 on.

Drawn from the frozen snapshot alone, so the same snapshot gives the same bytes whenever it is drawn.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from agency_app.documents import wording
from agency_app.documents.einvoice import in_pdf
from agency_app.documents.einvoice.reading import stated_due_minor
from agency_app.documents.payment_box import PaymentState, draw_payment
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
from agency_app.documents.speech import speech_of
from agency_app.documents.translation import phrase
from agency_app.documents.work_log import LineLinks, draw_work_log
from agency_app.domain.vat import CATEGORIES

_LABEL = Style("InterMedium", 11, TEXT_3)
_BODY = Style("Inter", 12)
_STRONG = Style("InterSemiBold", 12)
_ROW, _ROW_STRONG = Style("Inter", 13), Style("InterSemiBold", 13)
_DETAIL = Style("Inter", 11, TEXT_3)
_SMALL = Style("Inter", 12, TEXT_2)
_VALUE = Style("InterMedium", 12)

_POSITION, _DESCRIPTION, _AMOUNT = LEFT, (90.0, 288.0), (RIGHT, 101.0)
_SUMS, _SUM_AMOUNT = 470.0, 92.0

FIRST_NAMING_ALL = 4
"""Snapshots of earlier templates were drawn without the rate of a discount's VAT, what was paid before, and the rate of
exchange; and a sum with a long name was drawn small instead of on several lines."""


def render_invoice(
    snapshot: Mapping[str, Any], rendered_at: datetime, preview: bool = False, logo: bytes | None = None
) -> bytes:
    """Return the PDF/A-3B of an invoice or credit note snapshot (version 1), byte for byte the same for the same arguments.

    `rendered_at` is the aware instant written into the file. A snapshot without a number is drawn as a draft, with a
    watermark and nothing to pay; as a `preview` it is drawn as finalising now would draw it, with the word for a draft
    in the place of the number and without the e-invoice, which needs one. `logo` is the picture whose SHA-256 the
    snapshot names. Raises ValueError for another snapshot version, a naive `rendered_at` or another logo, MoneyError
    for an unknown currency, KeyError for a snapshot that lacks a field.
    """
    if snapshot["v"] != 1 or snapshot["kind"] not in ("invoice", "credit_note"):
        raise ValueError(f"Cannot draw a {snapshot['kind']} snapshot of version {snapshot['v']}.")
    named = snapshot["seller"].get("logo") or ""
    if named != (hashlib.sha256(logo).hexdigest() if logo else ""):
        raise ValueError(f"The logo is not the one that the snapshot names, {named or 'none'}.")
    return _InvoicePdf(snapshot, rendered_at, preview, logo).drawn()


class _InvoicePdf:
    """One invoice being drawn, from the letterhead down."""

    def __init__(self, snapshot: Mapping[str, Any], rendered_at: datetime, preview: bool, logo: bytes | None) -> None:
        self.snapshot = snapshot
        self.speech = speech_of(snapshot)
        say = self.say = self.speech.words.say
        self.currency, self.locale = snapshot["currency"], snapshot["locale"]
        self.names_all = int(snapshot["template"]) >= FIRST_NAMING_ALL
        self.draft = snapshot["number"] is None and not preview
        self.number: str = snapshot["number"] or say("Draft")
        self.credit = snapshot["kind"] == "credit_note"
        self.pro_forma = self.draft and bool(snapshot.get("pro_forma"))
        self.name = self._heading()
        self.seller, self.buyer = snapshot["seller"], snapshot["buyer"]
        self.first_day = date.fromisoformat(snapshot["period"]["start"])
        self.last_day = date.fromisoformat(snapshot["period"]["end"])
        self.period = wording.period_name(self.first_day, self.last_day, self.speech.dates)
        self.sheet = Sheet(
            title=self.name if self.draft else f"{self.name} {self.number}",
            author=self.seller["name"] or "",
            subject=f"{self.buyer['name']}, {self.period}",
            rendered_at=rendered_at,
            language=self.speech.words.language,
            logo=logo,
        )
        self.columns = self._columns()
        self.sums_page = 1
        self.links = {line["position"]: LineLinks(self.sheet) for line in snapshot["lines"] if line["work"]}

    def drawn(self) -> bytes:
        sheet = self.sheet
        self._open_page()
        sheet.start_section(self.say("Credit note") if self.credit else self.say("Invoice"))
        self._parties()
        self._lines()
        self._sums()
        self._notes()
        self._payment()
        if self.links:
            draw_work_log(sheet, self.snapshot, self.links, self._open_log_page, self.sums_page, self.speech)
            for links in self.links.values():
                links.tie(sheet)
        sheet.number_pages(
            " · ".join(filter(None, (self.seller["name"], self.seller["registration"]))),
            self.number,
            lambda page, pages: self.say("page {page} of {pages}", page=page, pages=pages),
        )
        einvoice = in_pdf.embedded_cii(self.snapshot)
        if einvoice is not None:
            sheet.attach(einvoice, in_pdf.FILE_NAME, f"{self.name} {self.number} (EN 16931)", in_pdf.XMP)
        return bytes(sheet.output())

    def _open_page(self) -> None:
        subtitle = self.say("Not numbered yet") if self.draft else self.number
        self.sheet.open_page(self.seller["name"], self.name, subtitle, self.watermark)
        self.sheet.y += 34

    def _open_log_page(self) -> None:
        annex = self.say("Annex to {number}", number=self.number)
        if self.draft:
            annex = self.say("Annex to a pro forma") if self.pro_forma else self.say("Annex to a draft")
        style, rest = Style("Inter", 13), f"{annex} ·  · {self.period}"
        buyer = self.sheet.clipped(self.buyer["name"], style, RIGHT - LEFT - self.sheet.width(rest, style))
        subtitle = f"{annex} · {buyer} · {self.period}"
        self.sheet.open_page(self.seller["name"], self.say("Work log"), subtitle, self.watermark)
        self.sheet.y += 24

    def _heading(self) -> str:
        if self.pro_forma:
            return self.say("Pro forma invoice")
        if self.credit:
            return self.say("Draft credit note") if self.draft else self.say("Credit note")
        return self.say("Draft invoice") if self.draft else self.say("Invoice")

    @property
    def watermark(self) -> str:
        """What stands behind the text of everything that is not final."""
        if self.pro_forma:
            return self.say("PRO FORMA")
        return self.say("DRAFT") if self.draft else ""

    def _need(self, height: float) -> bool:
        """Start another page when less than this height is left on this one; return whether it did."""
        if self.sheet.y + height <= BOTTOM:
            return False
        self._open_page()
        return True

    def _date(self, iso: str) -> str:
        return wording.long_date(date.fromisoformat(iso), self.speech.dates)

    def _money(self, minor: int) -> str:
        return wording.money(minor, self.currency, self.locale)

    # From, to, dates -------------------------------------------------------------------------------------------------

    def _parties(self) -> None:
        top = self.sheet.y
        seller, buyer = self.seller, self.buyer
        tax_number, attention = seller.get("tax_number"), buyer["attention"]
        sender = [*seller["address"], self._vat_id(seller)]
        sender += [self.say("Tax number {number}", number=tax_number) if tax_number else ""]
        sender += [seller.get("contact"), seller.get("phone"), seller["email"]]
        receiver = [self.say("Attn. {name}", name=attention) if attention else "", *buyer["address"]]
        receiver.append(self._vat_id(buyer))
        ends = (
            self._party(LEFT, top, self.say("From"), seller["name"], sender),
            self._party(279, top, self.say("To"), buyer["name"], receiver),
            self._facts(502, top),
        )
        self.sheet.y = max(ends) + 26

    def _vat_id(self, party: Mapping[str, Any]) -> str:
        return self.say("VAT {number}", number=party["vat_id"]) if party["vat_id"] else ""

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
        facts = (
            (
                self.say("Credit note date") if self.credit else self.say("Invoice date"),
                self._date(snapshot["issue_date"]),
            ),
            (self.say("Corrects"), preceding["number"] if preceding else ""),
            (self.say("Its date"), self._date(corrected) if corrected else ""),
            (self.say("Due"), self._date(due) if due else ""),
            (self.say("Supply period"), wording.day_span(self.first_day, self.last_day, self.speech.dates)),
            (self.say("Your reference"), self.buyer["reference"]),
            (self.say("Your order"), self.buyer.get("order")),
            (self.say("Currency"), self.currency),
        )
        for label, value in facts:
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

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column("#", _POSITION, 26),
            Column(self.say("Description"), *_DESCRIPTION),
            Column(self.say("Quantity"), 478, 92, right=True),
            Column(self.say("Rate"), 571, 82, right=True),
            Column(self.say("VAT"), 629, 50, right=True),
            Column(self.say("Amount"), *_AMOUNT, right=True),
        )

    def _lines_head(self) -> None:
        self.sheet.table_head(self.columns, 8.5)
        self.sheet.rule(self.sheet.y, LINE_2)
        self.sheet.y += 1

    def _line(self, line: Mapping[str, Any]) -> None:
        sheet = self.sheet
        details = self._details(line)
        described = sheet.wrapped(line["description"], _ROW_STRONG, _DESCRIPTION[1]) or [""]
        height = 9 + 18 * len(described) + 15 * max(len(details), 1 if line["unit"] == "h" else 0) + 9
        if self._need(min(height, 300)):
            self._lines_head()
        top, page = sheet.y + 9, sheet.page
        sheet.put(_POSITION, top, 18, line["position"], _ROW.tinted(TEXT_3), 26)
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
        self.sheet.put(_DESCRIPTION[0], self.sheet.y, leading, text, style)
        self.sheet.y += leading

    def _line_figures(self, line: Mapping[str, Any], top: float) -> None:
        sheet = self.sheet
        _, _, quantity, rate, vat, amount = self.columns
        unit = f" {self.speech.unit(line['unit'])}"
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
            group = self.say("work log group {position}", position=line["position"])
            detail = f"{detail}, {group}" if detail else group.capitalize()
        said = [self._adjustment(one) for one in line.get("adjustments", ())]
        return self.sheet.wrapped("\n".join(filter(None, [*said, detail])), _DETAIL, _DESCRIPTION[1])

    def _adjustment(self, adjustment: Mapping[str, Any]) -> str:
        """Return a discount or surcharge of a line in words: `Loyalty 5%, -€5.00`."""
        return f"{self._reason(adjustment)}, {self._money(_signed(adjustment))}"

    def _reason(self, adjustment: Mapping[str, Any]) -> str:
        percent = adjustment.get("percent")
        kind = self.say("Allowance") if adjustment["kind"] == "allowance" else self.say("Charge")
        reason = adjustment["reason"] or kind
        return reason if percent is None else f"{reason} {wording.vat_percent(percent, self.locale)}"

    # Sums ------------------------------------------------------------------------------------------------------------

    def _sums(self) -> None:
        self.sheet.y += 22
        deep = sum(25 + 17 * (len(lines) - 1) for lines, _ in self._sum_lines())
        if self._need(max(46 + 27 * len(self._vat_rows()), deep + 44)):
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
        sheet.put(LEFT, y, 16, self.say("VAT summary"), _LABEL)
        y += 19
        edges = (252.0, 336.0, 426.0)
        sheet.put(LEFT, y + 5, 16, self.speech.vat_rate, _LABEL)
        for edge, name in zip(edges, (self.say("Net"), self.say("VAT"), self.say("Gross")), strict=True):
            sheet.put_right(edge, y + 5, 16, name, _LABEL)
        sheet.rule(y + 26, right=426)
        for name, net, vat, style in self._vat_rows():
            y += 27
            sheet.put(LEFT, y + 5, 16, name, style, 108)
            for edge, amount, width in zip(edges, (net, vat, net + vat), (84, 76, 82), strict=True):
                sheet.put_right(edge, y + 5, 16, self._money(amount), style, width)
            sheet.rule(y + 26, right=426)
        sheet.y = y + 27

    def _vat_rows(self) -> list[tuple[str, int, int, Style]]:
        """Return name, net and VAT of each group, and of all where there are several: the VAT that is payable."""
        snapshot = self.snapshot
        rows = [(self._rate_name(one), one["base_minor"], one["amount_minor"], _BODY) for one in snapshot["vat"]]
        if len(rows) > 1 and self.names_all:
            rows.append((self.say("Total"), snapshot["subtotal_minor"], snapshot["vat_minor"], _STRONG))
        return rows

    def _rate_name(self, group: Mapping[str, Any]) -> str:
        percent = wording.vat_percent(group["rate"], self.locale)
        known = group["category"] in CATEGORIES
        name = self.speech.category(group["category"]) or ("" if known else group["category"])
        return f"{percent} {name}".strip()

    def _totals(self, y: float) -> float:
        sheet, left = self.sheet, _SUMS
        value = Style("InterMedium", 13)
        for lines, amount in self._sum_lines():
            end = sheet.put(left, y, 18, lines[0], _ROW, 0 if self.names_all else 150)
            sheet.put_right(RIGHT, y, 18, self._money(amount), value, RIGHT - end - 12)
            y = sheet.put_lines(left, y + 18, 17, lines[1:], _ROW) + 7
        y += 4
        sheet.rule(y, TEXT, 1.5, left=left)
        y += 7.5
        name = self.say("Total credited") if self.credit else self.say("Total due")
        name = self.say("Total so far") if self.draft else name
        end = sheet.put(left, y, 30, name, Style("InterSemiBold", 15))
        total = self._money(stated_due_minor(self.snapshot))
        sheet.put_right(RIGHT, y, 30, total, Style("InterDisplay", 24), RIGHT - end - 16)
        return y + 30

    def _sum_lines(self) -> list[tuple[list[str], int]]:
        """Return what stands above the total, each name broken into lines that leave room for its amount."""
        rows = self._sum_rows()
        if not self.names_all:
            return [([name], amount) for name, amount in rows]
        value = Style("InterMedium", 13)
        widest = max(
            _SUM_AMOUNT, *(self.sheet.width(self.sheet.legible(self._money(amount)), value) for _, amount in rows)
        )
        room = RIGHT - _SUMS - min(widest, 150) - 12
        return [(self.sheet.wrapped(name, _ROW, room) or [""], amount) for name, amount in rows]

    def _sum_rows(self) -> list[tuple[str, int]]:
        """Return what stands above the total: the lines with what is added and taken off where there is any, the
        subtotal, each VAT, and what was paid before."""
        snapshot = self.snapshot
        adjustments, paid, rounding = (
            snapshot.get(name) for name in ("adjustments", "prepaid_minor", "rounding_minor")
        )
        rows: list[tuple[str, int]] = []
        if adjustments:
            rows.append((self.say("Lines"), sum(line["net_minor"] for line in snapshot["lines"])))
            rows += [(self._adjustment_name(one), _signed(one)) for one in adjustments]
        rows.append((self.say("Subtotal"), snapshot["subtotal_minor"]))
        rows += [(f"{self.say('VAT')} {self._rate_name(group)}", group["amount_minor"]) for group in snapshot["vat"]]
        if paid or rounding:
            rows.append((self.say("Total"), snapshot["total_minor"]))
        rows += self._paid_before(paid) if paid else []
        rows += [(self.say("Rounding"), rounding)] if rounding else []
        return rows

    def _adjustment_name(self, adjustment: Mapping[str, Any]) -> str:
        """Return a discount or surcharge of the document in words; the VAT rate that it is a part of, where there are
        several."""
        reason = self._reason(adjustment)
        if not self.names_all or len(self.snapshot["vat"]) < 2:
            return reason
        return self.say("{reason}, on VAT {rate}", reason=reason, rate=self._rate_name(_vat_of(adjustment)))

    def _paid_before(self, paid: int) -> list[tuple[str, int]]:
        """Return each prepayment with its day, where the snapshot says which they were."""
        said = self.snapshot.get("prepayments")
        if not said or not self.names_all:
            return [(self.say("Paid before"), -paid)]
        return [(self._prepayment(one), -one["amount_minor"]) for one in said]

    def _prepayment(self, one: Mapping[str, Any]) -> str:
        if not one.get("date"):
            return self.say("Paid: {what}", what=one["description"])
        return self.say("Paid on {date}: {what}", date=self._date(one["date"]), what=one["description"])

    def _retainers(self) -> None:
        sheet = self.sheet
        sheet.y += 14
        for retainer in self.snapshot["retainers"]:
            strong, rest = self._retainer_words(retainer)
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
        legal = {self._exemption(group) for group in self.snapshot["vat"]} - {""}
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
        if not self.names_all:
            return [self.say("VAT in {currency}: {amount}", currency=accounting["currency"], amount=vat)]
        return [
            self.say(
                "VAT in {currency}: {amount}, at {rate} {currency} for 1 {other}.",
                currency=accounting["currency"],
                amount=vat,
                rate=wording.exchange_rate(accounting["exchange_rate"], self.locale),
                other=self.currency,
            )
        ]

    def _exemption(self, group: Mapping[str, Any]) -> str:
        """Return why a group has no VAT: in words of its own, or in the words of its category."""
        known = CATEGORIES.get(group["category"])
        return group.get("reason") or (self.say(known.reason) if known and known.reason else "")

    def _retainer_words(self, retainer: Mapping[str, Any]) -> tuple[str, str]:
        """Return a retainer's sentence of use, and the sentences on where its hours, or its money, came from and went."""
        money = retainer.get("unit") == "money"

        def figure(value: int, unit: bool = True) -> str:
            if money:
                return self._money(value)
            return (
                f"{wording.hours(value, self.locale)} {self.speech.unit('h')}"
                if unit
                else wording.hours(value, self.locale)
            )

        rolled, over, remaining = retainer["rolled_in"], retainer["overage"], retainer["remaining"]
        agreed = figure(retainer["granted"])
        granted = self.say("Granted {granted}.", granted=agreed)
        if rolled:
            granted = self.say(_ROLLED_IN if rolled > 0 else _DEFICIT, granted=agreed, rolled=figure(abs(rolled)))
        left = self.say("{amount} remain.", amount=figure(remaining)) if remaining > 0 else ""
        overage = self.say("{amount} overage.", amount=figure(over)) if over else self.say("No overage.")
        had = figure(retainer["granted"] + rolled)
        used = self.say("{used} of {had} used.", used=figure(retainer["used"], unit=False), had=had)
        return used, f"{granted}\n{' '.join(filter(None, (left, overage)))}"

    # Payment ---------------------------------------------------------------------------------------------------------

    def _payment(self) -> None:
        state: PaymentState = "due"
        if self.draft:
            state = "pro_forma" if self.pro_forma else "draft"
        draw_payment(self.sheet, self.snapshot, self.speech, state, self.number, bool(self.links), self._open_page)


def _signed(adjustment: Mapping[str, Any]) -> int:
    return adjustment["amount_minor"] if adjustment["kind"] == "charge" else -adjustment["amount_minor"]


def _vat_of(adjustment: Mapping[str, Any]) -> dict[str, Any]:
    return {"category": adjustment["vat_category"], "rate": adjustment["vat_rate"]}


def _seconds_of(line: Mapping[str, Any]) -> int:
    """Return the time a line bills, in seconds: of its work where there is any, else of its quantity."""
    if line["work"]:
        return sum(work["billed_seconds"] for work in line["work"])
    return line["quantity"] * 3600 // 10_000


_ROLLED_IN = phrase("Granted {granted} + {rolled} rolled in.")
_DEFICIT = phrase("Granted {granted} − {rolled} carried over.")
