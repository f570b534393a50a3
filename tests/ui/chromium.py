"""One Chromium, opened and surely closed: a browser that does not answer must not hold up the tests for ever."""

import contextlib
import os
import signal
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

from tests.run import find_chromium

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextlib.contextmanager
def opened_chromium(*flags: str) -> Iterator[Browser]:
    """Open Chromium for a ``with`` block, with further flags.

    At the end its process is killed, not asked: now and then Chromium ignores the request to close, and Playwright
    waits for it without limit (microsoft/playwright issue 39753).
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*_FLAGS, *flags])
        processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        process_id = next(process["id"] for process in processes if process["type"] == "browser")
        try:
            yield browser
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
            browser.close()
