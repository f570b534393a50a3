"""The draft invoice: every line multiplies out, and every second and cent on it traces to an entry."""

import time
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.draft import Draft, DraftError, RetainerTerms, WorkEntry, build_draft
from agency_app.domain.invoice import Line, check_invoice, line_net, quantity_of
from agency_app.domain.rounding import RoundingPolicy, round_seconds

HOUR = 3600
NO_ROUNDING = RoundingPolicy()
RETAINER = RetainerTerms("r", "Growth", "hours", 0, 10 * HOUR, 0, "bill", 2_000_000)


def entry(identifier: str, seconds: int, retainer_id: str | None = "r", **changes: Any) -> WorkEntry:
    """An hour-priced piece of reporting on 3 March, changed as told."""
    base = WorkEntry(identifier, date(2025, 3, 3), None, seconds, "Reporting", 2, 1_000_000, retainer_id)
    return base._replace(**changes)


def draft_of(
    entries: list[WorkEntry], *retainers: RetainerTerms, rounding: RoundingPolicy = NO_ROUNDING, **options: Any
) -> Draft:
    return build_draft(
        currency=options.pop("currency", "EUR"),
        vat_category="S",
        vat_rate=2000,
        rounding=rounding,
        retainers=retainers,
        entries=entries,
        **options,
    )


def test_included_hours_are_billed_by_activity_and_the_rest_as_overage() -> None:
    draft = draft_of(
        [
            entry("a", 6 * HOUR),
            entry("b", 2 * HOUR, activity="Strategy call", activity_position=1, work_date=date(2025, 3, 4)),
            entry("c", 3 * HOUR, work_date=date(2025, 3, 5)),
        ],
        RETAINER,
    )
    assert [(line.kind, line.description, line.quantity, line.net_minor) for line in draft.lines] == [
        ("time", "Strategy call", 20_000, 20_000),
        ("time", "Reporting", 80_000, 80_000),
        ("overage", "Overage", 10_000, 20_000),
    ]
    assert [[(work.entry_id, work.seconds) for work in line.work] for line in draft.lines] == [
        [("b", 2 * HOUR)],
        [("a", 6 * HOUR), ("c", 2 * HOUR)],
        [("c", HOUR)],
    ]
    assert draft.totals.total_minor == 144_000
    assert draft.balances[0][1].overage == HOUR


def test_a_fee_covers_the_included_work_without_a_price_for_it() -> None:
    terms = replace(RETAINER, basis="fee", fee_minor=500_000)
    fee, overage = draft_of([entry("a", 8 * HOUR), entry("b", 4 * HOUR)], terms).lines
    assert (fee.kind, fee.quantity, fee.unit, fee.price, fee.net_minor) == ("fee", 10_000, "month", 50_000_000, 500_000)
    assert [(work.entry_id, work.seconds, work.amount_minor) for work in fee.work] == [
        ("a", 8 * HOUR, 0),
        ("b", 2 * HOUR, 0),
    ]
    assert (overage.quantity, overage.net_minor) == (20_000, 40_000)


def test_a_hybrid_charges_the_fee_and_the_hours() -> None:
    terms = replace(RETAINER, basis="hybrid", fee_minor=100_000)
    time_line, fee, overage = draft_of([entry("a", 12 * HOUR)], terms).lines
    assert (time_line.kind, time_line.net_minor) == ("time", 100_000)
    assert (fee.kind, fee.net_minor, fee.work) == ("fee", 100_000, ())
    assert (overage.kind, overage.net_minor) == ("overage", 40_000)


def test_absorbed_overage_is_on_no_line_but_is_still_told() -> None:
    draft = draft_of([entry("a", 12 * HOUR)], replace(RETAINER, overage="absorb"))
    assert [line.kind for line in draft.lines] == ["time"]
    assert draft.lines[0].work[0].seconds == 10 * HOUR
    assert draft.drawn[0].overage_seconds == draft.balances[0][1].overage == 2 * HOUR


def test_a_fee_is_due_without_any_work_and_nothing_is_made_of_nothing() -> None:
    assert [line.kind for line in draft_of([], replace(RETAINER, basis="fee", fee_minor=1)).lines] == ["fee"]
    assert [line.kind for line in draft_of([], replace(RETAINER, basis="hybrid", fee_minor=1)).lines] == ["fee"]
    assert draft_of([], replace(RETAINER, basis="fee")).lines == ()
    assert draft_of([], RETAINER).lines == ()
    assert draft_of([]).totals.total_minor == 0


def test_work_under_a_fee_of_zero_is_still_traced() -> None:
    (line,) = draft_of([entry("a", HOUR)], replace(RETAINER, basis="fee")).lines
    assert (line.kind, line.net_minor, line.work[0].entry_id) == ("fee", 0, "a")


def test_work_outside_any_retainer_is_plain_time() -> None:
    draft = draft_of([entry("a", HOUR, None), entry("b", HOUR)], RETAINER)
    assert [(line.kind, line.work[0].entry_id) for line in draft.lines] == [("time", "b"), ("time", "a")]
    assert [row.entry_id for row in draft.drawn] == ["b"]


