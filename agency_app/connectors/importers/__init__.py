"""Time exports of other trackers, read into plain values: bytes in, rows and faults out; no database, no network."""

from agency_app.connectors.importers.export import Export, ExportError, ImportedRow, RowFault
from agency_app.connectors.importers.reader import read_export

__all__ = ["Export", "ExportError", "ImportedRow", "RowFault", "read_export"]
