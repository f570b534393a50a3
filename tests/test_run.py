"""The test command itself: what failed is said before pytest, and pytest's summary is the last line."""

import sys
from pathlib import Path

import pytest

from tests import run

PASSES = ("the good linter", [sys.executable, "-c", ""])
FAILS = ("the bad linter", [sys.executable, "-c", "raise SystemExit(3)"])


def _run(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    linters: tuple[tuple[str, list[str]], ...],
    test: str = "def test_it(): pass",
) -> tuple[int, list[str]]:
    (tmp_path / "test_it.py").write_text(test)
    monkeypatch.setattr(run, "LINTERS", linters)
    monkeypatch.setattr(sys, "argv", ["agency-test", "-p", "no:cacheprovider", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        run.main()
    return int(str(ended.value.code)), capfd.readouterr().out.strip().splitlines()


def test_all_well_ends_with_0_and_the_summary(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, lines = _run(monkeypatch, capfd, tmp_path, (PASSES,))
    assert code == 0
    assert "Everything before pytest passed." in lines
    assert "1 passed" in lines[-1]


def test_a_failed_linter_is_named_before_pytest_runs_and_fails_the_whole(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, lines = _run(monkeypatch, capfd, tmp_path, (FAILS, PASSES, ("nothing", ["/no/such/command"])))
    assert code == 1
    assert "FAILED BEFORE PYTEST: the bad linter, nothing" in lines
    assert "1 passed" in lines[-1]


def test_a_failed_test_fails_the_whole(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, lines = _run(monkeypatch, capfd, tmp_path, (PASSES,), "def test_it(): assert False")
    assert code == 1
    assert "1 failed" in lines[-1]


def test_without_a_browser_the_run_fails_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("AGENCY_CHROMIUM", "/no/such/browser")
    code, lines = _run(monkeypatch, capfd, tmp_path, (PASSES,))
    assert code == 1
    assert "AGENCY_CHROMIUM is /no/such/browser, which cannot be run." in lines
    assert "FAILED BEFORE PYTEST: a browser for the tests" in lines


def test_a_browser_is_installed_only_when_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AGENCY_CHROMIUM", raising=False)
    browser = tmp_path / "browser"
    monkeypatch.setattr(run, "_installed", lambda: str(browser) if browser.exists() else None)
    touch = [sys.executable, "-c", f"open({str(browser)!r}, 'w')"]
    monkeypatch.setattr(run, "_ways_to_install", lambda: [["/no/such/installer"], touch])
    assert run.find_chromium() == str(browser)
    monkeypatch.setattr(run, "_ways_to_install", lambda: pytest.fail("installed again"))
    assert run.find_chromium() == str(browser)
    browser.unlink()
    monkeypatch.setattr(run, "_ways_to_install", lambda: [["/no/such/installer"]])
    with pytest.raises(run.NoBrowser, match="none could be installed"):
        run.find_chromium()
