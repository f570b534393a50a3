"""Read a line such as `2h northwind meta optimisation yesterday 9pm`. Deterministic, and it never raises on any text."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from agency_app.domain.quick_line.names import find_names, plain
from agency_app.domain.quick_line.pieces import Piece, find_pieces, words_of
from agency_app.domain.quick_line.reading import Field, Name, Reading, Taken
from agency_app.domain.quick_line.vocabulary import ENGLISH, Vocabulary
from agency_app.domain.quick_line.when import FreeStarts, ReadDay, find_when

ORDER: tuple[Field, ...] = ("client", "activity", "campaign", "platform", "date", "start", "end", "seconds")
_Mark = Field | Literal["tag", "separator"]
_MARK_OF: dict[str, _Mark] = {
    "duration": "seconds",
    "colon": "seconds",
    "start": "start",
    "end": "end",
    "range": "start",
    "date": "date",
    "tag": "tag",
}


def read_line(
    text: str,
    names: Sequence[Name],
    now: datetime,
    zone: ZoneInfo,
    read_day: ReadDay,
    *,
    vocabulary: Vocabulary = ENGLISH,
    answers: Mapping[str, str] | None = None,
    free_starts: FreeStarts = lambda day: (),
) -> Reading:
    """Return what a line says at an aware instant, to a member of a zone, in a workspace with these names.

    `answers` holds, by field, the value of the candidate that a person chose. What was not understood is the note:
    every word of the text is either in `taken` or in the note, in its order.
    """
    answered = answers or {}
    matches = words_of(text)
    words = [match.group() for match in matches]
    whole_names = find_whole_names(words, names, answered, vocabulary)
    free = [position not in whole_names for position in range(len(words))]
    pieces = find_pieces(text, matches, free, vocabulary)
    marks: dict[int, _Mark] = {
        position: _MARK_OF[piece.kind] for piece in pieces for position in range(piece.first, piece.last)
    }
    named = find_names(words, [position not in marks for position in range(len(words))], names, answered, vocabulary)
    marks |= named.taken
    _take_separators(words, marks, vocabulary)
    when = find_when(pieces, answered, now, zone, read_day, free_starts)
    return Reading(
        client=named.chosen.get("client"),
        campaign=named.chosen.get("campaign"),
        platform=named.chosen.get("platform"),
        activity=named.chosen.get("activity"),
        date=when.day,
        start=when.start,
        end=when.end,
        seconds=when.seconds,
        note=" ".join(word for position, word in enumerate(words) if position not in marks),
        tags=_tags(pieces),
        unsure=tuple(sorted([*named.unsure, *when.unsure], key=lambda unsure: ORDER.index(unsure.field))),
        taken=_taken(words, marks),
        fault=when.fault,
    )


def find_whole_names(
    words: Sequence[str], names: Sequence[Name], answers: Mapping[str, str], vocabulary: Vocabulary
) -> set[int]:
    """Return the positions of names that hold a figure (`Studio 54`, `24/7 Media`): they are no times."""
    figures = [
        name
        for name in names
        if any(character.isdecimal() for spelling in (name.label, *name.spellings) for character in spelling)
    ]
    if not figures:
        return set()
    whole = {plain(spelling) for name in figures for spelling in (name.label, *name.spellings)}
    parts = [plain(word) for word in words]
    longest = max(len(spelling.split()) for spelling in whole)
    return {
        position
        for first in range(len(words))
        for last in range(first + 1, min(first + longest, len(words)) + 1)
        if " ".join(part for part in parts[first:last] if part) in whole - {""}
        for position in range(first, last)
    }


def _take_separators(words: Sequence[str], marks: dict[int, _Mark], vocabulary: Vocabulary) -> None:
    """Take the small words right before what was understood (`for lumen`), and signs beside it (`lumen - report`)."""
    understood = set(marks)
    for position in reversed(range(len(words))):
        if position in marks:
            continue
        word = words[position].lower()
        if word in vocabulary.links and position + 1 in understood and marks.get(position + 1) != "tag":
            marks[position] = "separator"
            understood.add(position)
        elif set(word) <= set("-–—|,/·:;&+") and ({position - 1, position + 1} & understood):
            marks[position] = "separator"


def _tags(pieces: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.text for piece in pieces if piece.kind == "tag"))


def _taken(words: Sequence[str], marks: Mapping[int, _Mark]) -> tuple[Taken, ...]:
    """Return the understood words in their order, those of one field side by side as one text."""
    runs: list[tuple[_Mark, int, list[str]]] = []
    for position in sorted(marks):
        mark = marks[position]
        if runs and runs[-1][0] == mark and runs[-1][1] == position - 1 and mark != "tag":
            runs[-1] = (mark, position, [*runs[-1][2], words[position]])
        else:
            runs.append((mark, position, [words[position]]))
    return tuple(Taken(mark, " ".join(found)) for mark, _, found in runs)
