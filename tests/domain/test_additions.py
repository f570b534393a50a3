"""What people add to a draft: every identity holds exactly, whatever is added, worded or moved."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.additions import Additions, Item, Treatment, complete, in_order
from agency_app.domain.draft import Draft, Group, RetainerTerms, WorkEntry, build_draft
from agency_app.domain.invoice import Line, check_invoice
from agency_app.domain.rounding import RoundingPolicy

HOUR = 3600
USUAL = Treatment("S", 2100)


def entry(identifier: str, seconds: int = HOUR, retainer_id: str | None = None, held_back: int = 0) -> WorkEntry:
    return WorkEntry(
        identifier, date(2026, 11, 3), None, seconds, "Reporting", 2, 1_000_000, retainer_id, held_back=held_back
    )


def draft_of(
    *entries: WorkEntry,
    retainers: tuple[RetainerTerms, ...] = (),
    rounding: RoundingPolicy | None = None,
    **added: object,
) -> Draft:
    return build_draft(
        currency="EUR",
        vat_category="S",
        vat_rate=2100,
        rounding=rounding or RoundingPolicy(),
        retainers=retainers,
        entries=entries,
        additions=Additions(**added),  # pyright: ignore[reportArgumentType]
    )


def findings(draft: Draft) -> list[str]:
    return check_invoice(draft.lines, draft.totals, draft.currency, draft.adjustments)


def test_items_expenses_and_media_spend_stand_behind_the_work_each_with_its_own_vat() -> None:
    draft = draft_of(
        entry("a"),
        items=(
            Item(id="1", kind="fixed", description="Landing page", price=5_000_000, quantity=20_000),
            Item(id="2", kind="expense", description="Stock photos", price=800_000, markup=1000),
            Item(
                id="3",
                kind="media",
                description="Meta spend",
                price=100_000_000,
                treatment=Treatment("O", 0, "Paid on your behalf."),
            ),
        ),
    )
    assert [(line.kind, line.description, line.net_minor) for line in draft.lines] == [
        ("time", "Reporting", 10_000),
        ("fixed", "Landing page", 100_000),
        ("expense", "Stock photos", 8_800),
        ("media", "Meta spend", 1_000_000),
    ]
    assert [(group.category, group.amount_minor, group.reason) for group in draft.totals.vat] == [
        ("O", 0, "Paid on your behalf."),
        ("S", 24_948, ""),
    ]
    assert findings(draft) == [
        "BR-O-11: what is not subject to VAT needs an invoice of its own, without other VAT categories."
    ]


def test_a_discount_on_a_line_comes_off_the_work_under_it() -> None:
    key = draft_of(entry("a"), entry("b", 2 * HOUR)).lines[0].key
    off = Item(id="1", kind="discount", description="Loyalty", percent=1000, line_key=key)
    draft = draft_of(entry("a"), entry("b", 2 * HOUR), items=(off,))
    assert draft.lines[0].net_minor == 27_000
    assert [work.amount_minor for work in draft.lines[0].work] == [9_000, 18_000]
    assert findings(draft) == []


def test_a_discount_of_the_document_is_shared_over_its_vat_rates() -> None:
    fixed = Item(id="1", kind="fixed", description="Books", price=1_000_000, treatment=Treatment("S", 900))
    off = Item(id="2", kind="discount", description="Launch offer", amount_minor=3_000)
    draft = draft_of(entry("a", 2 * HOUR), items=(fixed, off))
    assert [(one.vat_rate, one.amount_minor) for one in draft.adjustments] == [(900, 1_000), (2100, 2_000)]
    assert draft.totals.subtotal_minor == 27_000
    assert findings(draft) == []


def test_a_discount_whose_line_is_gone_is_told_apart() -> None:
    off = Item(id="1", kind="discount", description="Loyalty", percent=1000, line_key="time:gone")
    draft = draft_of(entry("a"), items=(off,))
    assert draft.loose == (off,)
    assert draft.totals.subtotal_minor == 10_000


def test_a_prepayment_is_taken_off_what_is_due_not_off_the_total() -> None:
    paid = Item(id="1", kind="prepayment", description="Deposit of 1 October", amount_minor=5_000)
    totals = draft_of(entry("a"), items=(paid,)).totals
    assert (totals.total_minor, totals.prepaid_minor, totals.due_minor) == (12_100, 5_000, 7_100)


def test_vat_is_stated_in_the_accounting_currency_at_the_given_rate() -> None:
    totals = draft_of(entry("a"), accounting_currency="GBP", exchange_rate=865_400).totals
    assert totals.accounting is not None
    assert (totals.accounting.currency, totals.accounting.vat_minor) == ("GBP", 1_817)


def test_a_person_s_words_stay_with_their_line_through_another_grouping_and_back() -> None:
    by_person = entry("a")._replace(group=Group("member:m", "Mara"))
    key = draft_of(entry("a")).lines[0].key
    words = {key: "Monthly report"}
    assert draft_of(entry("a"), words=words).lines[0].description == "Monthly report"
    assert draft_of(by_person, words=words).lines[0].description == "Mara"
    assert draft_of(entry("a"), words=words).lines[0].description == "Monthly report"


def test_a_line_that_came_after_the_order_was_chosen_stands_behind_the_one_it_follows() -> None:
    lines = [Line("time", name, 10_000, "h", 0, 0, "S", 2100, key=name) for name in "abcd"]
    assert [line.key for line in in_order(lines, ["d", "b"])] == ["a", "d", "b", "c"]
    assert [line.key for line in in_order(lines, ["gone"])] == ["a", "b", "c", "d"]


def test_time_that_is_held_back_draws_on_the_retainer_and_is_taken_off_the_overage_first() -> None:
    terms = RetainerTerms("r", "Growth", "hours", 0, HOUR, 0, "bill", 2_000_000)
    draft = draft_of(entry("a", 3 * HOUR, "r", held_back=HOUR + HOUR // 2), retainers=(terms,))
    assert [(line.kind, line.quantity) for line in draft.lines] == [("time", 10_000), ("overage", 5_000)]
    assert draft.balances[0][1].used == 3 * HOUR
    whole = draft_of(entry("a", 3 * HOUR, "r", held_back=3 * HOUR), retainers=(terms,))
    assert whole.lines == ()
    assert whole.balances[0][1].used == 3 * HOUR


def test_what_is_left_of_an_entry_is_what_gets_rounded() -> None:
    policy = RoundingPolicy("up", 1800, "entry")
    line = draft_of(entry("a", 2 * HOUR, held_back=600), rounding=policy).lines[0]
    assert (line.work[0].seconds, line.work[0].billed_seconds, line.quantity) == (2 * HOUR - 600, 2 * HOUR, 20_000)


TREATMENTS = st.sampled_from([None, Treatment("S", 900), Treatment("E", 0, "Art. 44"), Treatment("Z", 0)])
ITEMS = st.builds(
    lambda number, kind, price, quantity, markup, amount, percent, on_line, treatment: Item(
        id=str(number),
        kind=kind,
        description=f"Added {number}",
        price=price if kind in ("fixed", "expense", "media") else 0,
        quantity=quantity,
        markup=markup,
        amount_minor=0 if percent else amount,
        percent=percent,
        line_key="time:Reporting:1000000:" if on_line else "",
        treatment=None if on_line else treatment,
    ),
    st.integers(0, 10**6),
    st.sampled_from(["fixed", "expense", "media", "discount", "surcharge", "prepayment"]),
    st.integers(0, 10**9),
    st.integers(1, 10**6),
    st.integers(0, 5000),
    st.integers(0, 10**6),
    st.none() | st.integers(1, 9_000),
    st.booleans(),
    TREATMENTS,
)


@pytest.mark.parametrize("currency", ["EUR", "JPY", "BHD"])
@given(items=st.lists(ITEMS, max_size=12, unique_by=lambda item: item.id), held=st.integers(0, 7 * HOUR))
def test_every_identity_holds_whatever_is_added(currency: str, items: list[Item], held: int) -> None:
    draft = build_draft(
        currency=currency,
        vat_category="S",
        vat_rate=2100,
        rounding=RoundingPolicy(),
        retainers=(),
        entries=(entry("a", 7 * HOUR, held_back=held), entry("b", 1234)),
        additions=Additions(tuple(items)),
    )
    assert findings(draft) == []
    assert sum(work.seconds for line in draft.lines for work in line.work) == 7 * HOUR + 1234 - held


def test_nothing_added_leaves_lines_as_they_are() -> None:
    line = Line("fee", "Fee", 10_000, "month", 1_000_000, 10_000, "S", 2100, key="fee:r")
    done = complete([line], "EUR", USUAL, Additions())
    assert (done.lines, done.adjustments, done.loose) == ((line,), (), ())
