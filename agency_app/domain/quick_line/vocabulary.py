"""The words of one language that the quick line understands. Another language is another `Vocabulary`."""

from dataclasses import dataclass

Words = tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The words of a language, all in lower case. What is a name (clients, platforms) is no vocabulary."""

    language: str
    hours: Words
    """Units behind a number: `2h`, `2 hours`."""
    minutes: Words
    before_noon: Words
    after_noon: Words
    noon: Words
    begins: Words
    """Before a clock time: it is the start (`at 9`)."""
    ends: Words
    """Before a clock time: it is the end (`until 9pm`); between two, they are a range."""
    between: Words
    """Between two clock times: they are a range (`9 to 10:30`)."""
    days: tuple[tuple[str, int], ...]
    """Day words and how many days they are from today."""
    weekdays: tuple[Words, ...]
    """Monday first; each with its short forms."""
    months: tuple[Words, ...]
    last: Words
    """Before a weekday: the one before today."""
    ordinals: Words
    """Endings of a day's number: `17th`."""
    day_first: bool
    """Whether 3/4 is the third of April."""
    links: Words
    """Small words that say nothing by themselves before what is understood: `for`, `on`, `with`."""
    common: Words
    """Words of every sentence, never taken for the beginning of a name."""
    synonyms: tuple[tuple[str, str], ...]
    """Other words for kinds of work, and the beginning of the name that they stand for."""
    deeds: tuple[tuple[str, str], ...]
    """What a person did, and the kind of work that is: it stays in the note, and counts where no kind is named."""


ENGLISH = Vocabulary(
    language="en",
    hours=("h", "hr", "hrs", "hour", "hours"),
    minutes=("m", "min", "mins", "minute", "minutes"),
    before_noon=("am", "a.m."),
    after_noon=("pm", "p.m."),
    noon=("noon", "midday"),
    begins=("at", "@", "from", "since"),
    ends=("until", "till", "til"),
    between=("to", "-", "–", "—"),
    days=(("today", 0), ("yesterday", -1), ("tomorrow", 1)),
    weekdays=(
        ("monday", "mon"),
        ("tuesday", "tues", "tue"),
        ("wednesday", "wed"),
        ("thursday", "thurs", "thur", "thu"),
        ("friday", "fri"),
        ("saturday", "sat"),
        ("sunday", "sun"),
    ),
    months=(
        ("january", "jan"),
        ("february", "feb"),
        ("march", "mar"),
        ("april", "apr"),
        ("may",),
        ("june", "jun"),
        ("july", "jul"),
        ("august", "aug"),
        ("september", "sept", "sep"),
        ("october", "oct"),
        ("november", "nov"),
        ("december", "dec"),
    ),
    last=("last",),
    ordinals=("st", "nd", "rd", "th"),
    day_first=True,
    links=("for", "on", "with", "at", "in", "of"),
    common=(
        "about", "after", "all", "also", "and", "are", "before", "but", "day", "for", "from", "had", "have", "her", "his",
        "into", "its", "more", "new", "not", "off", "one", "our", "out", "over", "per", "put", "set", "some", "that",
        "the", "their", "them", "then", "this", "two", "was", "week", "were", "with", "you",
    ),
    synonyms=(
        ("optimization", "optimisation"),
        ("optimize", "optimisation"),
        ("optimise", "optimisation"),
        ("optimized", "optimisation"),
        ("optimised", "optimisation"),
        ("optimizing", "optimisation"),
        ("optimising", "optimisation"),
        ("calls", "call"),
        ("meeting", "call"),
        ("reports", "report"),
        ("reported", "report"),
        ("creatives", "creative"),
        ("audiences", "audience"),
        ("builds", "build"),
    ),
    deeds=tuple(
        (deed, "optimisation")
        for deed in (
            "rebalance", "rebalanced", "rebalancing", "reallocated", "shifted", "scaled", "paused", "adjusted", "tweaked",
        )
    ),
)  # fmt: skip

_KNOWN = {vocabulary.language: vocabulary for vocabulary in (ENGLISH,)}


def vocabulary_for(locale: str) -> Vocabulary:
    """Return the vocabulary of a locale ("en", "en_GB", "nl-NL"); English when its language is not known yet."""
    return _KNOWN.get(locale.replace("-", "_").partition("_")[0].lower(), ENGLISH)
