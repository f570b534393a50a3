"""Random invoices and credit notes as snapshots, the same for the same seed: 1 to 40 lines, several VAT treatments on
one invoice, discounts and surcharges of lines and of the whole, prepayments, currencies with 0, 2 and 3 decimals."""

from dataclasses import asdict
from datetime import date, timedelta
from random import Random
from typing import Any

from agency_app.domain.invoice import (
    Adjustment,
    AdjustmentKind,
    DocumentAdjustment,
    Line,
    LineUnit,
    adjusted_by_amount,
    adjusted_by_percent,
    line_net,
    totals_of,
)
from agency_app.domain.money import exponent, round_half_up
from agency_app.domain.vat import vat_in_accounting_currency

CURRENCIES = ("EUR", "JPY", "BHD")
DOMESTIC = (("S", 2100), ("S", 900), ("S", 550), ("Z", 0), ("E", 0))
ALONE = (("AE", 0), ("K", 0), ("G", 0), ("O", 0))


def random_snapshot(seed: int, currencies: tuple[str, ...] = CURRENCIES) -> dict[str, Any]:
    """Return a final invoice or credit note that has everything an e-invoice needs."""
    random = Random(seed)
    currency = random.choice(currencies)
    treatments = random.sample(DOMESTIC, random.randint(1, 4))
    if random.random() < 0.2:
        treatments = [random.choice(ALONE)]
    lines = [_line(random, currency, *random.choice(treatments)) for _ in range(random.randint(1, 40))]
    adjustments = _adjustments(random, lines)
    before = totals_of(lines, currency, adjustments)
    credit = random.random() < 0.25
    coarse = 10 ** max(exponent(currency) - 2, 0)
    prepaid = random.randrange(0, before.total_minor + 1, coarse) if random.random() < 0.2 and not credit else 0
    totals = totals_of(lines, currency, adjustments, prepaid)
    issued = date(2026, 1, 1) + timedelta(days=random.randrange(700))
    start = issued.replace(day=1)
    accounting = None
    if random.random() < 0.15:
        other = random.choice(("SEK", "PLN", "JPY" if currency != "JPY" else "EUR"))
        accounting = vat_in_accounting_currency(totals.vat_minor, currency, other, random.randrange(1, 10**8))
    return {
        "v": 1,
        "kind": "credit_note" if credit else "invoice",
        "template": "2",
        "number": f"INV-2026-{seed % 10_000:04}",
        "issue_date": issued.isoformat(),
        "due_date": None if credit else (issued + timedelta(days=14)).isoformat(),
        "terms": "Set off against the invoice it corrects." if credit else random.choice(("", "Within 14 days.")),
        "period": {"start": start.isoformat(), "end": random.choice((issued, issued + timedelta(days=3))).isoformat()},
        "currency": currency,
        "locale": "en",
        "seller": _seller(random),
        "buyer": _buyer(random),
        "lines": [_told_line(position, line) for position, line in enumerate(lines, start=1)],
        "adjustments": [asdict(adjustment) for adjustment in adjustments],
        "subtotal_minor": totals.subtotal_minor,
        "vat": [
            {
                "category": group.category,
                "rate": group.rate,
                "base_minor": group.base_minor,
                "amount_minor": group.amount_minor,
                "reason": "Art. 132(1)(i)" if group.category == "E" and random.random() < 0.5 else "",
            }
            for group in totals.vat
        ],
        "vat_minor": totals.vat_minor,
        "total_minor": totals.total_minor,
        "allowances_minor": totals.allowances_minor,
        "charges_minor": totals.charges_minor,
        "prepaid_minor": prepaid,
        "due_minor": totals.due_minor,
        "accounting": asdict(accounting) if accounting else None,
        "preceding": {"number": "INV-2025-0007", "issue_date": "2025-12-01"} if credit else None,
        "retainers": [],
        "rounding": {"mode": "none", "step_seconds": 0, "scope": "line"},
        "note": random.choice(("", "Thank you & see you <soon>.")),
    }


