"""XML by hand: the same content gives the same bytes, and what has nothing to say leaves no empty element behind."""

from xml.sax.saxutils import escape, quoteattr


class Xml(str):
    """Finished XML, as against text that still has to be escaped."""


def element(name: str, *content: str, **attributes: str) -> Xml:
    """Return an element of text or of other elements; empty content makes it vanish.

    Attributes without a value are left out. Characters that XML cannot hold are dropped.
    """
    inner = "".join(part if isinstance(part, Xml) else escape(_legal(part)) for part in content)
    return Xml(f"<{name}{_written(attributes)}>{inner}</{name}>") if inner else Xml("")


def empty(name: str) -> Xml:
    """Return an element that has to be there, without content."""
    return Xml(f"<{name}/>")


def document(name: str, namespaces: dict[str, str], *content: Xml) -> bytes:
    """Return a whole document in UTF-8; `namespaces` by prefix, "" for the default one."""
    declared = {f"xmlns:{prefix}" if prefix else "xmlns": uri for prefix, uri in namespaces.items()}
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}{_written(declared)}>{"".join(content)}</{name}>\n'
    return text.encode("utf-8")


def _written(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(_legal(value))}" for name, value in attributes.items() if value)


def _legal(text: str) -> str:
    """Return text on one line without the characters that XML 1.0 forbids."""
    kept = (
        character
        for character in text
        if character in "\t\n\r"
        or " " <= character <= "\ud7ff"
        or "\ue000" <= character <= "\ufffd"
        or character > "\uffff"
    )
    return " ".join("".join(kept).split())
