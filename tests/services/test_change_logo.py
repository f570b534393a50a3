"""The logo of the agency: who may change it, and which documents it stands on."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from sqlmodel import select

from agency_app.services.actor import Actor, actor_of
from agency_app.services.change_logo import change_logo, read_logo
from agency_app.services.draw_document import draw
from agency_app.services.dump_workspace import dump_workspace
from agency_app.services.finalise_invoice import document_bytes, finalise_invoice
from agency_app.services.load_workspace import load_workspace
from agency_app.services.log_time import LogTime, log_time
from agency_app.services.read_draft import read_draft
from agency_app.services.refusal import NotAllowed, Refused
from agency_app.services.verify_workspace import verify_workspace
from agency_app.store.engine import reading, transaction
from agency_app.tables import AuditEvent, Invoice, InvoiceDocument, Logo, Member
from tests.documents.test_logo import SVG, picture
from tests.services.conftest import Agency, EmptyDatabase

DAY = date(2026, 11, 17)


def finalise(agency: Agency) -> str:
    start = datetime(2026, 11, 17, 8, tzinfo=UTC)
    log_time(agency.owner, LogTime(agency.northwind, agency.optimisation, start, start + timedelta(hours=2)))
    version = read_draft(agency.owner, agency.northwind, DAY).version
    return finalise_invoice(agency.owner, agency.northwind, DAY, version, issue_date=date(2026, 11, 30)).invoice_id


def logo_of(actor: Actor) -> Logo:
    logo = read_logo(actor)
    assert logo is not None
    return logo


def test_a_logo_is_stored_replaced_and_taken_away(agency: Agency) -> None:
    assert read_logo(agency.owner) is None
    first = change_logo(agency.owner, SVG)
    assert logo_of(agency.owner).content == SVG
    assert first == hashlib.sha256(SVG).hexdigest()
    second = change_logo(agency.owner, picture())
    assert logo_of(agency.owner).media_type == "image/png"
    change_logo(agency.owner, b"")
    assert read_logo(agency.owner) is None
    assert change_logo(agency.owner, SVG) == first
    with reading() as session:
        assert len(session.exec(select(Logo)).all()) == 2
        changes = [
            json.loads(one.detail) for one in session.exec(select(AuditEvent).where(AuditEvent.verb == "change_logo"))
        ]
    assert {(one["before"], one["after"]) for one in changes} == {
        ("", first),
        (first, second),
        (second, ""),
    }


def test_whoever_may_not_change_the_settings_may_not_change_the_logo(agency: Agency) -> None:
    with transaction() as session:
        member = Member(workspace_id=agency.workspace_id, email="ida@halden.example", name="Ida", role="member")
        session.add(member)
        session.flush()
        actor = actor_of(member)
    with pytest.raises(NotAllowed):
        change_logo(actor, SVG)
    assert read_logo(agency.owner) is None


def test_a_file_that_cannot_be_a_logo_leaves_the_one_of_before(agency: Agency) -> None:
    change_logo(agency.owner, SVG)
    with pytest.raises(Refused, match="PNG, JPEG or SVG") as refused:
        change_logo(agency.owner, b"GIF89a")
    assert refused.value.field == "logo"
    assert logo_of(agency.owner).content == SVG


def test_a_final_invoice_keeps_the_logo_it_was_drawn_with(agency: Agency) -> None:
    digest = change_logo(agency.owner, picture("RGB", kind="JPEG"))
    invoice_id = finalise(agency)
    stored = document_bytes(agency.owner, invoice_id)
    change_logo(agency.owner, SVG)
    with reading() as session:
        invoice = session.get_one(Invoice, invoice_id)
        snapshot = json.loads(invoice.snapshot or "")
        assert snapshot["seller"]["logo"] == digest
        kept = session.exec(select(Logo).where(Logo.sha256 == digest)).one().content
        assert invoice.finalised_at is not None
        assert draw("pdf", snapshot, invoice.finalised_at, kept) == stored
    with pikepdf.open(BytesIO(stored)) as pdf:
        assert any(isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image" for one in pdf.objects)
    assert verify_workspace() == []


def test_a_document_not_stored_yet_is_drawn_with_the_logo_of_its_snapshot(
    agency: Agency, tmp_path: Path, empty_database: EmptyDatabase
) -> None:
    """As after a load: the logos of before come along."""
    change_logo(agency.owner, SVG)
    invoice_id = finalise(agency)
    stored = document_bytes(agency.owner, invoice_id)
    change_logo(agency.owner, b"")
    dumped = tmp_path / "all.json"
    dump_workspace(dumped)
    content = json.loads(dumped.read_text(encoding="utf-8"))
    content["invoice_document"] = []
    dumped.write_text(json.dumps(content), encoding="utf-8")
    empty_database()
    load_workspace(dumped)
    with reading() as session:
        assert session.exec(select(InvoiceDocument)).all() == []
    assert document_bytes(agency.owner, invoice_id) == stored


def test_a_file_of_before_there_were_logos_is_still_loaded(
    agency: Agency, tmp_path: Path, empty_database: EmptyDatabase
) -> None:
    dumped = tmp_path / "all.json"
    dump_workspace(dumped)
    content = json.loads(dumped.read_text(encoding="utf-8"))
    del content["logo"], content["workspace"][0]["logo_sha256"]
    for client in content["client"]:
        del client["language"]
    dumped.write_text(json.dumps(content), encoding="utf-8")
    empty_database()
    load_workspace(dumped)
    assert read_logo(agency.owner) is None
    assert read_draft(agency.owner, agency.northwind, DAY).client.language == ""
