"""Read a quick line against the workspace, and log it when nothing of it is unsure."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from agency_app.domain.quick_line import Name, Reading, Unsure, read_line, vocabulary_for
from agency_app.services.actor import Actor
from agency_app.services.line_days import read_day
from agency_app.services.log_time import Logged, LogTime, log_time
from agency_app.services.refusal import Refused
from agency_app.store import clients, people, work
from agency_app.store.engine import reading
from agency_app.tables import Campaign
from agency_app.tables.base import now
from agency_app.tables.client import NO_PLATFORM

LONGEST_LINE = 500
PLATFORMS: dict[str, tuple[str, ...]] = {
    "Meta": ("Meta Ads", "Facebook", "Facebook Ads", "Instagram", "fb", "ig"),
    "Google Ads": ("Google", "AdWords", "gads"),
    "TikTok": ("TikTok Ads", "Tik Tok"),
    "LinkedIn": ("LinkedIn Ads",),
}
"""The platforms every workspace knows, and what else people call them."""


class UnsureLine(Refused):
    """The line cannot be saved before its unsure fields are settled; `faults` lists each with its candidates."""

    def __init__(self, line: Reading, unsure: Sequence[Unsure]) -> None:
        self.line = line
        fields = ", ".join(one.field for one in unsure)
        super().__init__(f"Not saved, because this is unsure: {fields}.", unsure[0].field)
        self.faults = [
            f"{one.field}: {', '.join(answer.label for answer in one.candidates) or 'write it in the line'}"
            for one in unsure
        ]


def understand_line(
    actor: Actor, text: str, answers: Mapping[str, str] | None = None, at: datetime | None = None
) -> Reading:
    """Return what a line says to the actor at an aware instant (now, unless told); nothing is saved.

    `answers` holds the value of a chosen candidate by field, "" for no campaign or no platform. An answer counts only
    while the line asks for it and offers it, so an answer to what the line said before is forgotten. Raises Refused
    when the line is too long.
    """
    if len(text) > LONGEST_LINE:
        raise Refused(f"A line has at most {LONGEST_LINE} characters; this one has {len(text)}.", "text")
    with reading() as session:
        vocabulary = vocabulary_for(people.workspace(session, actor.workspace_id).locale)
        zone, instant = ZoneInfo(actor.zone), at or now()
        today = instant.astimezone(zone).date()
        read = partial(
            read_line,
            _storable(text),
            _names(session, actor.workspace_id),
            instant,
            zone,
            partial(read_day, today=today, vocabulary=vocabulary),
            vocabulary=vocabulary,
            free_starts=partial(_free_starts, session, actor),
        )
        return _answered(lambda accepted: read(answers=accepted), answers or {})


def log_line(
    actor: Actor, text: str, answers: Mapping[str, str] | None = None, at: datetime | None = None
) -> tuple[Reading, Logged]:
    """Log what a line says and return how it was understood.

    Raises UnsureLine when a field has to be asked for, Refused for a length of zero or over 24 hours, and as
    `log_time` does; nothing is saved then.
    """
    line = understand_line(actor, text, answers, at)
    refuse_impossible(line)
    if line.unsure:
        raise UnsureLine(line, line.unsure)
    assert line.client is not None
    assert line.activity is not None
    assert line.start is not None
    assert line.end is not None
    command = LogTime(
        line.client.id,
        line.activity.id,
        line.start,
        line.end,
        line.campaign.id if line.campaign else None,
        platform=line.platform.label if line.platform else "",
        note=line.note,
        tags=line.tags,
    )
    return line, log_time(actor, command)


def refuse_impossible(line: Reading) -> None:
    """Raise Refused when no answer can make an entry of the line."""
    if line.fault is not None:
        raise Refused(line.fault.message, line.fault.field)


def _answered(read: Callable[[Mapping[str, str]], Reading], answers: Mapping[str, str]) -> Reading:
    """Return the line with those answers that it asks for; an answer may lead to the next question."""
    accepted: dict[str, str] = {}
    while True:
        line = read(accepted)
        fitting = {
            question.field: answers[question.field]
            for question in line.unsure
            if question.field in answers
            and question.field not in accepted
            and _is_offered(question, answers[question.field])
        }
        if not fitting:
            return line
        accepted |= fitting


def _is_offered(question: Unsure, value: str) -> bool:
    if question.field in {"campaign", "platform"} and not value:
        return True
    if question.field == "seconds":
        return value.isascii() and value.isdecimal()  # the length until now is another one a minute later
    return value in {answer.value for answer in question.candidates}


def _names(session: Session, workspace_id: str) -> list[Name]:
    """Return everything of the workspace that a line can name."""
    campaigns = clients.campaigns(session, workspace_id)
    return [
        *(
            Name("client", client.id, client.name, (client.short_name, client.legal_name))
            for client in clients.clients(session, workspace_id)
        ),
        *(Name("activity", one.id, one.name, ()) for one in clients.activities(session, workspace_id)),
        *(Name("campaign", one.id, one.name, (), one.client_id, one.platform) for one in campaigns),
        *(Name("platform", platform, platform, PLATFORMS.get(platform, ())) for platform in _platforms(campaigns)),
    ]


def _platforms(campaigns: Sequence[Campaign]) -> list[str]:
    return list(dict.fromkeys([*PLATFORMS, *(one.platform for one in campaigns if one.platform != NO_PLATFORM)]))


def _free_starts(session: Session, actor: Actor, day: date) -> list[datetime]:
    """Return the end of the actor's last entry of a day: where the next one may well have begun."""
    entries = work.week_entries(session, actor.workspace_id, actor.member_id, day, day)
    return sorted(row.ended_at for row in entries if row.ended_at is not None)[-1:]


def _storable(text: str) -> str:
    """Return a text without what no database keeps: control characters, and halves of characters."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(" " if unicodedata.category(character) == "Cc" else character for character in whole)
