"""What the server's process is told by its environment."""

import subprocess
import sys
from pathlib import Path

import pytest

from agency_app.serving.server import bytecode_folder, server_environment


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module in a folder of its own, and a cache of our own in which nothing is compiled yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "some_module.py").write_text("ANSWER = 42\n")
    return tmp_path / "sources"


def compiled(folder: Path) -> list[str]:
    return sorted({path.name.split(".")[0] for path in folder.rglob("*.pyc")})


@pytest.mark.skipif(sys.platform != "linux", reason="the place of the cache is set by XDG_CACHE_HOME")
def test_compiled_files_that_may_not_lie_beside_the_sources_are_kept_in_the_cache(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = server_environment("127.0.0.1", 3000) | {"PYTHONPATH": str(source)}
    subprocess.run([sys.executable, "-c", "import some_module"], env=environment, check=True)
    assert "some_module" in compiled(bytecode_folder())
    assert compiled(source) == []


@pytest.mark.parametrize("forbidden", ["", "1"])
def test_a_place_for_compiled_files_that_was_chosen_is_left_as_it_is(
    source: Path, monkeypatch: pytest.MonkeyPatch, forbidden: str
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", forbidden)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(source))
    environment = server_environment("127.0.0.1", 3000)
    assert (environment["PYTHONDONTWRITEBYTECODE"], environment["PYTHONPYCACHEPREFIX"]) == (forbidden, str(source))


def test_without_a_ban_python_compiles_beside_the_sources_as_ever(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    assert "PYTHONPYCACHEPREFIX" not in server_environment("127.0.0.1", 3000)
