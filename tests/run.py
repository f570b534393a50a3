"""The `agency-test` command: every check of the project, pytest last, so that its summary is the last line.

Extra arguments go to pytest: `agency-test tests/domain -k rounding`. Exit code 0 only when every step passed.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sysconfig.get_path("scripts"))

LINTERS = (
    ("ruff check", [sys.executable, "-m", "ruff", "check"]),
    ("ruff format", [sys.executable, "-m", "ruff", "format", "--check"]),
    ("pyright", [sys.executable, "-m", "pyright"]),
    ("lint-imports", [str(SCRIPTS / "lint-imports")]),
)
# A worker a core; which test goes where: tests/conftest.py.
WORKERS = ("-n", "auto", "--maxprocesses", "4")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine and none could be installed; the message says what was tried."""


def main() -> None:
    """Run every step, say which failed, then run pytest and exit."""
    failed = [name for name, command in LINTERS if not _passes(name, command)]
    environment = dict(os.environ)
    try:
        environment["AGENCY_CHROMIUM"] = find_chromium()
    except NoBrowser as error:
        print(f"\n{error}", flush=True)
        failed.append("a browser for the tests")
    print(
        f"\nFAILED BEFORE PYTEST: {', '.join(failed)}" if failed else "\nEverything before pytest passed.", flush=True
    )
    command = [sys.executable, "-m", "pytest", *WORKERS, *sys.argv[1:]]
    tests = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    sys.exit(tests.returncode or (1 if failed else 0))


def _passes(name: str, command: list[str]) -> bool:
    print(f"== {name}", flush=True)
    try:
        return subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    except OSError as error:
        print(f"{name} cannot be run: {error}", flush=True)
        return False


def find_chromium() -> str:
    """Return the path of a Chromium: the one named by AGENCY_CHROMIUM, the system's, Playwright's, or a new one.

    Raises NoBrowser when AGENCY_CHROMIUM names nothing that can be run, and when there is none and none can be
    installed: browser tests are never left out.
    """
    named = os.environ.get("AGENCY_CHROMIUM", "")
    if named:
        if shutil.which(named) is None:
            raise NoBrowser(f"AGENCY_CHROMIUM is {named}, which cannot be run.")
        return named
    found = _installed()
    for command in [] if found else _ways_to_install():
        print(f"== no Chromium yet: {' '.join(command)}", flush=True)
        try:
            subprocess.run(command, check=False, timeout=600)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"that did not work: {error}", flush=True)
        found = _installed()
        if found:
            break
    if found is None:
        raise NoBrowser(
            "There is no Chromium, and none could be installed by Playwright or apt-get. Install one, or name it in "
            "AGENCY_CHROMIUM."
        )
    return found


def _installed() -> str | None:
    system = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return system or _of_playwright()


def _of_playwright() -> str | None:
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Error:
        return None
    return path if Path(path).exists() else None


def _ways_to_install() -> list[list[str]]:
    """Return the commands to try, one after the other."""
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        ways += [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]]
    return ways


if __name__ == "__main__":
    main()
