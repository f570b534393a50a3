"""The CSV of a report: numbers stay numbers, and no cell runs as a formula."""

import csv
from datetime import UTC, date, datetime, timedelta

from agency_app.documents.csv_file import csv_bytes, decimal
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.profit_csv import HEADING, profit_csv
from agency_app.services.read_profit import ProfitQuestion, read_profit
from agency_app.store.engine import transaction
from agency_app.tables import Client
from tests.services.conftest import Agency


def test_a_report_is_written_with_its_total_and_its_months(agency: Agency) -> None:
    with transaction() as session:
        session.get_one(Client, agency.northwind).name = '=cmd|"calc"'
    start = datetime(2026, 9, 7, 9, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(minutes=90)))
    read = read_profit(agency.owner, ProfitQuestion(date(2026, 9, 1), date(2026, 9, 1)))
    rows = list(csv.reader(profit_csv(read).decode("utf-8-sig").splitlines()))
    assert rows[0] == list(HEADING)
    assert ['\'=cmd|"calc"', "EUR", "1.50", "1.50", "142.50", "95.00", "", "", "0.00", "", ""] in rows
    assert rows[-1] == ["2026-09", "1.50", "0.00", "0.00", "0.00", ""]


def test_cells_that_begin_like_formulas_are_kept_as_text_and_negative_numbers_as_numbers() -> None:
    content = csv_bytes([("=1+1", "+49", "-x", "@a", "-12.50", -3, None, "plain")]).decode("utf-8-sig")
    assert content == "'=1+1,'+49,'-x,'@a,-12.50,-3,,plain\r\n"
    assert [decimal(-1250, 2), decimal(5, 2), decimal(7, 0)] == ["-12.50", "0.05", "7"]
