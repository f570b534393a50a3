"""An A4 sheet of a PDF/A-3B document: places text by CSS pixels, and knows the house fonts, colours and furniture.

One user unit is one CSS pixel (0.75 pt), so the measures of the design are used as they are. Everything is placed by
hand: fpdf2's own tables and cells take several times longer, and a work log has hundreds of rows.
"""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

from fpdf import FPDF
from fpdf.fonts import TTFFont

from agency_app.documents.logo import size_of

FONTS = Path(__file__).parent / "fonts"
PRODUCER = "agency_app"

LEFT, RIGHT, TOP, BOTTOM = 56.0, 738.0, 54.0, 1046.0
_WIDTH, _FOOTER_LINE = 794.0, 1064.0
_LOGO_WIDTH, _LOGO_HEIGHT = 260.0, 48.0
PAGE_HEIGHT = 297 * 96 / 25.4

Colour = tuple[int, int, int]
TEXT: Colour = (30, 28, 25)
TEXT_2: Colour = (87, 83, 75)
TEXT_3: Colour = (110, 106, 97)
LINE: Colour = (229, 226, 220)
LINE_2: Colour = (211, 207, 199)
SUNKEN: Colour = (241, 239, 235)
WHITE: Colour = (255, 255, 255)
_GHOST: Colour = (243, 240, 235)

Face = Literal["Inter", "InterMedium", "InterSemiBold", "InterDisplay", "Liberation", "LiberationBold"]
_FILES: dict[Face, str] = {
    "Inter": "Inter-Regular.ttf",
    "InterMedium": "Inter-Medium.ttf",
    "InterSemiBold": "Inter-SemiBold.ttf",
    "InterDisplay": "InterDisplay-SemiBold.ttf",
}
_SLIP_FILES: dict[Face, str] = {
    "Liberation": "LiberationSans-Regular.ttf",
    "LiberationBold": "LiberationSans-Bold.ttf",
}
"""The faces of a Swiss payment slip, which most documents have no use for."""
_DISPLAY_TRACKING = -0.02  # of the size, as in the design
_MISSING = "□"
_INVISIBLE = {"Cf", "Mn", "Me", "Cc", "Cs"}


class Style(NamedTuple):
    """How a piece of text looks: its face, size in pixels and colour."""

    face: Face
    size: float
    colour: Colour = TEXT

    def tinted(self, colour: Colour) -> "Style":
        """Return this style in another colour."""
        return self._replace(colour=colour)


class Column(NamedTuple):
    """A column of a table: its heading, the edge its text starts from (or ends at), and its width, in pixels."""

    name: str
    edge: float
    width: float
    right: bool = False
    is_date: bool = False

    @property
    def whole(self) -> bool:
        """Whether its words are set smaller rather than broken where they are too wide: figures and dates."""
        return self.right or self.is_date


