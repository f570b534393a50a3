"""The same snapshot gives the same bytes in every process: another hash seed, zone, locale and folder change nothing."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.documents.snapshots import many_rows
from tests.documents.test_logo import SVG
from tests.documents.test_payment_code import QR_IBAN, swiss
from tests.documents.test_translation import TEMPLATE, everything_added, of_today

PROGRAM = """
import hashlib, json, pathlib, sys
from datetime import datetime
from agency_app.documents.einvoice.cii import write_cii
from agency_app.documents.einvoice.reading import einvoice_of
from agency_app.documents.einvoice.ubl import write_ubl
from agency_app.documents.invoice_pdf import render_invoice
asked = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
logo = bytes.fromhex(asked["logo"]) or None
drawn = render_invoice(asked["snapshot"], datetime.fromisoformat("2026-11-30T16:20:05+00:00"), logo=logo)
said = b"" if asked["snapshot"]["number"] is None else write_cii(einvoice_of(asked["snapshot"]))
said += b"" if asked["snapshot"]["number"] is None else write_ubl(einvoice_of(asked["snapshot"]))
print(hashlib.sha256(drawn + said).hexdigest())
"""
PLACES = (
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "LANG": "tr_TR"},
)


def with_logo(content: bytes) -> dict[str, Any]:
    snapshot = of_today("nl", "nl")
    snapshot["seller"] |= {"logo": hashlib.sha256(content).hexdigest()}
    return snapshot


@pytest.mark.parametrize(
    ("snapshot", "logo"),
    [
        (of_today("fr", "fr_BE"), b""),
        (everything_added("de"), b""),
        (swiss(QR_IBAN), b""),
        (with_logo(SVG), SVG),
        (many_rows(300) | {"template": TEMPLATE, "language": "es", "locale": "es"}, b""),
        (of_today("en", number=None), b""),
    ],
    ids=["French with its e-invoice", "everything added", "Swiss bill", "logo", "long log", "draft"],
)
def test_two_processes_draw_the_same_bytes(snapshot: dict[str, Any], logo: bytes, tmp_path: Path) -> None:
    asked = tmp_path / "asked.json"
    asked.write_text(json.dumps({"snapshot": snapshot, "logo": logo.hex()}), encoding="utf-8")
    running = []
    for number, place in enumerate(PLACES):
        folder = tmp_path / str(number)
        folder.mkdir()
        root = str(Path(__file__).parents[2])
        environment = os.environ | place | {"HOME": str(folder), "PYTHONPATH": root}
        command = [sys.executable, "-c", PROGRAM, str(asked)]
        running.append(subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True))
    first, second = (process.communicate()[0].strip() for process in running)
    assert len(first) == 64
    assert first == second
