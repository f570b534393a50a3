"""Invoices as EN 16931 documents: one model, written in the two syntaxes of the standard."""
