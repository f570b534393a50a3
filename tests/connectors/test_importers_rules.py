"""The rules the samples do not show: hard files, clock changes, number formats, keys."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agency_app.connectors.importers import Export, ExportError, read_export

EXPORTS = Path(__file__).parent / "exports"
TOGGL = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags"
CLOCKIFY = "Project,Client,Description,Task,User,Email,Tags,Billable,Start Date,Start Time,End Date,End Time"
HARVEST = "Date,Client,Project,Task,Notes,Hours,Billable?,Invoiced?,First Name,Last Name,Billable Rate,Currency"
SOLIDTIME = "description,billable,client,project,tags,start,end,task,user_name,user_email"
KIMAI = (EXPORTS / "kimai_export_en.csv").read_text(encoding="utf-8").splitlines()[0]


def read(heading: str, *rows: str, zone: str = "Europe/Berlin", date_order=None) -> Export:
    return read_export("\n".join([heading, *rows]).encode(), zone, date_order)


def toggl(start: str, end: str, duration: str, description: str = "Work", tags: str = "") -> str:
    start_date, start_time = start.split()
    end_date, end_time = end.split()
    clocks = f"{start_date},{start_time},{end_date},{end_time}"
    return f"Mira,m@x.example,Tern,Ads,,{description},Yes,{clocks},{duration},{tags}"


def clockify(start: str, end: str, start_time: str = "10:00", end_time: str = "11:00") -> str:
    return f"Ads,Tern,Work,,Mira,m@x.example,,Yes,{start},{start_time},{end},{end_time}"


def kimai(day: str, start: str, end: str, duration: str, kind: str = "timesheet,work") -> str:
    return f"{day},{start},{end},{duration},EUR,0,0,0,0,Mira,mira,,,Tern,Ads,Search,,1,,{kind},,,,"


def harvest(hours: str) -> str:
    return f'2026-11-02,Tern,Ads,Search,,"{hours}",Yes,No,Mira,Olsen,"90,0",Euro - EUR'


def codes(faults) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in faults]


# Files that cannot be read


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\n\n,,\n", "empty"),
        (b"a,b\n1,2\n", "no known time export"),
        (TOGGL.encode() + b"\nM\xfcller", "UTF-8"),
        (b"PK\x03\x04\x00\x00", "not a CSV"),
        (b"User,Start date,Start time\nMira,2026-11-02,10:00\n", "no column 'duration \\(h\\)' or 'end time'"),
        (b"id,description,start,end,billable,member_id,user_id\n", "ids, not names"),
        (b"Client,Project,Project Code,Start Date,End Date,Total Hours,Budget By\n", "projects report"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(data: bytes, says: str):
    with pytest.raises(ExportError, match=says):
        read_export(data, "Europe/Berlin")


@pytest.mark.parametrize("zone", ["", "Europe", "Mars/Olympus", "../etc/passwd", "a\x00b"])
def test_an_unknown_zone_is_refused(zone: str):
    with pytest.raises(ExportError, match="time zone"):
        read(TOGGL, zone=zone)


def test_a_heading_alone_is_an_export_without_rows():
    export = read(TOGGL)
    assert (export.rows_total, export.rows, export.rejected) == (0, (), ())


# Tables


def test_utf16_with_tabs_reads_like_utf8_with_commas():
    row = toggl("2026-11-02 09:00:00", "2026-11-02 10:00:00", "01:00:00", "Grüße")
    [plain] = read(TOGGL, row).rows
    text = "\r\n".join([TOGGL, row]).replace(",", "\t")
    export = read_export(text.encode("utf-16"), "Europe/Berlin")
    assert (export.rows, export.newline, export.bom) == ((plain,), "CRLF", True)


def test_lines_are_physical_lines_across_cells_with_line_breaks_and_blank_lines():
    broken = toggl("2026-11-02 09:00:00", "2026-11-02 10:00:00", "01:00:00", '"one\r\ntwo\r\n\r\nthree"')
    after = toggl("2026-11-02 10:00:00", "2026-11-02 11:00:00", "soon")
    export = read(TOGGL, broken, "", after)
    assert export.rows[0].line == 2
    assert export.rows[0].description == "one\ntwo\n\nthree"
    assert codes(export.rejected) == [(7, "invalid_duration")]


def test_a_quote_left_open_spoils_its_row_at_most():
    good = toggl("2026-11-02 09:00:00", "2026-11-02 10:00:00", "01:00:00", '"A ""quoted"" word"')
    open_quote = toggl("2026-11-02 10:00:00", "2026-11-02 11:00:00", "01:00:00", '"never closed')
    export = read(TOGGL, open_quote, good, good)
    assert [row.description for row in export.rows] == ['"never closed', 'A "quoted" word', 'A "quoted" word']


def test_a_row_with_too_many_cells_is_rejected_because_its_cells_have_shifted():
    good = toggl("2026-11-02 09:00:00", "2026-11-02 10:00:00", "01:00:00")
    export = read(TOGGL, good + ",stray", good + ",")
    assert codes(export.rejected) == [(2, "too_many_cells")]
    assert len(export.rows) == 1


def test_a_row_cut_short_before_its_date_is_rejected_and_the_rest_goes_on():
    export = read(TOGGL, "Mira,m@x.example", toggl("2026-11-02 09:00:00", "2026-11-02 10:00:00", "01:00:00"))
    assert codes(export.rejected) == [(2, "invalid_duration")]
    assert (len(export.rows), export.warnings) == (1, ())


def test_a_separator_hint_above_the_heading_counts_as_a_line():
    export = read("sep=;", TOGGL.replace(",", ";"), "a;b")
    assert codes(export.rejected) == [(3, "invalid_duration")]


# Dates


def test_dates_that_prove_no_order_make_the_file_ask_for_one():
    with pytest.raises(ExportError, match="--date-order day or --date-order month"):
        read(CLOCKIFY, clockify("02/11/2026", "02/11/2026"))


@pytest.mark.parametrize(("order", "month"), [("day", 11), ("month", 2)])
def test_an_order_passed_settles_ambiguous_dates(order, month: int):
    export = read(CLOCKIFY, clockify("02/11/2026", "02/11/2026"), date_order=order)
    assert (export.rows[0].work_date.month, export.date_order) == (month, order)


def test_an_order_passed_against_the_proof_of_the_file_is_refused():
    with pytest.raises(ExportError, match="line 3 has 13/11/2026, so the day comes first"):
        read(CLOCKIFY, clockify("02/11/2026", "02/11/2026"), clockify("13/11/2026", "13/11/2026"), date_order="month")


def test_a_file_that_mixes_orders_asks_and_then_rejects_what_does_not_fit():
    rows = clockify("11/13/2026", "11/13/2026"), clockify("13/11/2026", "13/11/2026")
    with pytest.raises(ExportError, match="mixes date orders"):
        read(CLOCKIFY, *rows)
    assert codes(read(CLOCKIFY, *rows, date_order="month").rejected) == [(3, "invalid_date")]


@pytest.mark.parametrize(("year", "kept"), [("1999", False), ("2000", True), ("2099", True), ("2100", False)])
def test_a_day_of_another_century_is_a_bad_row_of_every_format(year: str, kept: bool):
    day = f"{year}-06-01"
    for heading, row in (
        (TOGGL, toggl(f"{day} 09:00:00", f"{day} 10:00:00", "01:00:00")),
        (CLOCKIFY, clockify(day, day)),
        (HARVEST, harvest("1,0").replace("2026-11-02", day)),
        (SOLIDTIME, f"Feed,true,Tern,Ads,,{day}T08:00:00Z,{day}T09:00:00Z,Build,Mira,m@x"),
        (KIMAI, kimai(day, "09:00", "10:00", "1:00")),
    ):
        export = read(heading, row)
        assert (len(export.rows), codes(export.rejected)) == ((1, []) if kept else (0, [(2, "day_not_kept")]))
        reason = f"{day} is not in the years 2000 to 2099. Correct the date in the source."
        assert [fault.reason for fault in export.rejected] == ([] if kept else [reason])


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"])
def test_the_first_and_last_days_of_the_calendar_overflow_in_no_zone(instant: str):
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        row = f"Feed,true,Tern,Ads,,{instant},{instant},Build,Mira,m@x"
        assert codes(read(SOLIDTIME, row, zone=zone).rejected) == [(2, "day_not_kept")]


def test_the_day_that_counts_is_that_of_the_start_in_the_zone_of_the_import():
    night = "Feed,true,Tern,Ads,,2099-12-31T23:30:00Z,2100-01-01T00:30:00Z,Build,Mira,m@x"
    assert read(SOLIDTIME, night, zone="UTC").rejected == ()
    assert codes(read(SOLIDTIME, night, zone="Europe/Berlin").rejected) == [(2, "day_not_kept")]
    late = toggl("2099-12-31 23:30:00", "2100-01-01 00:30:00", "01:00:00")
    assert read(TOGGL, late).rejected == ()


def test_dates_that_read_the_same_in_both_orders_need_no_answer():
    assert read(CLOCKIFY, clockify("05/05/2026", "05/05/2026")).rows[0].work_date.isoformat() == "2026-05-05"


@pytest.mark.parametrize(
    ("shown", "hour"), [("12:00 AM", 0), ("12:00 PM", 12), ("1:00\u202fpm", 13), ("11:00 a.m.", 11), ("23:00", 23)]
)
def test_clock_times_of_12_and_24_hours(shown: str, hour: int):
    [row] = read(CLOCKIFY, clockify("2026-11-02", "2026-11-03", shown, "00:00")).rows
    assert row.local_start == f"2026-11-02T{hour:02}:00:00"


@pytest.mark.parametrize("shown", ["13:00 PM", "0:00 AM", "24:00", "10:60", "ten", "١٠:٠٠"])
def test_impossible_clock_times_are_rejected(shown: str):
    assert codes(read(CLOCKIFY, clockify("2026-11-02", "2026-11-02", shown)).rejected) == [(2, "invalid_time")]


# Durations


@pytest.mark.parametrize(
    ("start", "end", "duration", "code"),
    [
        ("2026-11-02 09:00:00", "2026-11-02 10:00:00", "-01:00:00", "negative_duration"),
        ("2026-11-02 09:00:00", "2026-11-02 08:00:00", "01:00:00", "negative_duration"),
        ("2026-11-02 09:00:00", "2026-11-03 09:00:01", "24:00:01", "over_24_hours"),
        ("2026-11-02 09:00:00", "2026-11-02 10:00:00", "1 hour", "invalid_duration"),
    ],
)
def test_impossible_durations_are_rejected(start: str, end: str, duration: str, code: str):
    assert codes(read(TOGGL, toggl(start, end, duration)).rejected) == [(2, code)]


def test_exactly_24_hours_are_kept():
    [row] = read(TOGGL, toggl("2026-11-02 09:00:00", "2026-11-03 09:00:00", "24:00:00")).rows
    assert row.seconds == 86400


def test_an_end_before_the_start_without_a_duration_column_is_rejected():
    assert codes(read(CLOCKIFY, clockify("2026-11-02", "2026-11-01")).rejected) == [(2, "negative_duration")]
    assert codes(read(CLOCKIFY, clockify("2026-11-02", "2026-11-04")).rejected) == [(2, "over_24_hours")]


def test_harvest_hours_below_zero_and_over_24_are_rejected():
    export = read(HARVEST, harvest("-1,5"), harvest("24,01"), harvest("24,00"), harvest(""), harvest("x"))
    expected = ["negative_duration", "over_24_hours", "invalid_duration", "invalid_number"]
    assert [fault.code for fault in export.rejected] == expected


def test_solidtime_instants_keep_their_offset_and_running_entries_are_rejected():
    export = read(
        SOLIDTIME,
        "A,true,,,,2026-11-02T23:30:00-05:00,2026-11-03T00:30:00-05:00,,Mira,",
        "B,true,,,,2026-11-02T08:00:00Z,,,Mira,",
        "C,true,,,,2026-11-02T08:00:00Z,2026-11-02T07:00:00Z,,Mira,",
        "D,true,,,,2026-11-02T08:00:00,2026-11-02T09:00:00,,Mira,",
        "E,maybe,,,,2026-11-02T08:00:00Z,2026-11-02T09:00:00Z,,Mira,",
        "F,true,,,,2026-11-02T08:00:00Z,2026-11-02T09:00:00Z,,,",
    )
    assert export.rows[0].start == datetime(2026, 11, 3, 4, 30, tzinfo=UTC)
    assert [fault.code for fault in export.rejected] == [
        "still_running", "negative_duration", "invalid_time", "invalid_boolean", "missing_user",
    ]  # fmt: skip


# Clock changes, Europe/Berlin: 29 March 2026 02:00 becomes 03:00, 25 October 2026 03:00 becomes 02:00


@pytest.mark.parametrize(
    ("start", "end", "duration", "start_utc", "end_utc"),
    [
        ("2026-10-25 02:50:00", "2026-10-25 02:10:00", "00:20:00", (0, 50), (1, 10)),
        ("2026-10-25 02:10:00", "2026-10-25 02:50:00", "00:40:00", (0, 10), (0, 50)),
        ("2026-10-25 02:10:00", "2026-10-25 02:50:00", "01:40:00", (0, 10), (1, 50)),
        ("2026-10-25 02:30:00", "2026-10-25 03:30:00", "01:00:00", (1, 30), (2, 30)),
        ("2026-10-25 02:30:00", "2026-10-25 03:30:00", "02:00:00", (0, 30), (2, 30)),
        ("2026-03-29 01:30:00", "2026-03-29 03:30:00", "01:00:00", (0, 30), (1, 30)),
        ("2026-03-29 02:30:00", "2026-03-29 04:00:00", "00:30:00", (1, 30), (2, 0)),
    ],
)
def test_the_reading_of_a_clock_change_is_the_one_that_fits_the_duration(start, end, duration, start_utc, end_utc):
    [row] = read(TOGGL, toggl(start, end, duration)).rows
    assert row.start is not None
    assert row.end is not None
    assert ((row.start.hour, row.start.minute), (row.end.hour, row.end.minute)) == (start_utc, end_utc)
    assert (row.end - row.start).total_seconds() == row.seconds


def test_without_a_duration_column_an_ambiguous_hour_is_kept_with_a_warning():
    export = read(CLOCKIFY, clockify("2026-10-25", "2026-10-25", "02:10", "02:50"))
    assert export.rows[0].seconds == 40 * 60
    assert codes(export.warnings) == [(2, "ambiguous_clock_time")]


def test_clock_times_without_seconds_may_hide_less_than_a_minute():
    row = clockify("2026-11-02", "2026-11-02", "10:00 AM", "11:00 AM")
    heading = CLOCKIFY + ",Duration (h)"
    assert read(heading, row + ",01:00:40").warnings == ()
    assert codes(read(heading, row + ",01:01:00").warnings) == [(2, "wall_clock_differs_from_duration")]


# Kimai


FRENCH = (
    "Date,De,À,Durée,Devise,Prix,Prix interne,Tarif horaire,Prix fixe,Nom,Utilisateur,Courriel,Matricule,Client,"
    "Projet,Activité,Description,Facturable,Mots-clés,Type,category,Compte,Numéro,TVA,Commande"
)


def test_kimai_in_another_language_is_read_by_position_with_extra_columns_after():
    lines = (EXPORTS / "kimai_export_en.csv").read_text(encoding="utf-8").splitlines()
    english = read(*lines)
    export = read(FRENCH + ",Extra", *(f"{line},more" for line in lines[1:]))
    assert (export.format, export.language) == ("kimai.csv", None)
    assert export.rows == english.rows
    assert codes(export.warnings) == [(1, "read_by_position"), *codes(english.warnings)]


@pytest.mark.parametrize(
    ("column", "moved_to"),
    [
        pytest.param("Type", 13, id="a column before Client"),
        pytest.param("Facturable", 24, id="Billable at the end"),
        pytest.param("Courriel", 12, id="E-mail and staff number swapped"),
        pytest.param("Prix fixe", None, id="a price left out"),
        pytest.param("Client", None, id="Client left out"),
    ],
)
def test_kimai_in_another_language_with_other_columns_is_refused_and_names_the_two_languages(
    column: str, moved_to: int | None
):
    columns: list[str] = [*FRENCH.split(",")]

    def rearranged(line: str) -> str:
        cells = line.split(",")
        cell = cells.pop(columns.index(column))
        if moved_to is not None:
            cells.insert(moved_to, cell)
        return ",".join(cells)

    row = kimai("2026-11-02", "09:00", "10:00", "1").replace("mira,,", "mira,m@x.example,M-1")
    assert read(FRENCH, row).rows
    with pytest.raises(ExportError, match="English or German"):
        read(rearranged(FRENCH), rearranged(row))


# Whose time it is


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        (TOGGL, toggl("2026-11-02 09:00:00", "2026-11-02 10:00:00", "01:00:00").replace("Mira,m@x.example", ",")),
        (CLOCKIFY, clockify("2026-11-02", "2026-11-02").replace("Mira,m@x.example", ",")),
        (HARVEST, harvest("1").replace("Mira,Olsen", ",")),
        (KIMAI, kimai("2026-11-02", "09:00", "10:00", "1").replace("Mira,mira", ",")),
        (SOLIDTIME, "A,true,,,,2026-11-02T08:00:00Z,2026-11-02T09:00:00Z,,,"),
        (SOLIDTIME.removesuffix(",user_name,user_email"), "A,true,,,,2026-11-02T08:00:00Z,2026-11-02T09:00:00Z,"),
    ],
    ids=["toggl", "clockify", "harvest", "kimai", "solidtime", "no such column"],
)
def test_rows_that_name_nobody_are_read_when_the_time_is_one_persons(heading: str, row: str):
    [read_row] = read_export(f"{heading}\n{row}".encode(), "Europe/Berlin", one_person=True).rows
    assert (read_row.user, read_row.seconds) == ("", 3600)
    with suppress(ExportError):
        assert [fault.code for fault in read(heading, row).rejected] == ["missing_user"]


def test_25_columns_of_another_shape_are_not_taken_for_kimai():
    with pytest.raises(ExportError, match="no known time export"):
        read(",".join(f"c{n}" for n in range(25)), ",".join("1" for _ in range(25)))


@pytest.mark.parametrize(
    ("durations", "seconds"),
    [(("1", "2"), [3600, 7200]), (("3600", "7200"), [3600, 7200]), (("1:00", "2:00"), [3600, 7200])],
)
def test_kimai_durations_in_hours_seconds_or_h_mm(durations: tuple[str, str], seconds: list[int]):
    rows = kimai("2026-11-02", "09:00", "10:00", durations[0]), kimai("2026-11-02", "10:00", "12:00", durations[1])
    assert [row.seconds for row in read(KIMAI, *rows).rows] == seconds


def test_kimai_over_the_repeated_hour_uses_the_time_that_really_passed():
    export = read(KIMAI, kimai("2026-10-25", "01:30", "03:30", "3"), kimai("2026-10-25", "02:50", "02:10", "0.33"))
    assert [row.seconds for row in export.rows] == [3 * 3600, 20 * 60]
    assert export.warnings == ()


def test_kimai_absences_expenses_and_running_entries_are_rejected():
    export = read(
        KIMAI,
        kimai("2026-11-02", "09:00", "10:00", "1", "timesheet,holiday"),
        kimai("2026-11-02", "09:00", "10:00", "1", "expense,work"),
        kimai("2026-11-02", "09:00", "", "0"),
        kimai("2026-11-02", "09:00", "10:00", "-1.5"),
        kimai("2026-11-02", "09:00", "10:00", "25.5"),
    )
    assert [fault.code for fault in export.rejected] == [
        "not_work", "not_work", "still_running", "negative_duration", "over_24_hours",
    ]  # fmt: skip


def test_kimai_unambiguous_headings_may_come_in_any_order():
    lines = (EXPORTS / "kimai_export_en.csv").read_text(encoding="utf-8").splitlines()
    turned = [",".join(reversed(line.split(","))) for line in (lines[0], lines[2], lines[4])]
    kept = {row.key for row in read(lines[0], lines[2], lines[4]).rows}
    assert {row.key for row in read(*turned).rows} == kept


# Numbers and money


def test_a_number_in_the_other_decimal_format_is_rejected_and_never_read_as_ten_times_as_much():
    export = read(HARVEST, harvest("1,5"), harvest("1.5"), harvest("2,25"))
    assert [row.seconds for row in export.rows] == [5400, 8100]
    assert codes(export.rejected) == [(3, "invalid_number")]


def test_rows_in_several_currencies_keep_their_own_and_the_file_has_none():
    export = read(HARVEST, harvest("1,5"), harvest("1,5").replace("Euro - EUR", "US Dollar - USD"))
    assert [row.currency for row in export.rows] == ["EUR", "USD"]
    assert export.currency is None


def test_a_missing_billable_column_is_said_once_and_bills_nothing():
    export = read(
        "User,Start date,Start time,End date,End time,Duration", "Mira,2026-11-02,09:00:00,2026-11-02,10:00:00,01:00:00"
    )
    assert codes(export.warnings) == [(1, "billable_missing")]
    assert export.billable_seconds == 0


# Keys


def test_the_same_clockify_data_in_another_date_and_time_format_has_the_same_keys():
    american = read(CLOCKIFY, clockify("11/13/2026", "11/13/2026", "1:00:00 PM", "2:00:00 PM"))
    european = read(CLOCKIFY, "", clockify("13/11/2026", "13/11/2026", "13:00", "14:00"))
    assert [row.key for row in american.rows] == [row.key for row in european.rows]


def test_rows_that_are_alike_are_all_kept_under_keys_of_their_own():
    row = toggl("2026-11-02 09:00:00", "2026-11-02 10:00:00", "01:00:00")
    first, second = read(TOGGL, row, row), read(TOGGL, row, row, row)
    assert len({row.key for row in second.rows}) == 3
    assert {row.key for row in first.rows} < {row.key for row in second.rows}


def test_a_row_invoiced_or_tagged_in_the_source_since_keeps_its_key():
    row = toggl("2026-11-02 09:00:00", "2026-11-02 10:00:00", "01:00:00", tags="{}")
    before, after = read(TOGGL, row.format("")), read(TOGGL, row.format("done"))
    assert before.rows[0].key == after.rows[0].key
    assert after.rows[0].tags == ("done",)


def test_a_changed_description_or_duration_is_another_row():
    keys = {
        read(TOGGL, toggl("2026-11-02 09:00:00", end, duration, text)).rows[0].key
        for end, duration, text in [
            ("2026-11-02 10:00:00", "01:00:00", "Work"),
            ("2026-11-02 10:00:00", "01:00:00", "Other"),
            ("2026-11-02 11:00:00", "02:00:00", "Work"),
        ]
    }
    assert len(keys) == 3
