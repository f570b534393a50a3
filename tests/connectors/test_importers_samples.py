"""Every sample export gives exactly what its expected.json says."""

import json
from pathlib import Path

import pytest

from agency_app.connectors.importers import Export, ImportedRow, read_export

EXPORTS = Path(__file__).parent / "exports"
SAMPLES = sorted(path.name.removesuffix(".expected.json") for path in EXPORTS.glob("*.expected.json"))
PROSE = {"file", "clock", "identity", "booleans", "mapping", "duration_rule", "zone_note", "header_note", "line_note"}


def test_there_is_a_sample_of_every_format():
    formats = {_expected(name)["format"] for name in SAMPLES}
    assert formats == {"toggl.detailed", "clockify.detailed", "harvest.time", "kimai.csv", "solidtime.generic"}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_reads_as_expected(name: str):
    expected = _expected(name)
    export = read_export((EXPORTS / f"{name}.csv").read_bytes(), expected.get("import_zone", "Europe/Berlin"))
    seen = {
        "format": export.format,
        "bom": export.bom,
        "newline": export.newline,
        "rows_total": export.rows_total,
        "rows_parsed": len(export.rows),
        "total_seconds": export.total_seconds,
        "billable_seconds": export.billable_seconds,
        "nonbillable_seconds": export.nonbillable_seconds,
        "people": list(export.people),
        "clients": list(export.clients),
        "language": export.language,
        "import_zone": expected.get("import_zone"),
    }
    lists = {"rows_rejected", "warnings", "entries"}
    stated_first_word = {
        "date_order": {"iso": "ISO"}.get(export.date_order, export.date_order),
        "delimiter": export.delimiter,
        "decimal": {".": "point", ",": "comma"}[export.decimal_mark],
    }
    for key, value in expected.items():
        if key in seen:
            assert seen[key] == value, key
        elif key in stated_first_word:
            assert value.startswith(stated_first_word[key]), key
        elif key == "currency":
            assert export.currency == (value and value[:3])
        else:
            assert key in PROSE | lists, f"the test asserts nothing about {key}"
    assert [(fault.line, fault.code) for fault in export.rejected] == _faults(expected["rows_rejected"])
    assert sorted((fault.line, fault.code) for fault in export.warnings) == sorted(_faults(expected["warnings"]))
    assert all(fault.reason for fault in (*export.rejected, *export.warnings))
    _assert_entries(export, expected["entries"])


def _assert_entries(export: Export, entries: list[dict]):
    assert [row.line for row in export.rows] == [entry["line"] for entry in entries]
    for row, entry in zip(export.rows, entries, strict=True):
        for key, value in entry.items():
            assert _shown(row, key) == value, f"line {row.line}: {key}"


def _shown(row: ImportedRow, key: str):
    if key == "work_date":
        return row.work_date.isoformat()
    if key in ("start", "end"):
        return getattr(row, f"local_{key}")
    if key == "tags":
        return list(row.tags)
    return getattr(row, key)


def _expected(name: str) -> dict:
    return json.loads((EXPORTS / f"{name}.expected.json").read_text(encoding="utf-8"))


def _faults(listed: list[dict]) -> list[tuple[int, str]]:
    return [(fault["line"], fault["code"]) for fault in listed]
