"""Tests of the documents: their words, their bytes, their structure."""
