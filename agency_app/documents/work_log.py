"""The annex of an invoice: every piece of work, grouped by the invoice line it belongs to, and added up again.

Rows are placed by hand with one write per cell, because an annex has hundreds of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from agency_app.documents import wording
from agency_app.documents.sheet import (
    BOTTOM,
    LEFT,
    LINE_2,
    RIGHT,
    SUNKEN,
    TEXT,
    TEXT_2,
    TEXT_3,
    WHITE,
    Column,
    Sheet,
    Style,
)
from agency_app.documents.speech import Speech
from agency_app.documents.translation import Words, phrase

_CELL = Style("Inter", 11.5)
_QUIET = Style("Inter", 11.5, TEXT_3)
_GROUP, _GROUP_PLAIN = Style("InterSemiBold", 12), Style("Inter", 12, TEXT_2)
_BADGE = Style("InterMedium", 11)
_SUM, _SUM_STRONG = Style("Inter", 12, TEXT_2), Style("InterSemiBold", 13)
_HEADING = Style("InterSemiBold", 12)
_PROSE = Style("Inter", 11, TEXT_2)
_LEADING, _PADDING = 16.0, 5.5

Row = Mapping[str, Any]
Area = tuple[float, float, float, float]


class LineLinks:
    """The links between a line on the invoice and its group in the work log, both ways."""

    def __init__(self, sheet: Sheet) -> None:
        self._to_group, self._to_line = sheet.add_link(), sheet.add_link()
        self._on_invoice: list[tuple[int, Area]] = []
        self._on_log: list[tuple[int, Area]] = []

    def place_on_invoice(self, sheet: Sheet, area: Area) -> None:
        """Remember an area of the current page as one that leads to the group; the first is where the line is."""
        if not self._on_invoice:
            sheet.mark(self._to_line, area[1])
        self._on_invoice.append((sheet.page, area))

    def place_on_log(self, sheet: Sheet, area: Area) -> None:
        """Remember an area of the current page as one that leads back to the line; the first is where the group is."""
        if not self._on_log:
            sheet.mark(self._to_group, area[1])
        self._on_log.append((sheet.page, area))

    def tie(self, sheet: Sheet) -> None:
        """Draw the links, now that both ends are on a page."""
        for places, target in ((self._on_invoice, self._to_group), (self._on_log, self._to_line)):
            for page, area in places:
                sheet.page = page
                sheet.link(*area, target)


def draw_work_log(
    sheet: Sheet,
    snapshot: Mapping[str, Any],
    links: Mapping[int, LineLinks],
    open_page: Callable[[], None],
    sums_page: int,
    speech: Speech,
) -> None:
    """Draw the annex of an invoice snapshot on pages of its own.

    `open_page` starts a page and draws its letterhead; `sums_page` is the page that shows the invoice's subtotal.
    """
    _WorkLog(sheet, snapshot, links, open_page, sums_page, speech).draw()


class _WorkLog:
    def __init__(
        self,
        sheet: Sheet,
        snapshot: Mapping[str, Any],
        links: Mapping[int, LineLinks],
        open_page: Callable[[], None],
        sums_page: int,
        speech: Speech,
    ) -> None:
        self.speech, self.say = speech, speech.words.say
        self.sheet, self.snapshot, self.links = sheet, snapshot, links
        self.open_page, self.sums_page = open_page, sums_page
        self.currency, self.locale = snapshot["currency"], snapshot["locale"]
        self.lines: list[Row] = [line for line in snapshot["lines"] if line["work"]]
        self.works: list[Row] = [work for line in self.lines for work in line["work"]]
        self.rounded = any(work["seconds"] != work["billed_seconds"] for work in self.works)
        self.mixed = any(work["activity"] != line["description"] for line in self.lines for work in line["work"])
        widest = sheet.width(sheet.legible(self._money(snapshot["subtotal_minor"])), _SUM_STRONG)
        self.columns = _columns(self.say, self.mixed, self.rounded, min(max(widest, 72), 150))

    def draw(self) -> None:
        self.open_page()
        self.sheet.start_section(self.say("Work log"))
        self._head()
        for line in self.lines:
            self._group(line)
        self._reconciliation()
        self._summaries()

    def _head(self) -> None:
        self.sheet.table_head(self.columns, 6)

    def _need(self, height: float) -> bool:
        if self.sheet.y + height <= BOTTOM:
            return False
        self.open_page()
        return True

    def _money(self, minor: int) -> str:
        return wording.money(minor, self.currency, self.locale)

    # Groups ----------------------------------------------------------------------------------------------------------

    def _group(self, line: Row) -> None:
        if self._need(30 + 28):
            self._head()
        section = f"{self.say('Line {position}', position=line['position'])} {line['description']}"
        self.sheet.start_section(self.sheet.legible(section), level=1)
        self._group_head(line, continued=False)
        for work in line["work"]:
            self._work(line, work)

    def _group_head(self, line: Row, continued: bool) -> None:
        sheet, y = self.sheet, self.sheet.y
        sheet.box(LEFT, y, RIGHT - LEFT, 30, SUNKEN)
        badge = self.say("Line {position}", position=line["position"])
        width = sheet.width(badge, _BADGE) + 14
        sheet.box(LEFT + 6, y + 7, width, 16, WHITE, LINE_2, radius=4)
        sheet.put(LEFT + 13, y + 7, 16, badge, _BADGE)
        self.links[line["position"]].place_on_log(sheet, (LEFT + 6, y + 7, width, 16))
        start = LEFT + 6 + width + 8
        time_edge, amount_edge = self.columns[-2].edge, self.columns[-1].edge
        if continued:
            name = sheet.clipped(line["description"], _GROUP, RIGHT - start - 90)
            end = sheet.put(start, y + 7, 16, name, _GROUP)
            sheet.put(end + 6, y + 7, 16, self.say("continued"), _GROUP_PLAIN)
        else:
            clock, amount = wording.hours_minutes(_billed(line["work"])), self._money(line["net_minor"])
            quantity = wording.quantity(line["quantity"], self.locale)
            price = wording.rate(line["price"], self.currency, self.locale)
            product = sheet.legible(f"{quantity} {self.speech.unit(line['unit'])} × {price}")
            end = time_edge - max(sheet.width(clock, _GROUP), 36) - 16
            room = end - min(sheet.width(product, _GROUP_PLAIN), 190) - 12 - start
            sheet.put(start, y + 7, 16, sheet.clipped(line["description"], _GROUP, room), _GROUP)
            sheet.put_right(end, y + 7, 16, product, _GROUP_PLAIN, 190)
            sheet.put_right(time_edge, y + 7, 16, clock, _GROUP)
            sheet.put_right(amount_edge, y + 7, 16, amount, _GROUP, self.columns[-1].width)
        sheet.y = y + 30

    def _work(self, line: Row, work: Row) -> None:
        sheet = self.sheet
        cells = self._cells(line, work)
        texts = [
            [text]
            if column.whole or sheet.width(text, _CELL) <= column.width
            else sheet.wrapped(text, _CELL, column.width)
            for column, (text, _) in zip(self.columns, cells, strict=True)
        ]
        deepest = max(map(len, texts))
        if self._need(min(2 * _PADDING + _LEADING * deepest, 500)):
            self._head()
            self._group_head(line, continued=True)
        sheet.y += _PADDING
        for number in range(deepest):
            if number and self._need(_LEADING + _PADDING):
                self._head()
                self._group_head(line, continued=True)
                sheet.y += _PADDING
            for column, (_, style), lines in zip(self.columns, cells, texts, strict=True):
                if number < len(lines):
                    put = sheet.put_right if column.right else sheet.put
                    put(column.edge, sheet.y, _LEADING, lines[number], style, column.width)
                    if column.is_date:
                        weekday = _weekday(date.fromisoformat(work["date"]), self.speech.dates)
                        sheet.put(LEFT + 51, sheet.y, _LEADING, weekday, _QUIET, 32)
            sheet.y += _LEADING
        sheet.y += _PADDING
        sheet.rule(sheet.y)
        sheet.y += 1

    def _cells(self, line: Row, work: Row) -> list[tuple[str, Style]]:
        """Return the words of a row, one for each column, and how they look."""
        legible = self.sheet.legible
        cells = [(_day(date.fromisoformat(work["date"]), self.speech.dates), _CELL), (legible(work["member"]), _CELL)]
        if self.mixed:
            cells.append((legible(work["activity"]), _CELL))
        cells += [(legible(work["task"]), _CELL), (legible(work["platform"]), _CELL)]
        if self.rounded:
            cells.append((wording.hours_minutes(work["seconds"]), _QUIET))
        cells.append((wording.hours_minutes(work["billed_seconds"]), _CELL))
        included = line["kind"] == "fee" and not work["amount_minor"]
        cells.append((self.say("in the fee"), _QUIET) if included else (self._money(work["amount_minor"]), _CELL))
        return cells

    # Adding up -------------------------------------------------------------------------------------------------------

    def _reconciliation(self) -> None:
        """Lead from the work to the invoice's subtotal, line by line, so that nothing is left to believe."""
        priced = [line for line in self.lines if line["kind"] != "fee"]
        others = [line for line in self.snapshot["lines"] if line not in priced]
        if self._need(48 + 20 * min(len(others), 40)):
            self._head()
        self.sheet.rule(self.sheet.y, TEXT, 1.5)
        self.sheet.y += 9
        if priced:
            works = [work for line in priced for work in line["work"]]
            label = ", ".join((self.say("Logged work"), self._numbered(priced), self._entries(works)))
            quantity = wording.quantity(sum(line["quantity"] for line in priced), self.locale)
            amount = self._money(sum(line["net_minor"] for line in priced))
            self._sum_row(label, _billed(works), amount, _SUM_STRONG, f"{quantity} h")
        for line in others:
            if self._need(20):
                self._head()
            covers = self._covered(line["work"]) if line["work"] else self.say("no time")
            label = f"{self.say('Line {position}', position=line['position'])}, {line['description']} ({covers})"
            self._sum_row(label, _billed(line["work"]), self._money(line["net_minor"]), _SUM)
        if self._need(22):
            self._head()
        subtotal = self._money(sum(line["net_minor"] for line in self.snapshot["lines"]))
        total = _billed(self.works) if others else 0
        page = self.sums_page
        words = self.say("Subtotal on page {page}", page=page)
        if self.snapshot.get("adjustments"):
            words = self.say("Lines on page {page}", page=page)
        self._sum_row(words, total, subtotal, _SUM_STRONG)

    def _sum_row(self, label: str, seconds: int, amount: str, style: Style, quantity: str = "") -> None:
        sheet, time, money = self.sheet, self.columns[-2], self.columns[-1]
        clock = wording.hours_minutes(seconds) if seconds else ""
        end = time.edge - max(sheet.width(clock, style), 36) - 16
        room = end - (sheet.width(quantity, _SUM) + 12 if quantity else 0) - LEFT - 6
        sheet.put(LEFT + 6, sheet.y, 18, sheet.clipped(label, style, room), style)
        sheet.put_right(end, sheet.y, 18, quantity, _SUM)
        sheet.put_right(time.edge, sheet.y, 18, clock, style)
        sheet.put_right(money.edge, sheet.y, 18, amount, style, money.width)
        sheet.y += 20

    # Summaries -------------------------------------------------------------------------------------------------------

    def _summaries(self) -> None:
        sheet = self.sheet
        people = _by("member", self.say("Nobody"), self.works)
        platforms = _by("platform", self.say("No platform"), self.works)
        rows = max(len(people), len(platforms))
        prose = [sheet.wrapped(text, _PROSE, RIGHT - 488) for text in self._prose()]
        depth = max(47 + 18 * rows, 21 + sum(16 * len(lines) + 6 for lines in prose))
        sheet.y += 26
        if self._need(min(depth, 700)):
            sheet.y += 4
        headings = (self.say("By person"), self.say("By platform"), self.say("How to read this"))
        for x, heading in zip((LEFT, 282.0, 488.0), headings, strict=True):
            sheet.put(x, sheet.y, 16, heading, _HEADING)
        sheet.y += 21
        below = sheet.y
        for lines in prose:
            below = sheet.put_lines(488, below, 16, lines, _PROSE) + 6
        total = (self.say("Total"), _billed(self.works))
        for number in range(rows + 1):
            self._need(23)
            for x, right, column in ((LEFT, 246.0, people), (282.0, 452.0, platforms)):
                if number < len(column):
                    self._summary_row(x, right, column[number], _SUM)
                elif number == len(column):
                    sheet.rule(sheet.y + 3, LINE_2, left=x, right=right)
                    sheet.y += 6
                    self._summary_row(x, right, total, _HEADING)
                    sheet.y -= 6
            sheet.y += 18

    def _summary_row(self, x: float, right: float, row: tuple[str, int], style: Style) -> None:
        sheet = self.sheet
        clock = wording.hours_minutes(row[1])
        room = right - sheet.width(clock, style) - 12 - x
        sheet.put(x, sheet.y, 18, sheet.clipped(row[0], style, room), style)
        sheet.put_right(right, sheet.y, 18, clock, style)

    def _prose(self) -> list[str]:
        prose = [self.say("Each group holds the work behind one invoice line; its label leads back to the line.")]
        prose.append(rounding_words(self.snapshot["rounding"], self.speech.words))
        if any(line["kind"] == "fee" for line in self.lines):
            prose.append(self.say("Work covered by a fee has no amount of its own."))
        return prose

    def _entries(self, works: Iterable[Row]) -> str:
        return self.speech.words.count("{n} entry", "{n} entries", _count(works))

    def _covered(self, works: Iterable[Row]) -> str:
        return self.speech.words.count("covers {n} entry", "covers {n} entries", _count(works))

    def _numbered(self, lines: list[Row]) -> str:
        """Return the positions of lines in words: `line 1`, `lines 1–5`, `lines 1, 3, 4`."""
        positions = [line["position"] for line in lines]
        if len(positions) == 1:
            return self.say("line {position}", position=positions[0])
        if positions == list(range(positions[0], positions[-1] + 1)):
            return self.say("lines {positions}", positions=f"{positions[0]}–{positions[-1]}")
        return self.say("lines {positions}", positions=", ".join(map(str, positions)))


