"""The chain of stored documents: whoever changes, exchanges or removes one of it past the triggers breaks it.

Those that were stored before there was a chain joined it at its end, when the data were brought up to date (migration
0022, or `chain_all` for a file from before): a document without a place was put there past the program.
Documents are drawn after their invoice is final, outside the lock of its series, so they have a chain of their own.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlmodel import Session

from agency_app.store import invoices, people
from agency_app.tables import Invoice, InvoiceDocument


def store_document(session: Session, invoice: Invoice, kind: str, content: bytes) -> None:
    """Store a document of a final invoice at the end of the chain. The caller holds the lock of the workspace."""
    workspace = people.workspace(session, invoice.workspace_id)
    digest = hashlib.sha256(content).hexdigest()
    head = link(workspace.document_head, invoice.sha256 or "", kind, digest)
    session.add(
        InvoiceDocument(
            workspace_id=workspace.id,
            invoice_id=invoice.id,
            kind=kind,
            content=content,
            sha256=digest,
            sequence=invoices.last_document(session, workspace.id) + 1,
            chain=head,
        )
    )
    workspace.document_head = head
    session.add(workspace)


def chain_all(workspace: dict[str, Any], documents: list[dict[str, Any]], invoice_sha256: Mapping[str, str]) -> None:
    """Give the documents of a file from before there was a chain their places in it, in the order they were stored in.

    `invoice_sha256` holds the hashes of the invoices by id. A file that has a chain stays as it is: what has no place in
    it then is a fault, and `document_chain_faults` tells of it.
    """
    if workspace["document_head"] or any(one["sequence"] is not None for one in documents):
        return
    for place, one in enumerate(sorted(documents, key=lambda one: (one["created_at"], one["id"])), start=1):
        known = invoice_sha256.get(one["invoice_id"], "")
        head = link(workspace["document_head"], known, one["kind"], one["sha256"])
        one["sequence"], one["chain"], workspace["document_head"] = place, head, head


def link(previous: str, invoice_sha256: str, kind: str, sha256: str) -> str:
    """Return the SHA-256 that chains a document to the one before it: of the hash of that, of its invoice, its kind and
    its own hash, each followed by a line feed."""
    return hashlib.sha256(f"{previous}\n{invoice_sha256}\n{kind}\n{sha256}\n".encode()).hexdigest()


def document_chain_faults(
    documents: Iterable[InvoiceDocument], known: Mapping[str, Invoice], head: str, name: Callable[[str], str]
) -> Iterator[str]:
    """Yield where the chain is broken: `known` are the invoices by id, `head` is the end that the workspace holds, `name`
    says how a person finds an invoice."""
    previous, place = "", 0
    for one in sorted(documents, key=lambda one: one.sequence or 0):
        if one.sequence is None:
            yield f"{name(one.invoice_id)}: its {one.kind} has no place in the chain of stored documents."
            continue
        place += 1
        invoice = known.get(one.invoice_id)
        if one.sequence != place:
            yield f"{name(one.invoice_id)}: a document that was stored before its {one.kind} is gone."
            place = one.sequence or place
        if one.chain != link(previous, (invoice.sha256 if invoice else "") or "", one.kind, one.sha256):
            yield f"{name(one.invoice_id)}: its {one.kind} does not continue the chain of stored documents."
        previous = one.chain
    if previous != head:
        yield "The newest stored document is gone or was exchanged: the chain of documents ends elsewhere."
