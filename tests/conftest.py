"""How the tests are spread over workers: those of the browser stay together."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling


class BrowserOnOneWorker(LoadScopeScheduling):
    """Every test goes where there is room, but the browser's all to one worker: two browsers starve a small machine.

    They take longest together, so they are the first to be given out. (xdist's own groups do nothing with pytest 9.2: it
    names them in `Item._nodeid`, which pytest reads no more.)
    """

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/ui/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Return the scheduler of a run with several workers."""
    return BrowserOnOneWorker(config, log)
