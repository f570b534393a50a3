"""A hand on the week calendar: where a day and a time are on screen, and gestures made with a real mouse."""

from playwright.sync_api import Locator, Page


def place(page: Page, day: str, time: str, *, scroll: bool = True) -> tuple[float, float]:
    """Return the point of the page at a wall time ("21:00") of a day ("2026-11-17"), scrolled into view if asked."""
    hours, minutes = (int(part) for part in time.split(":"))
    lane = page.locator(f".wk-lane.wk-on-{day}")
    lane.wait_for()
    fraction = (hours * 60 + minutes) / 1440
    if scroll:
        lane.evaluate(
            """(lane, fraction) => {
            let pane = lane.parentElement;
            const longer = (box) => box.scrollHeight > box.clientHeight + 4;
            const scrolls = (box) => longer(box) && getComputedStyle(box).overflowY !== 'visible';
            while (pane && !scrolls(pane)) pane = pane.parentElement;
            const day = lane.getBoundingClientRect();
            const y = day.top + day.height * fraction;
            const box = pane.getBoundingClientRect();
            if (y < box.top + 60 || y > box.bottom - 120) pane.scrollTop += y - (box.top + box.height / 2);
        }""",
            fraction,
        )
    box = lane.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * fraction


def block(page: Page, entry_id: str) -> Locator:
    """Return the block of an entry."""
    return page.locator(f'[data-event-id="{entry_id}"]')


def press_at(page: Page, source: Locator, *, at_height: float = 6) -> tuple[float, float]:
    """Put the mouse down near the top of an element (pixels from its top, or from its bottom when negative)."""
    box = source.bounding_box()
    assert box is not None
    x = box["x"] + box["width"] / 2
    y = box["y"] + at_height if at_height >= 0 else box["y"] + box["height"] + at_height
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y


def carry(page: Page, x: float, y: float, steps: int = 12) -> None:
    """Move the pressed mouse to a point, as a hand does: in steps, the last of them twice."""
    page.mouse.move(x, y, steps=steps)
    page.mouse.move(x + 1, y + 1)


def drag_block(page: Page, entry_id: str, day: str, time: str, *, drop: bool = True) -> None:
    """Drag an entry so that it begins at a day and time; with ``drop=False`` the mouse stays down."""
    place(page, day, time)
    block(page, entry_id).scroll_into_view_if_needed()
    x, y = place(page, day, time, scroll=False)
    press_at(page, block(page, entry_id), at_height=9)
    carry(page, x, y + 9)
    if drop:
        page.mouse.up()


def drag_in(page: Page, source: Locator, day: str, time: str, *, drop: bool = True) -> None:
    """Drag an element from outside onto a day and time."""
    x, y = place(page, day, time)
    press_at(page, source)
    carry(page, x, y + 6)
    if drop:
        page.mouse.up()


def resize_block(page: Page, entry_id: str, day: str, end: str, *, drop: bool = True) -> None:
    """Pull the lower edge of an entry down or up to a time."""
    x, y = place(page, day, end)
    block(page, entry_id).hover()
    press_at(page, block(page, entry_id), at_height=-2)
    carry(page, x, y - 3)
    if drop:
        page.mouse.up()


def sweep(page: Page, day: str, start: str, end: str) -> None:
    """Draw an empty stretch on a day."""
    x, y = place(page, day, start)
    page.mouse.move(x, y + 3)
    page.mouse.down()
    _, below = place(page, day, end)
    carry(page, x, below - 4)
    page.mouse.up()


def tip(page: Page) -> str:
    """Return what the tip at the pointer says; empty when there is none."""
    found = page.locator("#wk-tip")
    return found.inner_text() if found.count() else ""


class Finger:
    """A finger on a touch screen: it holds, drags and lets go, by touch events of the browser itself."""

    def __init__(self, page: Page) -> None:
        """Touch a page whose context has a touch screen."""
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, hold_ms: int = 500, steps: int = 8) -> None:
        """Hold a place until it is picked up (or not at all: then it is a swipe), and let go at another."""
        (x, y), (to_x, to_y) = start, end
        self._touch("touchStart", x, y)
        self.page.wait_for_timeout(hold_ms)
        for step in range(1, steps + 1):
            self._touch("touchMove", x + (to_x - x) * step / steps, y + (to_y - y) * step / steps)
        if steps:
            self._touch("touchMove", to_x + 1, to_y + 1)
            self.page.wait_for_timeout(60)  # the last place is drawn before the finger goes up
        self._touch("touchEnd")

    def _touch(self, kind: str, *place: float) -> None:
        points = [{"x": place[0], "y": place[1]}] if place else []
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
