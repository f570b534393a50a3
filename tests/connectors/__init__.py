"""Tests of the connectors: files in, values out."""
