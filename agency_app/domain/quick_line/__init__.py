"""The quick line: one line of text in, one time entry out, and whatever is unsure asked for. Standard library alone."""

from agency_app.domain.quick_line.line import read_line
from agency_app.domain.quick_line.reading import Candidate, Fault, Field, Name, Reading, Taken, Unsure
from agency_app.domain.quick_line.vocabulary import ENGLISH, Vocabulary, vocabulary_for
from agency_app.domain.quick_line.when import Days

__all__ = [
    "ENGLISH",
    "Candidate",
    "Days",
    "Fault",
    "Field",
    "Name",
    "Reading",
    "Taken",
    "Unsure",
    "Vocabulary",
    "read_line",
    "vocabulary_for",
]
