"""The preview of a draft: what finalising makes of it, but for the number; drawn beside the server, not in it."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
import time_machine
from pypdf import PdfReader

from agency_app.services import draw_apart
from agency_app.services.change_client import change_client
from agency_app.services.draw_apart import DrawingFailed, drawn_apart, serve_apart, stop_serving_apart
from agency_app.services.draw_document import draw
from agency_app.services.finalise_invoice import document_bytes, finalise_invoice, open_draft
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.preview_document import preview_document
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import NotFound
from tests.documents.snapshots import many_rows
from tests.documents.test_translation import of_today
from tests.services.conftest import Agency

DAY = date(2026, 11, 17)
AT = datetime(2026, 11, 30, 16, 20, 5, tzinfo=UTC)


def log(agency: Agency) -> str:
    start = datetime(2026, 11, 17, 8, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=2)))
    return open_draft(agency.owner, agency.northwind, DAY)


def texts(document: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(document)).pages]


@time_machine.travel(datetime(2026, 11, 30, 12, tzinfo=UTC), tick=False)
def test_what_is_previewed_is_what_is_finalised_but_for_the_number(agency: Agency) -> None:
    invoice_id = log(agency)
    change_client(agency.owner, agency.northwind, 1, {"language": "de"})
    preview = preview_document(agency.owner, invoice_id)
    version = read_draft(agency.owner, agency.northwind, DAY).version
    done = finalise_invoice(agency.owner, agency.northwind, DAY, version)
    final = document_bytes(agency.owner, done.invoice_id)
    assert [page.replace("Entwurf", done.number) for page in texts(preview)] == texts(final)
    with pikepdf.open(BytesIO(preview)) as before, pikepdf.open(BytesIO(final)) as after:
        assert len(before.pages) == len(after.pages)
        assert "/AF" in after.Root
        assert "/AF" not in before.Root
    assert preview_document(agency.owner, done.invoice_id) == final


def test_a_preview_to_be_looked_at_alone_says_that_it_is_a_draft(agency: Agency) -> None:
    pages = texts(preview_document(agency.owner, log(agency), marked=True))
    assert all("DRAFT" in page for page in pages)
    assert "Nothing is due until it has a number." in pages[0]


def test_a_preview_of_an_unknown_invoice_is_refused(agency: Agency) -> None:
    with pytest.raises(NotFound):
        preview_document(agency.owner, "nobody's")


@pytest.fixture
def served() -> Iterator[None]:
    """A process that draws, as a server has it."""
    serve_apart()
    yield
    stop_serving_apart()


@pytest.mark.usefixtures("served")
def test_what_is_drawn_apart_is_the_same_to_the_byte() -> None:
    for snapshot in (of_today("fr"), of_today("en", number=None)):
        assert drawn_apart("pdf", snapshot, AT) == draw("pdf", snapshot, AT)


@pytest.mark.usefixtures("served")
def test_what_cannot_be_drawn_is_said_and_the_next_is_drawn() -> None:
    with pytest.raises(DrawingFailed, match="version 9"):
        drawn_apart("pdf", of_today("en") | {"v": 9}, AT)
    assert drawn_apart("pdf", of_today("en"), AT)[:5] == b"%PDF-"


@pytest.mark.usefixtures("served")
def test_a_process_that_ended_is_started_again() -> None:
    first = drawn_apart("pdf", of_today("en"), AT)
    process = draw_apart._process
    assert process is not None
    process.kill()
    process.wait()
    assert drawn_apart("pdf", of_today("en"), AT) == first


@pytest.mark.usefixtures("served")
def test_this_process_has_its_time_to_itself_while_a_long_log_is_drawn() -> None:
    snapshot = many_rows(1_000) | {"template": "3", "language": "en"}
    drawn_apart("pdf", of_today("en"), AT)  # the process is up
    drawing = threading.Thread(target=drawn_apart, args=("pdf", snapshot, AT))
    begun = time.process_time()
    drawing.start()
    while drawing.is_alive():
        time.sleep(0.005)
    assert time.process_time() - begun < 0.25, "the drawing took this process's own time"
