"""The agency's logo: what an uploaded picture must be, and the one form in which it is kept and drawn.

A picture of pixels is kept as a PNG without transparency and without what cameras and editors wrote into it. An SVG is
kept as it is, when it holds shapes alone: text would need a font that the document does not embed, and scripts, styles
and links have no place in a document (ISO 19005-3).
"""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Literal
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_BYTES = 1_000_000
LONGEST_SIDE, SHORTEST_SIDE = 6_000, 32
KEPT_WIDTH, KEPT_HEIGHT = 1_200, 400
"""What is kept of a picture of pixels: 600 dots an inch at the size of the letterhead."""
MOST_SHAPES = 500
LARGEST_MEASURE = 1e6

MediaType = Literal["image/png", "image/svg+xml"]
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_ALLOWED = _SHAPES | {"svg", "g", "title", "desc", "metadata", "defs"}


class BadLogo(ValueError):
    """A picture that cannot be a logo; the message says why and what to do."""


@dataclass(frozen=True)
class Logo:
    """A logo as it is kept and drawn."""

    media_type: MediaType
    content: bytes


def logo_of(uploaded: bytes) -> Logo:
    """Return a PNG, JPEG or SVG file as a logo. Raises BadLogo with what to do when it is none of them, too large, or
    holds what a document must not."""
    if len(uploaded) > LARGEST_BYTES:
        raise BadLogo("The file is larger than 1 MB. Save it smaller, or as an SVG.")
    if uploaded.lstrip()[:1] == b"<" or uploaded[:3] == b"\xef\xbb\xbf":
        return Logo("image/svg+xml", _checked_svg(uploaded))
    return Logo("image/png", _as_png(uploaded))


def size_of(kept: bytes) -> tuple[float, float]:
    """Return the width and height of a logo as it is kept, in measures of its own."""
    if kept.lstrip()[:1] == b"<" or kept[:3] == b"\xef\xbb\xbf":
        return _viewbox(fromstring(kept, forbid_dtd=True))
    with Image.open(BytesIO(kept), formats=("PNG",)) as picture:
        return float(picture.width), float(picture.height)


def _as_png(uploaded: bytes) -> bytes:
    try:
        with Image.open(BytesIO(uploaded), formats=("PNG", "JPEG")) as picture:
            if not SHORTEST_SIDE <= min(picture.size) <= max(picture.size) <= LONGEST_SIDE:
                raise BadLogo(f"A logo has between {SHORTEST_SIDE} and {LONGEST_SIDE} pixels on each side.")
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadLogo("This is not a picture that can be read. Choose a PNG, JPEG or SVG file.") from error
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    flat.thumbnail((KEPT_WIDTH, KEPT_HEIGHT), Image.Resampling.LANCZOS)
    kept = BytesIO()
    flat.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _checked_svg(uploaded: bytes) -> bytes:
    try:
        root = fromstring(uploaded, forbid_dtd=True)
    except DefusedXmlException:
        raise BadLogo("The SVG declares a document type or entities. Save it as a plain SVG.") from None
    except (ParseError, ValueError, LookupError):
        raise BadLogo("This is not an SVG that can be read.") from None
    if root.tag != f"{_SVG}svg":
        raise BadLogo("This is not an SVG that can be read.")
    shapes = 0
    for element in root.iter():
        shapes += _check_element(element)
    if not 0 < shapes <= MOST_SHAPES:
        raise BadLogo(f"An SVG logo has between 1 and {MOST_SHAPES} shapes; this one has {shapes}.")
    _viewbox(root)
    _try_drawing(uploaded)
    return uploaded


def _check_element(element: Element) -> int:
    """Return how many shapes an element is, 0 or 1. Raises BadLogo for one that a logo must not have."""
    name = element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else ""
    if name == "text":
        raise BadLogo("The SVG holds text. Turn it into paths, so that it looks the same everywhere.")
    foreign = name.startswith("{") and not name.startswith("{http://www.w3.org/")  # an editor's own notes
    if name not in _ALLOWED and not foreign:
        raise BadLogo(f"The SVG holds a <{name[:40]}>. A logo is of shapes in plain colours: save it so, or as a PNG.")
    for attribute, value in element.attrib.items():
        plain = attribute.rpartition("}")[2].lower()
        if plain.startswith("on") or plain == "href" or "url(" in value.lower():
            raise BadLogo(f"The SVG refers to something else ({plain[:40]}). Save it with everything inside.")
    return name in _SHAPES


def _viewbox(root: Element) -> tuple[float, float]:
    """Return the width and height of an SVG's own measure. Raises BadLogo for one without."""
    try:
        _, _, width, height = map(float, re.split(r"[\s,]+", root.get("viewBox", "").strip()))
    except ValueError:
        width = height = 0.0
    if not (0 < width < LARGEST_MEASURE and 0 < height < LARGEST_MEASURE):
        raise BadLogo("The SVG does not say how large it is: give it a viewBox.")
    return width, height


def _try_drawing(svg: bytes) -> None:
    from fpdf import FPDF  # takes seconds, and is asked for here alone

    trial = FPDF()
    trial.add_page()
    try:
        trial.image(BytesIO(svg), 0, 0, w=50)
        trial.output()
    except Exception as error:  # whatever a shape can break in the library that draws it
        raise BadLogo("This SVG cannot be drawn. Save it as a plain SVG, or as a PNG.") from error