def test_with_several_retainers_fees_and_overage_carry_their_names() -> None:
    first = replace(RETAINER, basis="fee", fee_minor=1000, granted_seconds=0)
    second = replace(first, id="s", name="Brand")
    draft = draft_of([entry("a", HOUR), entry("b", HOUR, "s")], first, second, fee_description="Honorar")
    assert [line.description for line in draft.lines] == [
        "Honorar · Growth",
        "Honorar · Brand",
        "Overage · Growth",
        "Overage · Brand",
    ]


def test_lines_are_ordered_by_position_then_activity_then_rate() -> None:
    draft = draft_of(
        [
            entry("a", HOUR, None, activity="Build", rate=2_000_000),
            entry("b", HOUR, None, activity="Build"),
            entry("c", HOUR, None, activity="Audit"),
            entry("d", HOUR, None, activity="Zoom", activity_position=1),
        ]
    )
    assert [(line.description, line.price) for line in draft.lines] == [
        ("Zoom", 1_000_000),
        ("Audit", 1_000_000),
        ("Build", 1_000_000),
        ("Build", 2_000_000),
    ]


def test_entry_rounding_is_applied_once_to_an_entry_that_is_split() -> None:
    terms = replace(RETAINER, granted_seconds=600)
    included, overage = draft_of([entry("a", 1000)], terms, rounding=RoundingPolicy("up", 900, "entry")).lines
    assert (included.work[0].seconds, overage.work[0].seconds) == (600, 400)
    assert (included.work[0].billed_seconds, overage.work[0].billed_seconds) == (1080, 720)


def test_line_rounding_is_applied_to_the_sum() -> None:
    entries = [entry(name, 600, None) for name in "abc"]
    (line,) = draft_of(entries, rounding=RoundingPolicy("up", 3600, "line")).lines
    assert line.quantity == 10_000
    assert [(work.seconds, work.billed_seconds) for work in line.work] == [(600, 1200)] * 3


def test_a_line_rounded_down_to_nothing_is_left_out() -> None:
    assert draft_of([entry("a", 600, None)], rounding=RoundingPolicy("down", 900, "entry")).lines == ()
    assert draft_of([entry("a", 600, None)], rounding=RoundingPolicy("down", 900, "line")).lines == ()


def test_an_entry_without_time_is_on_no_line() -> None:
    draft = draft_of([entry("a", 0), entry("b", 0, None), entry("c", 60, None)], RETAINER)
    assert [[work.entry_id for work in line.work] for line in draft.lines] == [["c"]]


def test_six_times_ten_minutes_are_one_hour() -> None:
    (line,) = draft_of([entry(name, 600, None) for name in "abcdef"]).lines
    assert (line.quantity, line.net_minor) == (10_000, 10_000)
    assert [work.amount_minor for work in line.work] == [1667, 1667, 1667, 1667, 1666, 1666]


def test_a_currency_without_cents_and_one_with_thousandths() -> None:
    terms = replace(RETAINER, basis="fee", fee_minor=500_000)
    for currency in ("JPY", "BHD"):
        draft = draft_of([entry("a", 11 * HOUR)], terms, currency=currency)
        assert draft.lines[0].net_minor == 500_000
        assert check_invoice(draft.lines, draft.totals, currency) == []


@pytest.mark.parametrize(
    ("entries", "retainers", "message"),
    [
        ([entry("a", 60), entry("a", 60)], [RETAINER], "Entry a is given twice"),
        ([entry("a", -60)], [RETAINER], "Entry a has a negative"),
        ([entry("a", 60, rate=-1)], [RETAINER], "Entry a has a negative"),
        ([entry("a", 60, "lost")], [RETAINER], "retainer lost"),
        ([], [RETAINER, RETAINER], "A retainer is given twice"),
        ([], [replace(RETAINER, fee_minor=-1)], "Growth has a negative"),
    ],
)
def test_input_that_does_not_fit_is_refused_by_name(
    entries: list[WorkEntry], retainers: list[RetainerTerms], message: str
) -> None:
    with pytest.raises(DraftError, match=message):
        draft_of(entries, *retainers)


@st.composite
def cases(draw_value: st.DrawFn) -> tuple[list[WorkEntry], list[RetainerTerms], RoundingPolicy]:
    """Any agreement of up to three retainers, any entries, any rounding."""
    retainers = [
        RetainerTerms(
            id=f"r{index}",
            name=f"Retainer {index}",
            basis=draw_value(st.sampled_from(("hours", "fee", "hybrid"))),
            fee_minor=draw_value(st.integers(0, 10**6)),
            granted_seconds=draw_value(st.integers(0, 30_000)),
            rolled_in_seconds=draw_value(st.integers(-5_000, 5_000)),
            overage=draw_value(st.sampled_from(("bill", "absorb"))),
            overage_rate=draw_value(st.integers(0, 3_000_000)),
        )
        for index in range(draw_value(st.integers(0, 3)))
    ]
    owners = st.sampled_from([None, *(terms.id for terms in retainers)])
    entries: list[WorkEntry] = []
    for index in range(draw_value(st.integers(0, 15))):
        day, hour = date(2025, 3, draw_value(st.integers(1, 5))), draw_value(st.none() | st.integers(8, 17))
        started_at = None if hour is None else datetime(2025, 3, day.day, hour, tzinfo=UTC)
        activity = draw_value(st.sampled_from(("Reporting", "Build", "Audit")))
        seconds, rate = draw_value(st.integers(0, 15_000)), draw_value(st.sampled_from((0, 625_000, 1_234_567)))
        entries.append(
            WorkEntry(str(index), day, started_at, seconds, activity, len(activity), rate, draw_value(owners))
        )
    mode = draw_value(st.sampled_from(("none", "up", "down", "nearest")))
    scope = draw_value(st.sampled_from(("entry", "line")))
    return entries, retainers, RoundingPolicy(mode, draw_value(st.sampled_from((60, 360, 900))), scope)