class Sheet(FPDF):
    """A document under construction. `y` is where the next block goes, in pixels from the top of the current page."""

    def __init__(
        self,
        title: str,
        author: str,
        subject: str,
        rendered_at: datetime,
        language: str = "en",
        logo: bytes | None = None,
    ) -> None:
        """Open an empty document in a language, with a logo (PNG or SVG) for its letterhead. `rendered_at` must be aware;
        it is the only time that gets into the file."""
        if rendered_at.tzinfo is None:
            raise ValueError("The time of rendering needs a time zone.")
        super().__init__(unit=0.75, format="A4", enforce_compliance="PDF/A-3B")
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.set_lang(language)
        self.creation_date = rendered_at.astimezone(UTC).replace(microsecond=0)
        self.set_title(title)
        self.set_author(author)
        self.set_subject(subject)
        self._described = (title, author, subject, rendered_at)
        self.set_xmp_metadata(_xmp(*self._described))
        fonts = {face: self._with_font(face) for face in _FILES}
        self._widths = {face: font.cw for face, font in fonts.items()}
        self._logo = logo
        self._footers: dict[int, float] = {}
        self._known = frozenset.intersection(*(frozenset(font.cmap) for font in fonts.values()))
        self._ink: Colour | None = None
        self.set_fill_color(*WHITE)

    def attach(self, content: bytes, name: str, description: str, xmp: str) -> None:
        """Embed an XML file that says the same as the document (PDF/A-3, AFRelationship Alternative), and add to the
        metadata the descriptions that go with it."""
        self.embed_file(
            bytes=content,
            basename=name,
            desc=description,
            mime_type="text/xml",
            associated_file_relationship="Alternative",
            modification_date=self._described[3].astimezone(UTC).replace(microsecond=0),
            compress=True,
            checksum=True,
        )
        self.set_xmp_metadata(_xmp(*self._described, further=xmp))

    def open_slip_fonts(self) -> None:
        """Make the faces of a Swiss payment slip known to this document."""
        for face in _SLIP_FILES:
            if face not in self._widths:
                self._widths[face] = self._with_font(face).cw

    def _with_font(self, face: Face) -> TTFFont:
        self.add_font(face, "", FONTS / (_FILES | _SLIP_FILES)[face])
        font = self.fonts[face.lower()]
        assert isinstance(font, TTFFont)
        return font

    # Words -----------------------------------------------------------------------------------------------------------

    def legible(self, text: object) -> str:
        """Return text on one line that the fonts can draw: what they lack shows as one box a run, never as nothing."""
        plain = str(text or "")
        if plain.isascii() and plain.isprintable():
            return plain
        drawn: list[str] = []
        for character in unicodedata.normalize("NFC", plain):
            if ord(character) in self._known:
                drawn.append(character)
            elif character.isspace():
                drawn.append(" " if character in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85" else "\N{NO-BREAK SPACE}")
            elif unicodedata.category(character) not in _INVISIBLE and drawn[-1:] != [_MISSING]:
                drawn.append(_MISSING)
        return "".join(drawn)

    def width(self, text: str, style: Style) -> float:
        """Return how wide legible text is, in pixels."""
        widths = self._widths[style.face]
        tracking = _DISPLAY_TRACKING * len(text) if style.face == "InterDisplay" else 0
        return (sum(widths[ord(character)] for character in text) / 1000 + tracking) * style.size

    def wrapped(self, text: object, style: Style, width: float, first: float | None = None) -> list[str]:
        """Return text broken into lines that fit a width; `first` is the width of the first line when it differs.

        Breaks at spaces and at the text's own line feeds; a word longer than a line is cut, after a hyphen or a slash
        where it has one.
        """
        lines: list[str] = []
        for paragraph in str(text or "").splitlines():
            lines += self._broken(self.legible(paragraph), style, width, first if not lines else None)
        return lines

    def _broken(self, text: str, style: Style, width: float, first: float | None) -> list[str]:
        room = width if first is None else first
        if self.width(text, style) <= room:
            return [text]
        lines: list[str] = []
        line = ""
        for word in text.split(" "):
            longer = f"{line} {word}" if line else word
            if self.width(longer, style) <= room:
                line = longer
                continue
            if line or (first is not None and not lines):
                lines.append(line)
                room = width
            while self.width(word, style) > room:
                cut = self._fitting(word, style, room)
                cut = max(word.rfind("-", 0, cut), word.rfind("/", 0, cut)) + 1 or cut
                lines.append(word[:cut])
                word = word[cut:]
            line = word
        return [*lines, line]

    def _fitting(self, word: str, style: Style, room: float) -> int:
        cut = 1
        while cut < len(word) and self.width(word[: cut + 1], style) <= room:
            cut += 1
        return cut

    def clipped(self, text: object, style: Style, width: float) -> str:
        """Return text that fits a width on one line, its end replaced by an ellipsis where it must be."""
        whole = self.legible(text)
        if self.width(whole, style) <= width:
            return whole
        return whole[: self._fitting(whole, style, width - self.width("…", style))].rstrip() + "…"

    def put(self, x: float, y: float, leading: float, text: object, style: Style, width: float = 0) -> float:
        """Write one line of text whose line box starts at `y` and is `leading` high; return where the text ends.

        A text wider than `width` (when given) is set smaller until it fits, so that an amount is never cut.
        """
        line = self.legible(text)
        if not line:
            return x
        long = self.width(line, style)
        if width and long > width:
            style = style._replace(size=style.size * width / long)
            long = width
        self._write(x, y + leading / 2 + 0.364 * style.size, line, style)
        return x + long

    def put_right(self, right: float, y: float, leading: float, text: object, style: Style, width: float = 0) -> float:
        """Write one line of text that ends at `right`, smaller where `width` asks for it; return where it starts."""
        line = self.legible(text)
        long = self.width(line, style)
        if width and long > width:
            style = style._replace(size=style.size * width / long)
            long = width
        self.put(right - long, y, leading, line, style)
        return right - long

    def put_lines(self, x: float, y: float, leading: float, lines: list[str], style: Style) -> float:
        """Write lines below each other; return the y below the last."""
        for line in lines:
            self.put(x, y, leading, line, style)
            y += leading
        return y

    def _write(self, x: float, baseline: float, line: str, style: Style) -> None:
        points = round(style.size * 0.75, 3)
        family = style.face.lower()
        if self.font_family != family or self.font_size_pt != points:
            self.set_font(family, "", points)
        if self._ink != style.colour:
            self._ink = style.colour
            self.set_text_color(*style.colour)
        self.set_char_spacing(_DISPLAY_TRACKING * points if style.face == "InterDisplay" else 0)
        self.text(x, baseline, line)

    # Lines and boxes -------------------------------------------------------------------------------------------------

    def rule(
        self, y: float, colour: Colour = LINE, thickness: float = 1, left: float = LEFT, right: float = RIGHT
    ) -> None:
        """Draw a horizontal line whose upper edge is at `y`."""
        self.set_draw_color(*colour)
        self.set_line_width(thickness)
        self.line(left, y + thickness / 2, right, y + thickness / 2)

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: Colour | None,
        border: Colour | None = None,
        radius: float = 0,
    ) -> None:
        """Draw a rectangle, filled, outlined, or both."""
        if fill:
            self.set_fill_color(*fill)
        if border:
            self.set_draw_color(*border)
            self.set_line_width(1)
        style = ("D" if border else "") + ("F" if fill else "")
        self.rect(x, y, w, h, style=style, round_corners=radius > 0, corner_radius=radius)

    def fill_boxes(self, boxes: list[tuple[float, float, float, float]], colour: Colour) -> None:
        """Fill boxes (x, y, width, height) as one shape, between whose parts no seam can show."""
        if not boxes:
            return
        self.set_fill_color(*WHITE)  # so that the next line writes the colour whatever was set before
        self.set_fill_color(*colour)
        scale, page_height = self.k, self.h
        drawn = [
            f"{x * scale:.3f} {(page_height - y - height) * scale:.3f} {width * scale:.3f} {height * scale:.3f} re"
            for x, y, width, height in boxes
        ]
        self._out(f"{' '.join(drawn)} f")

    def dash(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a dashed hairline, along which something is torn off."""
        self.set_draw_color(0, 0, 0)
        self.set_line_width(0.8)
        self.set_dash_pattern(dash=3, gap=3)
        self.line(x1, y1, x2, y2)
        self.set_dash_pattern()

    # Pages -----------------------------------------------------------------------------------------------------------

    def open_page(self, name: str, heading: str, subtitle: str, watermark: str) -> None:
        """Start a page with its letterhead: the sender's initial and name, the heading, the subtitle below it, and the
        watermark, where there is one, behind all."""
        self.add_page()
        if watermark:
            self._ghost(watermark)
        heading_style, subtitle_style = Style("InterDisplay", 26), Style("Inter", 13, TEXT_2)
        room = RIGHT - self.width(heading, heading_style) - LEFT - 60
        if self._logo is None:
            self._initial_and_name(name, room)
        else:
            self._draw_logo(self._logo, room)
        self.put_right(RIGHT, TOP, 28, heading, heading_style)
        self.put_right(RIGHT, TOP + 31, 18, self.clipped(subtitle, subtitle_style, RIGHT - LEFT), subtitle_style)
        self.y = TOP + 49

    def _initial_and_name(self, name: str, room: float) -> None:
        self.box(LEFT, TOP, 26, 26, TEXT, radius=6)
        initial = next((letter for letter in self.legible(name) if letter.isalnum()), _MISSING).upper()[:1]
        mark = Style("InterSemiBold", 16, WHITE)
        self.put(LEFT + 13 - self.width(initial, mark) / 2, TOP, 26, initial, mark)
        name_style = Style("InterSemiBold", 16)
        self.put(LEFT + 36, TOP, 26, self.clipped(name, name_style, room), name_style)

    def _draw_logo(self, logo: bytes, room: float) -> None:
        """Draw the logo in the corner of the letterhead, as large as its height and the heading beside it allow."""
        width, height = size_of(logo)
        scale = min(_LOGO_HEIGHT / height, min(_LOGO_WIDTH, room + 36) / width)
        self.image(BytesIO(logo), LEFT, TOP - 3, w=width * scale, h=height * scale)

    def _ghost(self, word: str) -> None:
        style = Style("InterDisplay", 190 if len(word) < 6 else 130, _GHOST)
        middle_x, middle_y = _WIDTH / 2, 575.0
        with self.rotation(38, middle_x, middle_y):
            self.put(middle_x - self.width(word, style) / 2, middle_y - style.size / 2, style.size, word, style)
        # The rotation's own graphics state ends with it, and with it what fpdf2 believes to be set on the page.
        self.current_font_is_set_on_page = False
        self.char_spacing = 0

    def raise_footer(self, y: float) -> None:
        """Put the footer of the current page at `y`, above what stands at the foot of the page."""
        self._footers[self.page] = y

    def number_pages(self, left: str, middle: str, page_of: Callable[[int, int], str]) -> None:
        """Write the footer on every page, once their number is known; `page_of` says `page 1 of 2`."""
        style, pages = Style("Inter", 11, TEXT_3), len(self.pages)
        for page in range(1, pages + 1):
            self.page = page
            # fpdf2 remembers the state of the last page only: say everything again on this one.
            self.current_font_is_set_on_page = False
            self.char_spacing = 1.0
            self.set_char_spacing(0)
            self.set_fill_color(*WHITE)
            foot = self._footers.get(page, _FOOTER_LINE)
            self.rule(foot)
            number = self.clipped(middle, style, 180)
            half = self.width(number, style) / 2
            self.put(LEFT, foot + 11, 14, self.clipped(left, style, 320 - half), style)
            self.put((LEFT + RIGHT) / 2 - half, foot + 11, 14, number, style)
            self.put_right(RIGHT, foot + 11, 14, page_of(page, pages), style)

    def table_head(self, columns: tuple[Column, ...], padding: float) -> None:
        """Write a table's heading row under a heavy line; the caller draws what closes it."""
        self.rule(self.y, TEXT, 1.5)
        style = Style("InterMedium", 11, TEXT_3)
        for column in columns:
            put = self.put_right if column.right else self.put
            put(column.edge, self.y + 1.5 + padding, 14, column.name, style, column.width)
        self.y += 1.5 + padding + 14 + padding

    def mark(self, link: int, y: float) -> None:
        """Make a place on the current page the target of a link."""
        self.set_link(link, y=max(y - 8, 0), page=self.page)


@lru_cache(maxsize=1)
def _xmp_frame() -> str:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>"
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
        "<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>"
        '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>'
        "</rdf:Description>"
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><xmp:CreatorTool>{producer}</xmp:CreatorTool>'
        "<xmp:CreateDate>{time}</xmp:CreateDate><xmp:ModifyDate>{time}</xmp:ModifyDate>"
        "<pdf:Producer>{producer}</pdf:Producer></rdf:Description>{further}</rdf:RDF></x:xmpmeta>"
    )


def _xmp(title: str, author: str, subject: str, rendered_at: datetime, further: str = "") -> str:
    """Return our own XMP packet: fpdf2's carries the time of writing, so its bytes would differ each time."""
    clean = {
        name: escape("".join(character for character in text if character.isprintable()))
        for name, text in {"title": title, "author": author, "subject": subject}.items()
    }
    time = rendered_at.astimezone(UTC).replace(microsecond=0).isoformat()
    return _xmp_frame().format(**clean, producer=PRODUCER, time=time, further=further)
