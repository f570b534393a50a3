"""Start and stop the server: page, websocket and HTTP routes on one port, from the build that is already there.

Reflex's internal variables (``__REFLEX_…``) are named in this module and nowhere else.
"""

import contextlib
import dataclasses
import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import platformdirs

from agency_app.serving.front_end import PROJECT_ROOT, ensure_front_end
from agency_app.serving.process import SECONDS_TO_FINISH


class CannotServe(RuntimeError):
    """The server cannot start as asked; the message says what to do."""


@dataclasses.dataclass(frozen=True)
class RunningServer:
    """A server started by ``running_server``: its address, its process id and where it writes its log."""

    url: str
    port: int
    process_id: int
    log_file: Path


def serve(
    host: str = "127.0.0.1",
    port: int = 3000,
    data_dir: Path | None = None,
    workers: int = 1,
    redis_url: str = "",
    say: str = "",
) -> NoReturn:
    """Become the server: this process turns into granian and stays until SIGTERM or SIGINT, which it obeys gracefully.

    The front end is built first when its sources changed. ``data_dir`` and ``redis_url`` are handed on as
    ``AGENCY_DATA_DIR`` and ``AGENCY_REDIS_URL``. ``say`` is printed once the server answers; one that ends before it
    answered ends with exit code 2. Raises CannotServe when the port is taken or when several workers
    are asked for without Redis, and FrontEndError when the build fails.
    """
    check_workers(workers, redis_url or os.environ.get("AGENCY_REDIS_URL", ""))
    check_port_is_free(host, port)
    ensure_front_end()
    environment = server_environment(host, port, data_dir, redis_url)
    command = server_command(host, port, workers, say)
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(PROJECT_ROOT)
    os.execve(command[0], command, environment)


@contextlib.contextmanager
def running_server(
    data_dir: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    log_file: Path | None = None,
    environment: Mapping[str, str] | None = None,
    workers: int = 1,
    seconds_to_start: float = 60,
) -> Iterator[RunningServer]:
    """Run a server in a process of its own for the length of a ``with`` block; port 0 takes a free one.

    Yields once ``/ping`` answers. ``environment`` adds or overrides variables of the server. Raises CannotServe with
    the end of the log when the server does not come up. Only the process started here is stopped, by its id.
    """
    check_workers(workers, (environment or {}).get("AGENCY_REDIS_URL") or os.environ.get("AGENCY_REDIS_URL", ""))
    ensure_front_end()
    port = port or free_port(host)
    check_port_is_free(host, port)
    data_dir.mkdir(parents=True, exist_ok=True)
    log_file = log_file or Path(tempfile.mkstemp(prefix=f"agency-{port}-", suffix=".log", dir=data_dir)[1])
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            server_command(host, port, workers),
            cwd=PROJECT_ROOT,
            env=server_environment(host, port, data_dir) | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = RunningServer(f"http://{_in_address(host)}:{port}", port, process.pid, log_file)
    try:
        _wait_until_answering(server, process, seconds_to_start)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=SECONDS_TO_FINISH + 10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def server_command(host: str, port: int, workers: int = 1, say: str = "") -> list[str]:
    """Return the command of the server, which prints what it is to say once it answers."""
    return [
        *(sys.executable, "-m", "agency_app.serving.process"),
        *("--host", host, "--port", str(port), "--workers", str(workers), f"--say={say}"),
    ]


def server_environment(host: str, port: int, data_dir: Path | None = None, redis_url: str = "") -> dict[str, str]:
    """Return the environment of the server: serve the build that is there, compile nothing, trust its own origins.

    ``AGENCY_ORIGINS`` of the caller (comma separated, for a proxy in front) is kept beside the server's own. Where
    Python may not write compiled files beside the sources, the server keeps them in a cache of the user's.
    """
    origins = [*filter(None, os.environ.get("AGENCY_ORIGINS", "").split(",")), *own_origins(host, port)]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("__REFLEX_", "GRANIAN_"))
    } | {
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "AGENCY_ORIGINS": ",".join(dict.fromkeys(origins)),
        "PYTHONUNBUFFERED": "1",
    }
    if environment.get("PYTHONDONTWRITEBYTECODE") and not environment.get("PYTHONPYCACHEPREFIX"):
        # Container images forbid compiled files beside the sources, and nearly all of a start is importing: without
        # any, each start compiles a thousand modules anew and takes three times as long.
        del environment["PYTHONDONTWRITEBYTECODE"]
        environment["PYTHONPYCACHEPREFIX"] = str(bytecode_folder())
    if data_dir is not None:
        environment["AGENCY_DATA_DIR"] = str(data_dir.resolve())
    if redis_url:
        environment["AGENCY_REDIS_URL"] = redis_url
    return environment


def bytecode_folder() -> Path:
    """Return where the server's compiled Python files are kept when they may not lie beside the sources."""
    return Path(platformdirs.user_cache_dir("agency_app", appauthor=False)) / "bytecode"


def own_origins(host: str, port: int) -> list[str]:
    """Return the origins a browser may name for this server: its host, or every name of this machine for 0.0.0.0."""
    names = {"127.0.0.1", "localhost", "[::1]"}
    if host in {"0.0.0.0", "::"}:
        machine = socket.gethostname()
        names.add(machine)
        with contextlib.suppress(OSError):
            names.update(_in_address(str(found[4][0])) for found in socket.getaddrinfo(machine, None))
    elif _in_address(host) not in names:
        names = {_in_address(host)}
    ending = "" if port == 80 else f":{port}"
    return [f"http://{name}{ending}" for name in sorted(names)]


def check_port_is_free(host: str, port: int) -> None:
    """Raise CannotServe when the port is taken or may not be opened, naming the way out."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotServe(f"port {port} is in use: try --port {port + 1}") from error
            raise CannotServe(f"cannot listen on {host}:{port} ({error.strerror})") from error


def check_workers(workers: int, redis_url: str) -> None:
    """Raise CannotServe when several workers are asked for without Redis, in which they would share their states."""
    if workers > 1 and not redis_url:
        raise CannotServe(f"{workers} workers need Redis to share what the tabs show: set AGENCY_REDIS_URL")


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that nothing listens on right now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _wait_until_answering(server: RunningServer, process: subprocess.Popen[bytes], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/ping", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.05)
    end_of_log = "\n".join(server.log_file.read_text(errors="replace").splitlines()[-25:])
    raise CannotServe(f"the server at {server.url} did not come up; its log {server.log_file} ends:\n{end_of_log}")
