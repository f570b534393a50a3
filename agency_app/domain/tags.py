"""Tags of a time entry: free words to find work by, without the sign that marks them where they are typed."""

import re
from collections.abc import Iterable

_NOT_IN_A_TAG = re.compile(r"[^\w-]+")


def tag_of(text: str) -> str:
    """Return a typed tag as it is kept: in lower case, with hyphens for whatever is no letter, digit or underscore.

    Empty when nothing of it can be kept.
    """
    return _NOT_IN_A_TAG.sub("-", text.casefold()).strip("-")


def tags_text(tags: Iterable[str]) -> str:
    """Return tags as the one text that an entry keeps: each once, in the order of its characters, a space between."""
    return " ".join(sorted({tag_of(tag) for tag in tags} - {""}))


def tags_in(text: str) -> list[str]:
    """Return the tags that an entry's text holds."""
    return text.split()