def _line(random: Random, currency: str, category: str, rate: int) -> Line:
    unit: LineUnit = random.choice(("h", "month"))
    quantity = random.randrange(1, 2_000_000) if unit == "h" else 10_000
    price = random.choice((random.randrange(0, 2_500_000), random.randrange(0, 250) * 10_000))
    coarse = 10 ** max(exponent(currency) - 2, 0)
    if coarse > 1:  # EN 16931 allows two decimals: keep to whole units times whole prices
        quantity, price = max(quantity // 10_000, 1) * 10_000, price // 10_000 * 10_000
    gross = line_net(quantity, price, currency)
    adjustments: list[Adjustment] = []
    for kind in _some_kinds(random, 0.15):
        percent = random.randrange(1, 90) * 100
        if coarse == 1 and random.random() < 0.5:
            amount = round_half_up(gross * percent, 10_000)
            adjustments.append(
                Adjustment(kind=kind, reason="Agreed rate", amount_minor=amount, base_minor=gross, percent=percent)
            )
        else:
            amount = random.randrange(0, gross + 1, coarse)
            adjustments.append(Adjustment(kind=kind, reason="Goodwill", amount_minor=amount))
    net = line_net(quantity, price, currency, adjustments)
    name = random.choice(("Optimisation", "Campaign build", "Création & suivi", "Überstunden <Nacht>"))
    return Line("time", name, quantity, unit, price, net, category, rate, adjustments=tuple(adjustments))


def _adjustments(random: Random, lines: list[Line]) -> tuple[DocumentAdjustment, ...]:
    found: list[DocumentAdjustment] = []
    for kind in _some_kinds(random, 0.3):
        if random.random() < 0.5:
            found += adjusted_by_percent(lines, kind, "Volume", random.randrange(0, 30) * 100)
        elif total := sum(line.net_minor for line in lines):
            found += [
                one
                for one in adjusted_by_amount(lines, kind, "Retainer credit", random.randrange(0, total // 3 + 1))
                if one.amount_minor
            ]
    return tuple(found)


def _some_kinds(random: Random, chance: float) -> list[AdjustmentKind]:
    kinds: list[AdjustmentKind] = ["allowance", "charge"]
    return [kind for kind in kinds if random.random() < chance]


def _told_line(position: int, line: Line) -> dict[str, Any]:
    told = asdict(line) | {"position": position, "detail": "", "work": []}
    return told | {"adjustments": [asdict(adjustment) for adjustment in line.adjustments]}


def _seller(random: Random) -> dict[str, Any]:
    return {
        "name": "Halden & Co B.V.",
        "address": ["Keizersgracht 214", "1016 DX Amsterdam", "Netherlands"],
        "country": random.choice(("", "NL")),
        "vat_id": "NL001234567B01",
        "tax_number": "",
        "registration": random.choice(("KvK 01234567", "Amsterdam 99")),
        "electronic_address": {"scheme": "0106", "value": "01234567"},
        "contact": random.choice(("", "Mara Halden")),
        "phone": random.choice(("", "+31 20 123 45 67")),
        "email": "billing@halden.example",
        "iban": random.choice(("NL91 ABNA 0417 1643 00", "", "021000021 123456789")),
        "bic": random.choice(("ABNANL2A", "")),
    }


def _buyer(random: Random) -> dict[str, Any]:
    return {
        "name": "Bergland GmbH",
        "attention": random.choice(("", "Buchhaltung")),
        "address": random.choice(
            (
                ["Marktplatz 5", "80331 München", "Deutschland"],
                ["Haus 2", "c/o Süd", "Hof B", "Treppe 4", "80331 München", "Germany"],
            )
        ),
        "country": random.choice(("", "DE")),
        "vat_id": "DE 123 456 789",
        "reference": random.choice(("04011000-12345-34", "", "Media 2026")),
        "order": random.choice(("", "PO-7")),
        "electronic_address": random.choice(
            (
                None,
                {"scheme": "EM", "value": "rechnung@bergland.example"},
                {"scheme": "9930", "value": "DE123456789"},
            )
        ),
    }
