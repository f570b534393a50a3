"""Who the demonstration agency is and what it agreed with its clients. Every name, number and address is invented."""

from dataclasses import dataclass
from typing import Any

from agency_app.services.demo.days import Target
from agency_app.services.demo.touches import BRIGHTSIDE, FJORD, IDA, JONAS, LUMEN, MARA, NORTHWIND, SEM

HOUR = 3600

WORKSPACE: dict[str, Any] = {
    "name": "Halden & Co",
    "legal_name": "Halden & Co B.V.",
    "address": "Keizersgracht 214\n1016 DX Amsterdam\nNetherlands",
    "vat_id": "NL001234567B01",
    "registration": "KvK 01234567",
    "email": "billing@halden.example",
    "iban": "NL91ABNA0417164300",
    "bic": "ABNANL2A",
    "currency": "EUR",
    "zone": "Europe/Amsterdam",
    "vat_rate": 2100,
    "default_rate": 950_000,
}

MEMBERS = (
    (MARA, "mara@halden.example", "owner"),
    (JONAS, "jonas@halden.example", "lead"),
    (IDA, "ida@halden.example", "member"),
    (SEM, "sem@halden.example", "finance"),
)


@dataclass(frozen=True)
class DemoClient:
    """A client, its retainer, and how many minutes of work it gets: two past months whole, the present one by share."""

    client: dict[str, Any]
    retainer: dict[str, Any]
    month_before_last: int
    last_month: int
    this_month: Target


def _northwind(share: float) -> int:
    """Ahead of pace until four fifths of the month, then careful to stay within its 40 hours."""
    return round(40 * 60 * (1.17 * share if share < 0.8 else 0.936 + 0.29 * (share - 0.8)))


def _fjord(share: float) -> int:
    """Far ahead: the 60 hours are gone a little after the middle of the month, and the work goes on."""
    return round(60 * 60 * (1.75 * share if share < 0.6 else 1.05 + 0.35 * (share - 0.6)))


CLIENTS = (
    DemoClient(
        client={
            "name": NORTHWIND,
            "short_name": "Northwind",
            "legal_name": "Northwind Coffee B.V.",
            "attention": "Accounts payable",
            "address": "Westerstraat 18\n1015 MJ Amsterdam\nNetherlands",
            "email": "payables@northwind.example",
            "vat_id": "NL007654321B01",
            "reference": "PO NWC-1187",
            "colour": 1,
        },
        retainer={
            "name": "Paid social + search",
            "basis": "hybrid",
            "fee_minor": 600_00,
            "granted_seconds": 36 * HOUR,
            "rollover": "capped",
            "rollover_cap_seconds": 8 * HOUR,
            "overage": "bill",
            "overage_rate": 1_250_000,
        },
        month_before_last=38 * 60 + 30,
        last_month=32 * 60,
        this_month=_northwind,
    ),
    DemoClient(
        client={
            "name": BRIGHTSIDE,
            "short_name": "Brightside",
            "legal_name": "Brightside Dental Group B.V.",
            "attention": "Practice office",
            "address": "Grote Houtstraat 77\n2011 SM Haarlem\nNetherlands",
            "email": "office@brightside.example",
            "vat_id": "NL002468135B01",
            "reference": "PO BSD-2044",
            "colour": 2,
        },
        retainer={
            "name": "Search + local",
            "basis": "hours",
            "granted_seconds": 24 * HOUR,
            "rollover": "expire",
            "overage": "bill",
            "overage_rate": 1_050_000,
        },
        month_before_last=22 * 60 + 15,
        last_month=24 * 60 + 30,
        this_month=lambda share: round(24 * 60 * 0.97 * share),
    ),
    DemoClient(
        client={
            "name": FJORD,
            "short_name": "Fjord",
            "legal_name": "Fjord Outdoor B.V.",
            "attention": "Finance",
            "address": "Wijnhaven 63\n3011 WJ Rotterdam\nNetherlands",
            "email": "finance@fjord.example",
            "vat_id": "NL003692581B01",
            "reference": "FJO-PERFORMANCE",
            "colour": 3,
            "payment_terms_days": 30,
        },
        retainer={
            "name": "Performance",
            "basis": "fee",
            "fee_minor": 6_600_00,
            "granted_seconds": 56 * HOUR,
            "rollover": "all",
            "overage": "approval",
            "overage_rate": 1_300_000,
        },
        month_before_last=58 * 60,
        last_month=52 * 60,
        this_month=_fjord,
    ),
    DemoClient(
        client={
            "name": LUMEN,
            "short_name": "Lumen",
            "legal_name": "Lumen Skincare B.V.",
            "attention": "Marketing operations",
            "address": "Oudegracht 140\n3511 AX Utrecht\nNetherlands",
            "email": "invoices@lumen.example",
            "vat_id": "NL004815162B01",
            "reference": "PO LUM-0318",
            "colour": 4,
        },
        retainer={
            "name": "Paid social",
            "basis": "fee",
            "fee_minor": 4_900_00,
            "granted_seconds": 50 * HOUR,
            "rollover": "expire",
            "overage": "absorb",
        },
        month_before_last=44 * 60 + 30,
        last_month=36 * 60 + 15,
        this_month=lambda share: round(50 * 60 * 0.64 * share),
    ),
)

RATES = (
    (None, None, None, 950_000),
    (None, "Strategy call", None, 1_200_000),
    (NORTHWIND, None, None, 950_000),
    (NORTHWIND, "Strategy call", None, 1_200_000),
    (BRIGHTSIDE, None, None, 825_000),
    (FJORD, None, None, 1_100_000),
    (LUMEN, None, None, 980_000),
)
"""Client, activity, member, 1/10000 of a euro an hour; valid since the year before."""

RAISED_RATE = (BRIGHTSIDE, 875_000)
"""Valid since the first of the month before last: the older work keeps the older rate."""