def rounding_words(rounding: Mapping[str, Any], words: Words) -> str:
    """Return the rounding policy of a snapshot as a sentence for the client."""
    step, mode, scope = rounding["step_seconds"], rounding["mode"], rounding["scope"]
    if mode == "none" or not step:
        return words.say("Time is billed as logged, without rounding.")
    if step % 3600 == 0:
        size = words.count("{n} hour", "{n} hours", step // 3600)
    elif step % 60 == 0:
        size = words.count("{n} minute", "{n} minutes", step // 60)
    else:
        size = words.count("{n} second", "{n} seconds", step)
    return words.say(_ROUNDINGS[mode, "entry" if scope == "entry" else "line"], size=size)


_ROUNDINGS = {
    ("up", "entry"): phrase("Time is rounded up to {size} per entry."),
    ("down", "entry"): phrase("Time is rounded down to {size} per entry."),
    ("nearest", "entry"): phrase("Time is rounded to the nearest {size} per entry."),
    ("up", "line"): phrase("Time is rounded up to {size} per invoice line."),
    ("down", "line"): phrase("Time is rounded down to {size} per invoice line."),
    ("nearest", "line"): phrase("Time is rounded to the nearest {size} per invoice line."),
}


def _columns(say: Callable[[str], str], mixed: bool, rounded: bool, amount_width: float) -> tuple[Column, ...]:
    """Return the table's columns: activities where groups mix them, logged beside billed where they differ."""
    amount = Column(say("Amount"), RIGHT - 6, amount_width, right=True)
    time = Column(say("Billed") if rounded else say("h:mm"), amount.edge - amount_width - 10, 44, right=True)
    hours = [Column(say("Logged"), time.edge - 48, 44, right=True), time] if rounded else [time]
    platform = Column(say("Platform"), hours[0].edge - 44 - 74, 72)
    room = platform.edge - 10
    task = say("Task")
    words = [Column(say("Person"), 142, 88), Column(say("Activity"), 238, 92), Column(task, 338, room - 338)]
    if not mixed:
        words = [Column(say("Person"), 142, 116), Column(task, 268, room - 268)]
    return (Column(say("Date"), LEFT + 6, 42, is_date=True), *words, platform, *hours, amount)


def _by(field: str, nameless: str, works: Iterable[Row]) -> list[tuple[str, int]]:
    """Return billed seconds by a field of the work, the longest first."""
    sums: dict[str, int] = defaultdict(int)
    for work in works:
        sums[work[field] or nameless] += work["billed_seconds"]
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


def _billed(works: Iterable[Row]) -> int:
    return sum(work["billed_seconds"] for work in works)


def _count(works: Iterable[Row]) -> int:
    return len({work["entry_id"] for work in works})


@lru_cache(maxsize=1024)
def _day(day: date, locale: str) -> str:
    return wording.table_date(day, locale)


@lru_cache(maxsize=1024)
def _weekday(day: date, locale: str) -> str:
    return wording.weekday_name(day, locale)
