"""Invoice snapshots for the tests: a small agency month, and ways to stretch it."""

from typing import Any

from agency_app.domain.invoice import line_net, quantity_of, vat_amount
from agency_app.domain.money import share

Work = tuple[str, str, str, str, str, int]

OPTIMISATION: list[Work] = [
    ("2026-11-06", "Mara Halden", "Optimisation", "Search terms and bids", "Google Ads", 10800),
    ("2026-11-10", "Mara Halden", "Optimisation", "Prospecting budgets", "Meta", 8100),
    ("2026-11-12", "Mara Halden", "Optimisation", "Shopping feed and bids", "Google Ads", 9000),
    ("2026-11-17", "Mara Halden", "Optimisation", "Budgets and audiences", "Meta", 7200),
    ("2026-11-19", "Mara Halden", "Optimisation", "Search bids and negatives", "Google Ads", 7200),
]
BUILD: list[Work] = [
    ("2026-11-03", "Jonas Vik", "Campaign build", "Gift Box, Advantage+ build", "Meta", 18000),
    ("2026-11-04", "Jonas Vik", "Campaign build", "Brand and generic search", "Google Ads", 16200),
]
CREATIVE: list[Work] = [
    ("2026-11-05", "Ida Roos", "Creative", "Gift Box, six short videos", "TikTok", 14400),
    ("2026-11-11", "Ida Roos", "Creative", "Headline refresh", "Meta", 4500),
    ("2026-11-20", "Ida Roos", "Creative", "Creative swap, Gift Box", "Meta", 7200),
]
CALLS: list[Work] = [
    ("2026-11-02", "Mara Halden", "Strategy call", "November kick-off", "Call", 5400),
    ("2026-11-18", "Mara Halden", "Strategy call", "Christmas plan", "Call", 3600),
]


def work_of(rows: list[Work], net_minor: int, first: int = 0) -> list[dict[str, Any]]:
    """Return line work with the net shared over it by time."""
    amounts = share(net_minor, [row[5] for row in rows])
    return [
        {
            "entry_id": f"entry-{first + number}",
            "date": day,
            "member": member,
            "activity": activity,
            "task": task,
            "platform": platform,
            "seconds": seconds,
            "billed_seconds": seconds,
            "amount_minor": amount,
        }
        for number, ((day, member, activity, task, platform, seconds), amount) in enumerate(
            zip(rows, amounts, strict=True)
        )
    ]


def time_line(position: int, description: str, rows: list[Work], price: int, currency: str = "EUR") -> dict[str, Any]:
    """Return a line priced by time."""
    quantity = quantity_of(sum(row[5] for row in rows))
    net = line_net(quantity, price, currency)
    return {
        "position": position,
        "kind": "time",
        "description": description,
        "detail": f"{len(rows)} entries",
        "quantity": quantity,
        "unit": "h",
        "price": price,
        "net_minor": net,
        "vat_category": "S",
        "vat_rate": 2100,
        "work": work_of(rows, net, position * 10_000),
    }


def fee_line(position: int, description: str, price: int, rows: list[Work], currency: str = "EUR") -> dict[str, Any]:
    """Return a month's fee, with the work that it covers."""
    return {
        "position": position,
        "kind": "fee",
        "description": description,
        "detail": f"{len(rows)} entries" if rows else "Fixed fee, November 2026, no time",
        "quantity": 10_000,
        "unit": "month",
        "price": price,
        "net_minor": line_net(10_000, price, currency),
        "vat_category": "S",
        "vat_rate": 2100,
        "work": work_of(rows, 0, position * 10_000),
    }


def invoice_of(lines: list[dict[str, Any]], currency: str = "EUR", **changes: Any) -> dict[str, Any]:
    """Return the snapshot of an invoice with these lines."""
    bases: dict[tuple[str, int], int] = {}
    for line in lines:
        key = line["vat_category"], line["vat_rate"]
        bases[key] = bases.get(key, 0) + line["net_minor"]
    vat = [
        {"category": category, "rate": rate, "base_minor": base, "amount_minor": vat_amount(base, rate)}
        for (category, rate), base in sorted(bases.items())
    ]
    subtotal, vat_minor = sum(bases.values()), sum(group["amount_minor"] for group in vat)
    return {
        "v": 1,
        "kind": "invoice",
        "template": "1",
        "number": "INV-2026-0042",
        "issue_date": "2026-11-30",
        "due_date": "2026-12-14",
        "period": {"start": "2026-11-01", "end": "2026-11-30"},
        "currency": currency,
        "locale": "en",
        "seller": {
            "name": "Halden & Co",
            "address": ["Keizersgracht 214", "1016 DX Amsterdam"],
            "vat_id": "NL001234567B01",
            "registration": "KvK 01234567",
            "email": "billing@halden.example",
            "iban": "NL91ABNA0417164300",
            "bic": "ABNANL2A",
        },
        "buyer": {
            "name": "Northwind Coffee",
            "attention": "Accounts payable",
            "address": ["Westerstraat 18", "1015 MJ Amsterdam"],
            "vat_id": "NL007654321B01",
            "reference": "PO NWC-1187",
        },
        "lines": lines,
        "subtotal_minor": subtotal,
        "vat": vat,
        "vat_minor": vat_minor,
        "total_minor": subtotal + vat_minor,
        "retainers": [
            {
                "name": "Performance retainer",
                "granted": 129_600,
                "rolled_in": 14_400,
                "used": 120_600,
                "overage": 0,
                "remaining": 23_400,
            }
        ],
        "rounding": {"mode": "up", "step_seconds": 900, "scope": "entry"},
        "note": "",
    } | changes


def november() -> dict[str, Any]:
    """Return a month of an agency: four lines of time and a fee without any."""
    return invoice_of(
        [
            time_line(1, "Optimisation", OPTIMISATION, 950_000),
            time_line(2, "Campaign build", BUILD, 950_000),
            time_line(3, "Creative", CREATIVE, 950_000),
            time_line(4, "Strategy call", CALLS, 1_200_000),
            fee_line(5, "Retainer fee", 6_000_000, []),
        ]
    )


def many_rows(count: int) -> dict[str, Any]:
    """Return an invoice with this many pieces of work, under a fee and two lines of time."""
    everything = OPTIMISATION + BUILD + CREATIVE + CALLS
    rows = [everything[number % len(everything)] for number in range(count)]
    third = count // 3
    return invoice_of(
        [
            fee_line(1, "Performance retainer, November 2026", 36_000_000, rows[:third]),
            time_line(2, "Optimisation", rows[third : 2 * third], 950_000),
            time_line(3, "Campaign build", rows[2 * third :], 1_050_000),
        ]
    )
