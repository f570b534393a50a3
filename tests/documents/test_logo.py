"""The logo: what is taken, what is refused and why, and that a document with one is still a PDF/A-3B."""

import hashlib
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, PngImagePlugin

from agency_app.documents.invoice_pdf import render_invoice
from agency_app.documents.logo import KEPT_HEIGHT, KEPT_WIDTH, LARGEST_BYTES, BadLogo, logo_of, size_of
from tests.documents.test_translation import of_today

AT = datetime(2026, 11, 30, 16, 20, 5, tzinfo=UTC)
HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">'
SVG = HEAD + b'<title>Halden</title><rect width="40" height="40" rx="6" fill="#c00"/><path d="M50 5h60v30h-60z"/></svg>'


def picture(mode: str = "RGBA", size: tuple[int, int] = (300, 100), kind: str = "PNG", **options: Any) -> bytes:
    content = BytesIO()
    Image.new(
        mode, size, {"RGBA": (200, 0, 0, 128), "RGB": (200, 0, 0), "CMYK": (0, 255, 255, 40), "L": 90}[mode]
    ).save(content, kind, **options)
    return content.getvalue()


def drawn(content: bytes) -> bytes:
    snapshot = of_today("en")
    snapshot["seller"] |= {"logo": hashlib.sha256(content).hexdigest()}
    return render_invoice(snapshot, AT, logo=content)


@pytest.mark.parametrize(
    "uploaded",
    [picture(), picture("RGB", kind="JPEG"), picture("CMYK", kind="JPEG"), picture("L"), picture(size=(5000, 300))],
    ids=["see-through", "JPEG", "CMYK", "grey", "wide"],
)
def test_a_picture_is_kept_as_an_opaque_png_of_the_letterheads_size(uploaded: bytes) -> None:
    logo = logo_of(uploaded)
    assert logo.media_type == "image/png"
    with Image.open(BytesIO(logo.content)) as kept:
        assert (kept.format, kept.mode) == ("PNG", "RGB")
        assert kept.width <= KEPT_WIDTH
        assert kept.height <= KEPT_HEIGHT
    assert logo_of(uploaded) == logo


def test_what_a_camera_wrote_into_a_picture_is_not_kept() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "52.37 N, 4.89 E")
    assert b"52.37" not in logo_of(picture(pnginfo=notes)).content


def test_an_svg_of_shapes_is_kept_as_it_is() -> None:
    assert logo_of(SVG).content == SVG
    assert size_of(SVG) == (120, 40)


@pytest.mark.parametrize(
    ("uploaded", "says"),
    [
        (b"", "cannot|not a picture"),
        (b"GIF89a" + bytes(50), "PNG, JPEG or SVG"),
        (picture(size=(10, 10)), "pixels"),
        (picture(size=(7000, 50)), "pixels"),
        (picture()[:60], "PNG, JPEG or SVG"),
        (bytes(LARGEST_BYTES + 1), "1 MB"),
        (b"<svg", "not an SVG"),
        (b"<html><body/></html>", "not an SVG"),
        (SVG.replace(b' viewBox="0 0 120 40"', b""), "viewBox"),
        (HEAD + b"</svg>", "shapes"),
        (HEAD + b"<rect width='1' height='1'/>" * 501 + b"</svg>", "shapes"),
        (HEAD + b"<text font-family='Arial'>Halden</text></svg>", "text"),
        (HEAD + b"<script>alert(1)</script></svg>", "<script>"),
        (HEAD + b"<style>path{fill:red}</style></svg>", "<style>"),
        (HEAD + b"<image href='https://x.example/a.png'/></svg>", "<image>"),
        (HEAD + b"<foreignObject/></svg>", "<foreignObject>"),
        (HEAD + b"<linearGradient/></svg>", "<linearGradient>"),
        (HEAD + b"<rect onload='x()' width='1' height='1'/></svg>", "onload"),
        (HEAD + b"<rect fill='url(#a)' width='1' height='1'/></svg>", "fill"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG, "document type"),
    ],
)
def test_what_cannot_be_a_logo_is_refused_with_what_to_do(uploaded: bytes, says: str) -> None:
    with pytest.raises(BadLogo, match=says):
        logo_of(uploaded)


@pytest.mark.parametrize("uploaded", [picture(), picture("CMYK", kind="JPEG"), SVG], ids=["PNG", "CMYK", "SVG"])
def test_a_document_with_a_logo_embeds_all_its_fonts_and_is_the_same_every_time(uploaded: bytes) -> None:
    content = logo_of(uploaded).content
    document = drawn(content)
    assert drawn(content) == document
    with pikepdf.open(BytesIO(document)) as pdf:
        fonts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
        assert fonts
        assert all("+Inter" in str(font.BaseFont) for font in fonts)
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image":
                assert str(thing.ColorSpace) == "/DeviceRGB"
                assert "/SMask" not in thing
                assert not thing.get("/Interpolate", False)
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")


def test_the_logo_stands_in_the_corner_of_every_page_and_the_initial_does_not() -> None:
    document = pypdfium2.PdfDocument(drawn(SVG))
    assert len(document) == 2
    for page in document:
        corner = page.render(scale=1).to_pil().crop((42, 38, 80, 74)).convert("RGB").getcolors(10_000) or []
        assert any(red > 150 and green < 60 and blue < 60 for _, (red, green, blue) in corner)
        assert page.get_textpage().get_text_range().lstrip()[:1] != "H"


def test_another_logo_than_the_snapshots_is_refused() -> None:
    snapshot = of_today("en")
    with pytest.raises(ValueError, match="logo"):
        render_invoice(snapshot, AT, logo=SVG)
    snapshot["seller"] |= {"logo": hashlib.sha256(SVG).hexdigest()}
    with pytest.raises(ValueError, match="logo"):
        render_invoice(snapshot, AT)
