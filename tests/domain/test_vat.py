"""The VAT categories: which rate, which reason, which identifiers each asks for."""

from dataclasses import replace
from typing import Any

import pytest

from agency_app.domain.invoice import Line, check_invoice, totals_of
from agency_app.domain.vat import CATEGORIES, VatGroup, check_parties

WITHOUT_VAT = sorted(CATEGORIES.keys() - {"S"})


def line(category: str, rate: int = 0) -> Line:
    return Line("fee", "Fee", 10_000, "month", 1_000_000, 10_000, category, rate)


@pytest.mark.parametrize("category", WITHOUT_VAT)
def test_a_category_without_vat_stands_at_zero_and_says_why_where_it_must(category: str) -> None:
    totals = totals_of([line(category)], "EUR")
    assert check_invoice([line(category)], totals, "EUR") == []
    (group,) = totals.vat
    assert (group.amount_minor, bool(group.exemption)) == (0, category != "Z")


@pytest.mark.parametrize(("category", "rate"), [("S", 2100), ("Z", 0)])
def test_no_reason_is_given_where_none_is_allowed(category: str, rate: int) -> None:
    lines = [line(category, rate)]
    totals = totals_of(lines, "EUR")
    for change in ({"reason": "Because"}, {"reason_code": "VATEX-EU-AE"}):
        broken = replace(totals, vat=(replace(totals.vat[0], **change),))
        assert any(f"BR-{category}-10" in finding for finding in check_invoice(lines, broken, "EUR"))


def test_a_reason_of_its_own_replaces_the_words_of_the_category() -> None:
    assert VatGroup("E", 0, 100, 0).exemption == "Exempt from VAT."
    assert VatGroup("E", 0, 100, 0, "Art. 132(1)(i), training").exemption == "Art. 132(1)(i), training"


def test_what_is_not_subject_to_vat_stands_alone() -> None:
    lines = [line("O"), line("S", 2100)]
    assert any("BR-O-11" in finding for finding in check_invoice(lines, totals_of(lines, "EUR"), "EUR"))


def test_several_rates_of_one_category_have_a_group_each() -> None:
    lines = [line("S", 2100), line("S", 900), line("S", 2100), line("E")]
    totals = totals_of(lines, "EUR")
    assert [(group.category, group.rate, group.base_minor) for group in totals.vat] == [
        ("E", 0, 10_000),
        ("S", 900, 10_000),
        ("S", 2100, 20_000),
    ]
    assert check_invoice(lines, totals, "EUR") == []


def test_an_unknown_category_is_named() -> None:
    lines = [line("VAT")]
    assert any("BR-CL-17" in finding for finding in check_invoice(lines, totals_of(lines, "EUR"), "EUR"))


@pytest.mark.parametrize("category", ["S", "Z", "E", "AE", "K", "G"])
def test_every_category_but_o_asks_for_the_agencys_vat_id(category: str) -> None:
    complete: dict[str, Any] = {"buyer_vat_id": "DE123456789", "delivery_country": "DE", "delivery_dated": True}
    assert check_parties([category], seller_vat_id="NL001234567B01", **complete) == []
    rules = CATEGORIES[category].rules
    (finding,) = check_parties([category], seller_vat_id="", **complete)
    assert finding.message.startswith(f"BR-{rules}-02")
    assert (finding.party, finding.field) == ("seller", "vat_id")
    with_number = check_parties([category], seller_vat_id="", seller_tax_number="12/345", **complete)
    assert bool(with_number) is (category in {"K", "G"})


def test_not_subject_to_vat_asks_for_nothing() -> None:
    assert check_parties(["O"], seller_vat_id="") == []


def test_reverse_charge_and_intra_community_name_the_buyer_and_the_latter_the_delivery() -> None:
    seller: dict[str, Any] = {"seller_vat_id": "NL001234567B01"}
    assert [finding.message[:8] for finding in check_parties(["AE"], **seller)] == ["BR-AE-02"]
    assert check_parties(["AE"], **seller, buyer_registration="HRB 1") == []
    assert [finding.message[:8] for finding in check_parties(["K"], **seller)] == ["BR-IC-02", "BR-IC-11", "BR-IC-12"]
