"""The quick line's grammar: a table of lines, and what holds for any text at all."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_app.domain.durations import hours_minutes, prose
from agency_app.domain.quick_line import ENGLISH, Name, Reading, read_line, vocabulary_for
from agency_app.services.line_days import read_day

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 18, 14, 0, 30, tzinfo=AMSTERDAM)
"""A Wednesday."""

NAMES = [
    Name("client", "nw", "Northwind Coffee", ("Northwind", "Northwind Coffee B.V.")),
    Name("client", "fj", "Fjord Outdoor", ("Fjord", "")),
    Name("client", "lu", "Lumen Skincare", ("Lumen",)),
    Name("client", "su", "Summit", ()),
    Name("client", "sc", "Summer Camps", ("Camps",)),
    Name("client", "54", "Studio 54", ()),
    Name("activity", "opt", "Optimisation", ()),
    Name("activity", "build", "Campaign build", ()),
    Name("activity", "creative", "Creative", ()),
    Name("activity", "aud", "Audience testing", ()),
    Name("activity", "call", "Strategy call", ()),
    Name("activity", "rep", "Reporting", ()),
    Name("campaign", "pro", "Prospecting EU", (), "nw", "Meta"),
    Name("campaign", "gift", "Gift Box, Advantage+", (), "nw", "Meta"),
    Name("campaign", "giftvideo", "Gift Box videos", (), "nw", "TikTok"),
    Name("campaign", "serum", "Serum, always on", (), "lu", "Meta"),
    Name("platform", "Meta", "Meta", ("fb", "Facebook")),
    Name("platform", "Google Ads", "Google Ads", ("google",)),
    Name("platform", "TikTok", "TikTok", ("Tik Tok",)),
    Name("platform", "LinkedIn", "LinkedIn", ()),
]


def read(text: str, now: datetime = NOW, zone: ZoneInfo = AMSTERDAM, **answers: str) -> Reading:
    today = now.astimezone(zone).date()
    days = partial(read_day, today=today, vocabulary=ENGLISH)
    return read_line(text, NAMES, now, zone, days, answers=answers)


def shown(line: Reading, zone: ZoneInfo = AMSTERDAM) -> dict[str, Any]:
    """Return a reading as small values: ids of names, wall times of the zone."""
    values: dict[str, Any] = {
        field: name.id if (name := getattr(line, field)) else None
        for field in ("client", "activity", "campaign", "platform")
    }
    values |= {
        field: f"{value.astimezone(zone):%d %H:%M}" if (value := getattr(line, field)) else None
        for field in ("start", "end")
    }
    return values | {
        "date": line.date.isoformat(),
        "seconds": line.seconds,
        "note": line.note,
        "tags": list(line.tags),
        "unsure": {one.field: [answer.label for answer in one.candidates] for one in line.unsure},
        "fault": line.fault is not None,
    }


def asked(line: Reading) -> list[str]:
    return [one.field for one in line.unsure]


LINES: dict[str, dict[str, Any]] = {
    "2h rebalanced northwind meta yesterday 9pm": {
        "client": "nw", "platform": "Meta", "activity": "opt", "start": "17 21:00", "end": "17 23:00", "seconds": 7200,
        "date": "2026-11-17", "note": "rebalanced", "unsure": {},
    },
    "2h reviewed northwind meta yesterday 9pm": {
        "client": "nw", "platform": "Meta", "activity": None, "start": "17 21:00", "note": "reviewed",
    },
    "2h report rebalanced northwind yesterday 9pm": {
        "client": "nw", "activity": "rep", "note": "rebalanced",
    },
    "2h northwind meta optimisation yesterday 9pm": {
        "client": "nw", "platform": "Meta", "activity": "opt", "start": "17 21:00", "note": "", "unsure": {},
    },
    "45m call fjord": {
        "client": "fj", "activity": "call", "start": "18 13:15", "end": "18 14:00", "seconds": 2700, "unsure": {},
    },
    "9-10:30 report lumen #q4": {
        "client": "lu", "activity": "rep", "start": "18 09:00", "end": "18 10:30", "tags": ["q4"], "unsure": {},
    },
    "northwind opt 1h30 budget shift": {"client": "nw", "activity": "opt", "seconds": 5400, "note": "budget shift"},
    "1:30 creative lumen": {"activity": "creative", "seconds": 5400, "end": "18 14:00", "unsure": {}},
    "1,5h creative lumen": {"seconds": 5400},
    "90m creative lumen": {"seconds": 5400},
    "1 h 30 creative lumen": {"seconds": 5400},
    "2h 15 creatives lumen": {"seconds": 7200, "note": "15", "activity": "creative"},
    "9am-10:30 opt fjord": {"start": "18 09:00", "end": "18 10:30"},
    "21:00-22 opt fjord yesterday": {"start": "17 21:00", "end": "17 22:00", "unsure": {}},
    "22:30-0:30 opt fjord mon": {"start": "16 22:30", "end": "17 00:30", "date": "2026-11-16", "unsure": {}},
    "9am-5 opt fjord": {"start": "18 09:00", "end": "18 17:00"},
    "9-11pm opt fjord mon": {"start": "16 21:00", "end": "16 23:00"},
    "9-5pm opt fjord mon": {"start": "16 09:00", "end": "16 17:00"},
    "9pm-1 opt fjord mon": {"start": "16 21:00", "end": "17 01:00"},
    "from 9 to 10:30 opt fjord": {"start": "18 09:00", "end": "18 10:30"},
    "from 9 opt fjord until 10:30": {"start": "18 09:00", "end": "18 10:30", "unsure": {}},
    "2h until 1pm opt fjord": {"start": "18 11:00", "end": "18 13:00", "unsure": {}},
    "2h at 9 opt fjord": {"start": "18 09:00", "end": "18 11:00", "unsure": {}},
    "2h opt fjord 09:30": {"start": "18 09:30", "unsure": {}},
    "2h opt fjord 9:30": {"start": "18 09:30", "unsure": {}},
    "1h fjord call at noon": {"start": "18 12:00", "unsure": {}},
    "9-5 opt fjord": {"start": "18 09:00", "end": None, "unsure": {"end": ["Wed 17:00", "Thu 05:00"]}},
    "1h opt fjord 9pm": {"start": "18 21:00", "unsure": {"date": ["Tue 17 Nov 2026", "Wed 18 Nov 2026"]}},
    "1h opt fjord 9pm today": {"start": "18 21:00", "unsure": {}},
    "1h opt fjord 9am fri": {"date": "2026-11-13", "start": "13 09:00", "unsure": {}},
    "1h opt fjord 9am on last wed": {"date": "2026-11-11", "unsure": {}},
    "1h opt fjord 9am wed": {"unsure": {"date": ["Wed 18 Nov 2026", "Wed 11 Nov 2026"]}},
    "1h opt fjord 9am 3/11": {"date": "2026-11-03", "unsure": {}},
    "1h opt fjord 9am 2026-11-17": {"date": "2026-11-17", "unsure": {}},
    "1h opt fjord 9am 30 october": {"date": "2026-10-30", "unsure": {}},
    "1h opt fjord 9am 20/11": {"unsure": {"date": ["Fri 20 Nov 2026", "Thu 20 Nov 2025"]}},
    "1h opt fjord 9am tomorrow": {"date": "2026-11-19", "unsure": {"date": ["Thu 19 Nov 2026", "Wed 18 Nov 2026"]}},
    "1h opt fjord 9am 31/4": {"unsure": {"date": ["Wed 18 Nov 2026"]}},
    "1h opt fjord 9am 11/17": {"unsure": {"date": ["Tue 17 Nov 2026", "Wed 18 Nov 2026"]}},
    "1h opt fjord 9am mon tue": {"unsure": {"date": ["Mon 16 Nov 2026", "Tue 17 Nov 2026"]}},
    "2h opt fjord yesterday": {"start": None, "seconds": 7200, "unsure": {"start": ["Tue 09:00"]}},
    "opt fjord 9am": {"start": "18 09:00", "end": None, "seconds": None},
    "2h 9-10 opt fjord": {"seconds": None, "unsure": {"seconds": ["2:00 h", "1:00 h"]}},
    "1h 9-10 opt fjord": {"seconds": 3600, "unsure": {}},
    "2h fjord opt then 30m": {"seconds": None, "unsure": {"seconds": ["2:00 h", "0:30 h"]}},
    "21:00 opt fjord": {"seconds": 21 * 3600, "unsure": {"seconds": ["21:00 h"]}},
    "1h opt fjord 9am 10pm": {"unsure": {"start": ["Wed 09:00", "Wed 22:00"]}},
    "1h opt sum 9am": {"client": None, "unsure": {"client": ["Summer Camps", "Summit"]}},
    "1h opt summit 9am": {"client": "su", "unsure": {}},
    "1h opt fjord lumen 9am": {"client": None, "unsure": {"client": ["Fjord Outdoor", "Lumen Skincare"]}},
    "1h opt 9am coffee": {"client": "nw", "note": "", "unsure": {}},
    "1h opt lumen 9am coffee with Ana": {"client": "lu", "note": "coffee with Ana", "unsure": {}},
    "1h opt studio 54 9am": {"client": "54", "note": "", "unsure": {}},
    "1h opt Prospecting 9am": {"client": "nw", "campaign": "pro", "platform": "Meta", "unsure": {}},
    "1h opt northwind gift box 9am": {"campaign": None, "unsure": {"campaign": ["Gift Box videos", "Gift Box, Advantage+"]}},
    "1h opt northwind tiktok gift box 9am": {"campaign": "giftvideo", "unsure": {}},
    "1h opt fjord prospecting 9am": {"client": "fj", "campaign": None, "note": "prospecting", "unsure": {}},
    "1h opt fjord facebook 9am": {"platform": "Meta", "unsure": {}},
    "1h opt fjord google ads 9am": {"platform": "Google Ads", "note": "", "unsure": {}},
    "1h optimization fjord 9am": {"activity": "opt", "unsure": {}},
    "1h meeting for lumen - 9am": {"activity": "call", "client": "lu", "note": "", "unsure": {}},
    "1h c fjord 9am": {"activity": None, "note": "c"},
    "1h opt fjord 9am 24/7 monitoring": {"date": "2026-11-18", "note": "24/7 monitoring", "unsure": {}},
    "0h opt fjord": {"fault": True},
    "0:00 opt fjord": {"fault": True},
    "25h opt fjord": {"fault": True},
    "09:00-09:00 opt fjord": {"fault": True},
    "0:00-24:00 opt fjord mon": {"seconds": 86400, "end": "17 00:00", "unsure": {}},
}  # fmt: skip


@pytest.mark.parametrize("text", LINES)
def test_lines_are_understood_as_documented(text: str) -> None:
    found = shown(read(text))
    assert {key: found[key] for key in LINES[text]} == LINES[text]


def test_an_empty_line_asks_for_what_an_entry_needs() -> None:
    line = read("")
    assert asked(line) == ["client", "activity", "seconds"]
    assert [answer.value for answer in line.unsure[0].candidates] == ["nw", "fj", "lu", "su", "sc", "54"]
    assert (line.note, line.taken, line.sure) == ("", (), False)


def test_every_question_is_settled_by_a_candidate_of_its_own() -> None:
    for text in (*LINES, "", "call", "sum c 9pm yesterday", "gift box", "20/11"):
        line, answers = read(text), dict[str, str]()
        for _ in range(9):
            if line.sure or line.fault:
                break
            question = line.unsure[0]
            assert question.candidates, (text, question)
            answers[question.field] = question.candidates[0].value
            line = read(text, NOW, AMSTERDAM, **answers)
        assert line.sure or line.fault, (text, answers, line.unsure)


def test_an_answer_is_what_the_entry_gets() -> None:
    assert read("1h opt fjord 9am lumen", client="lu").note == "fjord"
    assert read("1h opt northwind gift box 9am", campaign="giftvideo").campaign == NAMES[14]
    assert read("1h opt northwind gift box 9am", campaign="").note == "gift box"
    night = read("9-5 opt fjord", end="2026-11-19T05:00:00+01:00")
    assert (night.seconds, night.sure) == (20 * 3600, True)
    assert shown(read("2h 9-10 opt fjord", seconds="7200"))["end"] == "18 11:00"
    assert shown(read("1h opt fjord 9pm", date="2026-11-17"))["start"] == "17 21:00"
    assert shown(read("2h opt fjord yesterday", start="2026-11-17T09:00:00+01:00"))["end"] == "17 11:00"


def test_answers_that_are_none_are_ignored() -> None:
    line = read(
        "1h opt fjord 9am", date="soon", start="0001-01-01T00:00:00+00:00", seconds="-1", client="gone", end="x"
    )
    assert (line.client, line.seconds, line.sure) == (NAMES[1], 3600, True)


def test_work_that_ends_after_midnight_began_yesterday() -> None:
    line = read("2h call fjord", now=datetime(2026, 11, 18, 0, 30, tzinfo=AMSTERDAM))
    assert (line.date, shown(line)["start"], line.sure) == (date(2026, 11, 17), "17 22:30", True)
    line = read("2h until 1am call fjord 17/11", now=NOW)
    assert [answer.label for answer in line.unsure[0].candidates] == ["Mon 16 Nov 2026", "Tue 17 Nov 2026"]
    assert shown(read("2h until 1am call fjord 17/11", now=NOW, date="2026-11-17"))["start"] == "17 23:00"


def test_a_clock_time_that_exists_twice_or_never_is_asked_for() -> None:
    twice = read("1h opt fjord 2:30am 25/10")
    assert [answer.value for answer in twice.unsure[0].candidates] == [
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:30:00+01:00",
    ]
    assert (twice.unsure[0].field, twice.start) == ("start", None)
    later = read("1h opt fjord 2:30am 25/10", start="2026-10-25T02:30:00+01:00")
    assert (later.start, later.sure) == (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True)
    never = read("1h opt fjord 2:30am 29/3")
    assert [answer.value[11:16] for answer in never.unsure[0].candidates] == ["01:30", "03:30"]
    assert asked(read("1-2:30 opt fjord 25/10")) == ["end"]


def test_days_of_23_and_25_hours_count_true_seconds() -> None:
    assert read("1:00-4:00 opt fjord 29/3").seconds == 2 * 3600
    assert read("1:00-4:00 opt fjord 25/10").seconds == 4 * 3600
    assert shown(read("3h at 1:00 opt fjord 29/3"))["end"] == "29 05:00"
    assert shown(read("3h until 4:00 opt fjord 25/10"))["start"] == "25 02:00"
    assert read("0:00-24:00 opt fjord 25/10").fault is not None


def test_times_are_those_of_the_members_zone() -> None:
    new_york = ZoneInfo("America/New_York")
    line = read("1h opt fjord 9pm yesterday", zone=new_york)
    assert (line.start, line.date) == (datetime(2026, 11, 18, 2, tzinfo=UTC), date(2026, 11, 17))


def test_words_that_were_understood_are_kept_apart_from_the_note() -> None:
    line = read("wrote the report for lumen, 9-10:30 yesterday #q4 #Launch")
    assert line.note == "wrote the"
    assert [(one.field, one.text) for one in line.taken] == [
        ("activity", "report"),
        ("separator", "for"),
        ("client", "lumen,"),
        ("start", "9-10:30"),
        ("date", "yesterday"),
        ("tag", "#q4"),
        ("tag", "#Launch"),
    ]
    assert line.tags == ("q4", "launch")


def test_a_word_that_may_be_two_things_is_asked_unless_the_rest_says_which() -> None:
    def read_with_meta(text: str, **answers: str) -> Reading:
        days = partial(read_day, today=NOW.date(), vocabulary=ENGLISH)
        names = [*NAMES, Name("client", "me", "Meta", ())]
        return read_line(text, names, NOW, AMSTERDAM, days, answers=answers)

    assert asked(read_with_meta("1h opt meta 9am")) == ["client", "platform"]
    chosen = read_with_meta("1h opt meta 9am", client="me")
    assert (chosen.client and chosen.client.id, chosen.platform, chosen.sure) == ("me", None, True)
    clear = read_with_meta("1h opt fjord meta 9am")
    assert (clear.client and clear.client.id, clear.platform and clear.platform.id, clear.sure) == ("fj", "Meta", True)


def test_another_language_is_another_vocabulary() -> None:
    dutch = replace(
        ENGLISH,
        language="nl",
        hours=("u", "uur"),
        minutes=("m", "min", "minuten"),
        begins=("om", "vanaf"),
        ends=("tot",),
        days=(("vandaag", 0), ("gisteren", -1)),
        weekdays=(("maandag",), ("dinsdag",), ("woensdag",), ("donderdag",), ("vrijdag",), ("zaterdag",), ("zondag",)),
        months=(*ENGLISH.months[:2], ("maart", "mrt"), *ENGLISH.months[3:]),
        last=("afgelopen", "vorige"),
        links=("voor", "met", "op"),
    )
    today = NOW.date()

    def lees(text: str) -> Reading:
        return read_line(
            text, NAMES, NOW, AMSTERDAM, partial(read_day, today=today, vocabulary=dutch), vocabulary=dutch
        )

    line = lees("1,5 uur report voor lumen gisteren om 9")
    assert (line.date, line.seconds, line.note, line.sure) == (date(2026, 11, 17), 5400, "", True)
    assert lees("2u opt fjord afgelopen woensdag vanaf 10:00").date == date(2026, 11, 11)
    assert lees("2u opt fjord 3 mrt om 9").date == date(2026, 3, 3)
    assert lees("9-10 opt fjord yesterday").note == "yesterday"


def test_a_language_that_is_not_known_is_read_as_english() -> None:
    assert vocabulary_for("en_GB") is vocabulary_for("nl-NL") is vocabulary_for("") is ENGLISH


words = st.one_of(
    st.text(max_size=8),
    st.sampled_from(" ".join(LINES).split()),
    st.from_regex(r"[0-9]{1,4}[:.,hm/-][0-9]{0,4}(am|pm|h|m)?", fullmatch=True),
)
lines = st.lists(words, max_size=12).map(" ".join)
fields = st.sampled_from(["client", "activity", "campaign", "platform", "date", "start", "end", "seconds"])
some_answers = st.dictionaries(fields, st.text(max_size=8) | st.sampled_from(["nw", "Meta", "2026-11-17", "3600"]))
instants = st.datetimes(datetime(2015, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])


@given(lines | st.text(max_size=60), some_answers, instants, zones)
def test_any_text_is_read_and_no_word_is_lost(text: str, answers: dict[str, str], now: datetime, zone: str) -> None:
    line = read(text, now, ZoneInfo(zone), **answers)
    taken = [word for one in line.taken for word in one.text.split()]
    assert Counter(taken) + Counter(line.note.split()) == Counter(text.split())
    in_order = iter(text.split())
    assert all(word in in_order for word in line.note.split())
    if line.sure:
        assert line.start is not None
        assert line.end is not None
        assert line.seconds == (line.end - line.start).total_seconds()
        assert line.seconds in range(1, 86401)
        assert line.date == line.start.astimezone(ZoneInfo(zone)).date()
        assert line.client is not None
        assert line.activity is not None


@given(
    st.integers(1, 24 * 60),
    st.sampled_from(["{clock}", "{prose}", "{minutes}m", "{h}h{m}", "{h}h {m}m", "{h} h {m:02}"]),
)
def test_every_formatted_duration_is_read_back(minutes: int, form: str) -> None:
    text = form.format(
        clock=hours_minutes(minutes * 60), prose=prose(minutes * 60), minutes=minutes, h=minutes // 60, m=minutes % 60
    )
    line = read(f"{text} optimisation fjord", now=datetime(2026, 11, 18, 23, 59, tzinfo=AMSTERDAM))
    assert (line.seconds, line.note, line.fault) == (minutes * 60, "", None)
    assert line.sure or (":" in text and minutes >= 600)


@given(st.integers(0, 1439), st.integers(1, 1439), st.sampled_from(["%H:%M-%H:%M", "%H:%M – %H:%M", "%H:%M to %H:%M"]))
def test_every_formatted_range_is_read_back(start: int, length: int, form: str) -> None:
    begin = datetime(2026, 11, 16, tzinfo=AMSTERDAM) + timedelta(minutes=start)
    finish = begin + timedelta(minutes=length)
    first, second = form[:5], form[5:]
    line = read(f"{begin:{first}}{finish:{second}} optimisation fjord mon")
    if line.sure:
        assert (line.start, line.end) == (begin, finish)
    else:  # 12:00-09:00: an evening, or a night?
        assert finish.isoformat() in [answer.value for answer in line.unsure[0].candidates]


@given(st.integers(1, 1439))
def test_every_formatted_time_is_read_back(minute: int) -> None:
    at = datetime(2026, 11, 16, tzinfo=AMSTERDAM) + timedelta(minutes=minute)
    for text in (f"{at:%H:%M}", f"at {at:%H:%M}", f"{at:%I:%M%p}", f"{at:%I:%M %p}".lower()):
        assert read(f"30m optimisation fjord mon {text}").start == at
