"""Find which client, campaign, platform and activity a line names, and never choose between two that fit alike.

A name is found by the whole of it or of another spelling (strongest), by its beginning (three letters or more), or by
one whole word inside it. The strongest mention of a field counts; weaker ones stay words of the note. A campaign says
which client and which platform it belongs to; a client and a platform narrow the campaigns that are looked at.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from agency_app.domain.quick_line.reading import Candidate, Name, NameField, Unsure
from agency_app.domain.quick_line.vocabulary import Vocabulary

FIELDS: tuple[NameField, ...] = ("client", "activity", "campaign", "platform")
REQUIRED: tuple[NameField, ...] = ("client", "activity")

_SHORTEST_BEGINNING = 3
_LONGEST_NAME = 8
_ROUNDS = 3


class Strength(IntEnum):
    """How well words fit a name."""

    WORD = 1
    BEGINNING = 2
    WHOLE = 3


@dataclass(frozen=True)
class _Mention:
    """Words first up to but not including last, and the names that they fit equally well."""

    first: int
    last: int
    strength: Strength
    names: tuple[Name, ...]

    def of(self, field_name: NameField) -> tuple[Name, ...]:
        return tuple(name for name in self.names if name.field == field_name)

    @property
    def fields(self) -> set[NameField]:
        return {name.field for name in self.names}


@dataclass
class Named:
    """What the line names, which words say so, and what has to be asked."""

    chosen: dict[NameField, Name] = field(default_factory=dict)
    unsure: list[Unsure] = field(default_factory=list)
    taken: dict[int, NameField] = field(default_factory=dict)
    """Field by the position of a word."""


def find_names(
    words: Sequence[str],
    free: Sequence[bool],
    names: Sequence[Name],
    answers: Mapping[str, str],
    vocabulary: Vocabulary,
) -> Named:
    """Return what the free words name. `answers` holds the id that a person chose for a field; "" for none."""
    known = list(names)
    named = Named()
    for _ in range(_ROUNDS):
        named = _settle(_mentions(words, free, _Index(known, vocabulary), vocabulary), names, answers)
        client, platform = named.chosen.get("client"), named.chosen.get("platform")
        fitting = [name for name in names if _fits(name, client, platform)]
        if len(fitting) == len(known):
            break
        known = fitting
    if "activity" not in {*named.chosen, *named.taken.values(), *answers}:
        _by_deed(words, free, names, vocabulary, named)
    return named


def _by_deed(
    words: Sequence[str], free: Sequence[bool], names: Sequence[Name], vocabulary: Vocabulary, named: Named
) -> None:
    """Take the activity from what was done, where the line names none and all that was done is of one kind."""
    said = {plain(word) for position, word in enumerate(words) if free[position] and position not in named.taken}
    activities = _Index([name for name in names if name.field == "activity"], vocabulary)
    meant = {name for deed, kind in vocabulary.deeds if deed in said for name in activities.beginning(kind)}
    if len(meant) == 1:
        named.chosen["activity"] = meant.pop()
        named.unsure = [unsure for unsure in named.unsure if unsure.field != "activity"]


def plain(text: str) -> str:
    """Return words as they are compared: without case, accents and punctuation, a space between."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(
        character if character.isalnum() else " " for character in flat if not unicodedata.combining(character)
    )
    return " ".join(kept.split())


def _fits(name: Name, client: Name | None, platform: Name | None) -> bool:
    if name.field != "campaign":
        return True
    return (client is None or name.client_id == client.id) and (platform is None or name.platform == platform.id)


class _Index:
    """The names by every spelling: whole, in order for beginnings, and by single words."""

    def __init__(self, names: Sequence[Name], vocabulary: Vocabulary) -> None:
        self.whole: dict[str, set[Name]] = {}
        self.word: dict[str, set[Name]] = {}
        for name in names:
            for spelling in {plain(spelling) for spelling in (name.label, *name.spellings)} - {""}:
                self.whole.setdefault(spelling, set()).add(name)
                if name.field in REQUIRED:
                    for word in spelling.split()[1:]:
                        self.word.setdefault(word, set()).add(name)
        self.ordered = sorted(self.whole)
        for other, meant in vocabulary.synonyms:
            fitting = self.beginning(meant) | self.word.get(meant, set())
            activities = {name for name in fitting if name.field == "activity"}
            if activities and other not in self.whole:
                self.whole[other] = activities

    def beginning(self, text: str) -> set[Name]:
        """Return the names with a spelling that begins with a text."""
        found: set[Name] = set()
        for at in range(bisect_left(self.ordered, text), len(self.ordered)):
            if not self.ordered[at].startswith(text):
                break
            found |= self.whole[self.ordered[at]]
        return found

    def find(self, words: list[str], vocabulary: Vocabulary) -> tuple[Strength, set[Name]] | None:
        """Return the names that some words fit best, and how well."""
        text = " ".join(words)
        if text in self.whole:
            return Strength.WHOLE, self.whole[text]
        if min(len(words[-1]), len(text)) < _SHORTEST_BEGINNING or text in vocabulary.common or text.isdecimal():
            return None
        if begun := self.beginning(text):
            return Strength.BEGINNING, begun
        return (Strength.WORD, self.word[text]) if text in self.word else None


