"""Properties: no bytes break the importer, every row is accounted for, and what was written is read back."""

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from agency_app.connectors.importers import Export, ExportError, read_export
from agency_app.connectors.importers.kimai import POSITIONS
from agency_app.domain.kept_days import is_kept
from tests.connectors.test_importers_rules import CLOCKIFY, HARVEST, KIMAI, SOLIDTIME, TOGGL

HEADINGS = [TOGGL, TOGGL + ",Amount (EUR)", CLOCKIFY, CLOCKIFY + ",Duration (h),Type", HARVEST, KIMAI, SOLIDTIME]
HEADINGS.append(",".join(f"x{n}" if name != "category" else name for n, name in enumerate(POSITIONS)))
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"])
CELLS = st.one_of(
    st.text(max_size=8),
    st.from_regex(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( [AP]M)?", fullmatch=True),
    st.from_regex(r"-?[0-9]{1,4}:[0-9]{2}:[0-9]{2}", fullmatch=True),
    st.from_regex(r"-?[0-9.,]{1,14}", fullmatch=True),
    st.dates().map(str),
    st.dates().map(lambda day: f"{day:%d/%m/}{day.year:04}"),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.sampled_from(["", "Yes", "no", "1", "Mira", "EUR", "9999-12-31", "9999-12-31T23:59:59-12:00", '"']),
)  # fmt: skip
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)
TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from('\n",;\\')), max_size=30)
MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30))
"""In any zone on a kept day, up to a day long."""
TAGS = st.lists(st.from_regex(r"[a-zé]{1,8}", fullmatch=True), max_size=3)


def assert_every_row_is_accounted_for(export: Export):
    assert len(export.rows) + len(export.rejected) == export.rows_total
    assert len({row.key for row in export.rows}) == len(export.rows)
    for row in export.rows:
        assert row.user
        assert is_kept(row.work_date)
        assert 0 <= row.seconds <= 24 * 3600
        for instant in (row.start, row.end):
            assert instant is None or instant.utcoffset() == timedelta(0)
        assert row.start is None or row.end is None or row.start <= row.end


@given(st.binary(max_size=300), ZONES)
def test_garbage_raises_nothing_but_export_error(data: bytes, zone: str):
    with suppress(ExportError):
        assert_every_row_is_accounted_for(read_export(data, zone))


@given(st.sampled_from(HEADINGS), st.binary(max_size=200), ZONES)
def test_garbage_under_a_known_heading_raises_nothing_but_export_error(heading: str, data: bytes, zone: str):
    with suppress(ExportError):
        assert_every_row_is_accounted_for(read_export(heading.encode() + b"\n" + data, zone))


@settings(max_examples=300)
@given(st.data(), st.sampled_from(HEADINGS), ZONES, st.sampled_from([None, "day", "month"]))
def test_almost_plausible_rows_raise_nothing_but_export_error(data: st.DataObject, heading: str, zone: str, order):
    width = len(heading.split(","))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width - 1, max_size=width + 1), max_size=3))
    with suppress(ExportError):
        assert_every_row_is_accounted_for(read_export(written(heading.split(","), rows), zone, order))


@given(
    st.lists(
        st.tuples(
            WORDS.filter(bool), WORDS, TEXTS, st.booleans(), TAGS,
            MOMENTS, st.integers(0, 24 * 3600),
        ),
        max_size=4,
    ),
    ZONES,
)  # fmt: skip
def test_solidtime_rows_read_back_as_written(rows, zone: str):
    cells, expected = [], []
    for user, client, text, billable, tags, moment, seconds in rows:
        start = moment.replace(microsecond=0, tzinfo=UTC)
        end = start + timedelta(seconds=seconds)
        stamps = [f"{instant:%Y-%m-%dT%H:%M:%SZ}" for instant in (start, end)]
        cells.append([text, str(billable).lower(), client, "", ", ".join(tags), *stamps, "", user, ""])
        day = start.astimezone(ZoneInfo(zone)).date()
        expected.append((user, client or None, text.strip(), billable, tuple(tags), start, end, seconds, day))
    export = read_export(written(SOLIDTIME.split(","), cells), zone)
    assert export.rejected == ()
    assert expected == [
        (row.user, row.client, row.description, row.billable, row.tags, row.start, row.end, row.seconds, row.work_date)
        for row in export.rows
    ]


@given(MOMENTS, st.integers(0, 24 * 3600), ZONES, TEXTS)
def test_a_toggl_row_written_from_two_instants_reads_back_as_them_in_any_zone(
    moment, seconds: int, zone: str, text: str
):
    start = moment.replace(microsecond=0, tzinfo=UTC)
    end = start + timedelta(seconds=seconds)
    first, last = (instant.astimezone(ZoneInfo(zone)) for instant in (start, end))
    hours, rest = divmod(seconds, 3600)
    duration = f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
    clocks = [f"{first:%Y-%m-%d}", f"{first:%H:%M:%S}", f"{last:%Y-%m-%d}", f"{last:%H:%M:%S}"]
    export = read_export(
        written(TOGGL.split(","), [["Mira", "", "", "", "", text, "Yes", *clocks, duration, ""]], "\r\n"), zone
    )
    [row] = export.rows
    assert (row.seconds, row.work_date, row.description) == (seconds, first.date(), text.strip())
    assert row.start is not None
    assert row.end is not None
    assert (row.end - row.start).total_seconds() == seconds
    # Where the clocks repeat an hour, both readings of a span inside it fit the duration; the earlier is taken.
    ambiguous = first.replace(fold=0).utcoffset() != first.replace(fold=1).utcoffset()
    assert row.start == start or (ambiguous and row.start < start)


@given(st.permutations(range(10)), st.integers(0, 5))
def test_keys_do_not_depend_on_the_order_of_columns_or_the_line(order: list[int], blank_lines: int):
    heading = SOLIDTIME.split(",")
    cells = [
        "Feed",
        "true",
        "Tern",
        "Ads",
        "x, y",
        "2026-11-02T08:00:00Z",
        "2026-11-02T09:00:00Z",
        "Build",
        "Mira",
        "m@x",
    ]
    plain = read_export(written(heading, [cells]), "UTC")
    moved = read_export(
        b"\n" * blank_lines + written([heading[at] for at in order], [[cells[at] for at in order]]), "UTC"
    )
    assert [row.key for row in plain.rows] == [row.key for row in moved.rows]


def written(heading: Sequence[str], rows: Sequence[Sequence[str]], newline: str = "\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerows([heading, *rows])
    return text.getvalue().encode("utf-8", errors="ignore")