def _work_by_entry(lines: tuple[Line, ...]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for line in lines:
        for work in line.work:
            raw, billed = sums[work.entry_id]
            sums[work.entry_id] = raw + work.seconds, billed + work.billed_seconds
    return sums


@given(cases())
def test_any_draft_is_exact_and_multiplies_out(
    case: tuple[list[WorkEntry], list[RetainerTerms], RoundingPolicy],
) -> None:
    entries, retainers, rounding = case
    draft = draft_of(entries, *retainers, rounding=rounding)
    assert check_invoice(draft.lines, draft.totals, "EUR") == []
    for line in draft.lines:
        assert line.quantity > 0
        assert line.net_minor == line_net(line.quantity, line.price, "EUR")
        if line.unit == "h":
            assert line.quantity == quantity_of(sum(work.billed_seconds for work in line.work))
            assert line.net_minor == sum(work.amount_minor for work in line.work)
        else:
            assert not any(work.amount_minor for work in line.work)
    assert [line.kind for line in draft.lines] == sorted(
        (line.kind for line in draft.lines), key=("time", "fee", "overage").index
    )


@given(cases())
def test_any_draft_traces_to_its_entries_and_bills_no_second_twice(
    case: tuple[list[WorkEntry], list[RetainerTerms], RoundingPolicy],
) -> None:
    entries, retainers, rounding = case
    draft = draft_of(entries, *retainers, rounding=rounding)
    by_id = {entry.id: entry for entry in entries}
    absorbing = {terms.id for terms in retainers if terms.overage == "absorb"}
    drawn = {row.entry_id: row for row in draft.drawn}
    work_by_entry = _work_by_entry(draft.lines)
    for entry_id, (raw, billed) in work_by_entry.items():
        source = by_id[entry_id]
        assert raw <= source.seconds
        if rounding.scope == "entry":
            assert billed <= round_seconds(source.seconds, rounding.mode, rounding.step_seconds)
    if rounding.mode in ("none", "up"):
        for source in entries:
            absorbed = drawn[source.id].overage_seconds if source.retainer_id in absorbing else 0
            raw, billed = work_by_entry.get(source.id, (0, 0))
            assert raw == source.seconds - absorbed
            if rounding.scope == "entry" and not absorbed:
                assert billed == round_seconds(source.seconds, rounding.mode, rounding.step_seconds)


@given(cases())
def test_balances_and_drawing_agree_with_the_entries(
    case: tuple[list[WorkEntry], list[RetainerTerms], RoundingPolicy],
) -> None:
    entries, retainers, rounding = case
    draft = draft_of(entries, *retainers, rounding=rounding)
    assert [retainer_id for retainer_id, _ in draft.balances] == [terms.id for terms in retainers]
    drawn = {row.entry_id: row for row in draft.drawn}
    assert drawn.keys() == {entry.id for entry in entries if entry.retainer_id}
    for retainer_id, balance in draft.balances:
        own = [entry for entry in entries if entry.retainer_id == retainer_id]
        assert balance.used == sum(entry.seconds for entry in own)
        assert balance.granted + balance.rolled_in == (balance.used - balance.overage) + balance.remaining
        if balance.available >= 0:
            assert balance.overage == sum(drawn[entry.id].overage_seconds for entry in own)


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_entries_come_in_does_not_matter(
    case: tuple[list[WorkEntry], list[RetainerTerms], RoundingPolicy], random: Any
) -> None:
    entries, retainers, rounding = case
    shuffled = entries[:]
    random.shuffle(shuffled)
    assert draft_of(shuffled, *retainers, rounding=rounding) == draft_of(entries, *retainers, rounding=rounding)


def test_work_grows_in_step_with_the_number_of_entries() -> None:
    def seconds_for(count: int) -> float:
        entries = [entry(f"{index:05d}", 600 + index % 7, "r" if index % 2 else None) for index in range(count)]
        best = float("inf")
        for _ in range(5):
            started = time.perf_counter()
            draft_of(entries, RETAINER)
            best = min(best, time.perf_counter() - started)
        return best

    # Ten times the entries would take a hundred times as long in a quadratic loop; 40 leaves room for a busy machine.
    assert seconds_for(10_000) < 40 * seconds_for(1_000)