def _mentions(words: Sequence[str], free: Sequence[bool], index: _Index, vocabulary: Vocabulary) -> list[_Mention]:
    """Return what may be meant by the free words, the longest run of words first, never overlapping."""
    parts = [plain(word).split() for word in words]
    found: list[_Mention] = []
    position = 0
    while position < len(words):
        mention = None
        if free[position] and parts[position]:
            mention = _mention_at(position, parts, free, index, vocabulary)
        if mention is not None:
            found.append(mention)
        position = mention.last if mention else position + 1
    return found


def _mention_at(
    first: int, parts: list[list[str]], free: Sequence[bool], index: _Index, vocabulary: Vocabulary
) -> _Mention | None:
    best: _Mention | None = None
    run: list[str] = []
    for last in range(first, min(first + _LONGEST_NAME, len(parts))):
        if not free[last]:
            break
        run = [*run, *parts[last]]
        if not parts[last]:
            continue
        fit = index.find(run, vocabulary)
        if fit is not None and (best is None or fit[0] >= best.strength):
            names = tuple(sorted(fit[1], key=lambda name: (FIELDS.index(name.field), name.label, name.id)))
            best = _Mention(first, last + 1, fit[0], names)
    return best


def _settle(mentions: list[_Mention], names: Sequence[Name], answers: Mapping[str, str]) -> Named:
    """Decide each field from its mentions and from what a person answered."""
    named = Named()
    mentions = _one_field_each(mentions, answers)
    for field_name in FIELDS:
        _decide(field_name, mentions, names, answers, named)
    campaign = named.chosen.get("campaign")
    if campaign is not None:
        _follow(campaign, names, named)
    for field_name in REQUIRED:
        if field_name not in named.chosen and all(unsure.field != field_name for unsure in named.unsure):
            named.unsure.append(_ask(field_name, [name for name in names if name.field == field_name]))
    return named


def _one_field_each(mentions: list[_Mention], answers: Mapping[str, str]) -> list[_Mention]:
    """Leave out of a mention the fields that another one names as well or better, or that were answered otherwise."""
    settled: list[_Mention] = []
    for mention in mentions:
        fields = mention.fields
        if len(fields) > 1:
            answered = {name.field for name in mention.names if answers.get(name.field) == name.id}
            elsewhere = {
                one
                for one in fields
                if (one in answers and one not in answered)
                or any(
                    other is not mention and other.fields == {one} and other.strength >= mention.strength
                    for other in mentions
                )
            }
            fields = set(list(answered)[:1]) or (fields - elsewhere) or fields
        settled.append(
            _Mention(
                mention.first,
                mention.last,
                mention.strength,
                tuple(name for name in mention.names if name.field in fields),
            )
        )
    return settled


def _decide(
    field_name: NameField,
    mentions: list[_Mention],
    names: Sequence[Name],
    answers: Mapping[str, str],
    named: Named,
) -> None:
    of_field = [mention for mention in mentions if mention.of(field_name)]
    answer = answers.get(field_name)
    if answer is not None:
        chosen = next((name for name in names if name.field == field_name and name.id == answer), None)
        if chosen is not None:
            named.chosen[field_name] = chosen
            _take(field_name, [mention for mention in of_field if chosen in mention.names], named)
        if chosen is not None or not answer:
            return
    if not of_field:
        return
    strongest = max(mention.strength for mention in of_field)
    leading = [mention for mention in of_field if mention.strength == strongest]
    meant = {name for mention in leading for name in mention.of(field_name)}
    if field_name == "campaign":
        meant = {name for name in meant if _fits(name, named.chosen.get("client"), None)} or meant
    _take(field_name, leading, named)
    if len(meant) == 1 and all(mention.fields == {field_name} for mention in leading):
        named.chosen[field_name] = next(iter(meant))
        return
    named.unsure.append(_ask(field_name, sorted(meant, key=lambda name: (name.label, name.id))))


def _take(field_name: NameField, mentions: list[_Mention], named: Named) -> None:
    for mention in mentions:
        for position in range(mention.first, mention.last):
            named.taken.setdefault(position, field_name)


def _follow(campaign: Name, names: Sequence[Name], named: Named) -> None:
    """Let a campaign say which client and which platform it belongs to, where the line says nothing else."""
    for field_name, wanted in (("client", campaign.client_id), ("platform", campaign.platform)):
        said = next((name for name in names if name.field == field_name and name.id == wanted), None)
        if said is not None and all(unsure.field != field_name for unsure in named.unsure):
            named.chosen.setdefault(field_name, said)  # pyright: ignore[reportArgumentType]


def _ask(field_name: NameField, names: Sequence[Name]) -> Unsure:
    return Unsure(field_name, tuple(Candidate(name.id, name.label) for name in names))
