"""Draw a QR code on a sheet: as one filled path, so that no seams show between its modules."""

import segno

from agency_app.documents.sheet import Colour, Sheet

_INK: Colour = (0, 0, 0)


def draw_qr(sheet: Sheet, payload: str, x: float, y: float, size: float) -> None:
    """Draw what a code says as a square of `size` pixels without its quiet zone, at error correction level M.

    The bytes of the payload are UTF-8. Raises segno.DataOverflowError for what no QR code can hold.
    """
    code = segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8")
    rows = [bytes(row) for row in code.matrix]
    module = size / len(rows)
    boxes = [
        (x + start * module, y + line * module, (end - start) * module, module)
        for line, row in enumerate(rows)
        for start, end in _runs(row)
    ]
    sheet.fill_boxes(boxes, _INK)


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Return where runs of dark modules begin and end."""
    padded = b"\x00" + row + b"\x00"
    edges = [place for place in range(len(row) + 1) if padded[place] != padded[place + 1]]
    return list(zip(edges[::2], edges[1::2], strict=True))
