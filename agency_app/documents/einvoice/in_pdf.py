"""Factur-X: the CII file inside the invoice's PDF/A-3B, and the words of metadata that say so.

Source: Factur-X 1.0 / ZUGFeRD 2, chapter on embedding: file name, AFRelationship, XMP extension schema.
"""

from collections.abc import Mapping
from typing import Any

from agency_app.documents.einvoice.check import einvoice_faults
from agency_app.documents.einvoice.cii import write_cii
from agency_app.documents.einvoice.reading import einvoice_of

FILE_NAME = "factur-x.xml"
FIRST_TEMPLATE = 2
"""Snapshots of earlier templates were drawn without an e-invoice and stay so."""

_NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_PROPERTIES = {
    "DocumentFileName": "The name of the embedded XML document",
    "DocumentType": "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER",
    "Version": "The actual version of the standard applying to the embedded XML document",
    "ConformanceLevel": "The conformance level of the embedded XML document",
}

XMP = (
    f'<rdf:Description rdf:about="" xmlns:fx="{_NAMESPACE}">'
    "<fx:DocumentType>INVOICE</fx:DocumentType>"
    f"<fx:DocumentFileName>{FILE_NAME}</fx:DocumentFileName>"
    "<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>"
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
    f"<pdfaSchema:namespaceURI>{_NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
    "<pdfaSchema:property><rdf:Seq>"
    + "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"
        for name, description in _PROPERTIES.items()
    )
    + "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


def embedded_cii(snapshot: Mapping[str, Any]) -> bytes | None:
    """Return the CII file that belongs in the PDF of a snapshot, None where there is none: for a draft, for a snapshot
    of an earlier template, and where EN 16931 needs something that the invoice does not say."""
    if snapshot["number"] is None or int(snapshot["template"]) < FIRST_TEMPLATE:
        return None
    invoice = einvoice_of(snapshot)
    return None if einvoice_faults(invoice) else write_cii(invoice)
