"""Two members at one entry: what the second one changed is laid over what the first one saved meanwhile. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WORDS = {
    "client_id": "the client",
    "retainer_id": "the retainer",
    "campaign_id": "the campaign",
    "activity_id": "the activity",
    "date": "the day",
    "start": "the start",
    "end": "the end",
    "duration": "the duration",
    "note": "the note",
    "tags": "the tags",
    "billable": "billable",
}
"""The fields of the entry's dialog, as they are called in a sentence."""
TIME = ("start", "end", "duration")
PLACE = ("client_id", "retainer_id", "campaign_id")
"""Retainer and campaign are of a client: where the two disagree on that, they go together."""


@dataclass(frozen=True)
class Merged:
    """An entry as it is to be: `values` by field, what of it is `theirs` (changed by them, untouched here), what is
    `mine`, and which of mine replace a change of theirs (`both`)."""

    values: dict[str, Any]
    theirs: tuple[str, ...]
    mine: tuple[str, ...]
    both: tuple[str, ...]

    @property
    def time_is_mine(self) -> bool:
        """Whether any of the day or the time is not what they saved."""
        return any(field in self.mine for field in ("date", *TIME))


def merged(seen: Mapping[str, Any], typed: Mapping[str, Any], now: Mapping[str, Any]) -> Merged:
    """Return what was typed over what stands now, as far as it was changed from what was `seen`.

    Start, end and duration are one thing: who changed one of them means all three.
    """
    mine = {field for field in WORDS if typed[field] != seen[field] and typed[field] != now[field]}
    groups = [TIME] + ([PLACE] if typed["client_id"] != now["client_id"] else [])
    for group in groups:
        if mine & set(group):
            mine |= {field for field in group if typed[field] != now[field]}
    changed = {field for field in WORDS if now[field] != seen[field]}
    return Merged(
        {field: typed[field] if field in mine else now[field] for field in WORDS},
        theirs=tuple(field for field in WORDS if field in changed - mine),
        mine=tuple(field for field in WORDS if field in mine),
        both=tuple(field for field in WORDS if field in changed & mine),
    )


def merged_words(who: str, found: Merged, now: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return what the dialog says of it; `names` are those of clients, retainers, campaigns and activities by id."""
    kept = "; ".join(_is_now(field, now, names) for field in found.theirs)
    lost = "; ".join(_is_now(field, now, names) for field in found.both)
    said = [f"{who} changed this entry after you opened it."]
    if kept:
        said.append(f"Kept of theirs: {kept}.")
    if lost:
        said.append(f"You both changed the same: {lost}. Keeping yours replaces that.")
    if not kept and not lost:
        said.append("Nothing that this form shows is different.")
    if found.mine:
        said.append(f"Yours: {_listed(WORDS[field] for field in found.mine)}.")
    return " ".join(said)


def changed_words(seen: Mapping[str, Any], now: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return what of an entry is different from what was seen, or that nothing is."""
    changed = [_is_now(field, now, names) for field in WORDS if now[field] != seen[field]]
    return "; ".join(changed) or "nothing that this form shows"


def _is_now(field: str, now: Mapping[str, Any], names: Mapping[str, str]) -> str:
    value = now[field]
    if field == "billable":
        return "it is billable now" if value else "it is not billable now"
    shown = {"none": "none, billed by the hour"}.get(value, "") if field == "retainer_id" else ""
    return f"{WORDS[field]} is now “{shown or names.get(value, value) or 'empty'}”"


def _listed(words: Iterable[str]) -> str:
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last
