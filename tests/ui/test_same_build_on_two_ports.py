"""One build serves on any port and under any name: the browser talks back to where the page came from."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agency_app.serving.front_end import PROJECT_ROOT
from agency_app.serving.same_origin import with_own_origin
from agency_app.serving.server import (
    CannotServe,
    check_port_is_free,
    check_workers,
    free_port,
    own_origins,
    running_server,
    server_command,
    server_environment,
)
from tests.ui.conftest import sign_in


def test_one_build_serves_two_ports_and_two_names(data_dir: Path, browser: Browser) -> None:
    with (
        running_server(data_dir) as one,
        running_server(data_dir, host="127.0.0.1") as two,
    ):
        for origin in (f"localhost:{one.port}", f"127.0.0.1:{one.port}", f"127.0.0.1:{two.port}"):
            context, signed_in = sign_in(browser, f"http://{origin}", "mara@halden.example")
            signed_in.wait_for_selector("#draft-total")
            page = context.new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            with page.expect_websocket() as opened:
                page.goto(f"http://{origin}/")
            assert opened.value.url.startswith(f"ws://{origin}/_event/")
            opened.value.wait_for_event("framereceived")
            assert [url for url in asked if not url.startswith(f"http://{origin}/")] == []
            context.close()


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    with running_server(tmp_path) as server, pytest.raises(CannotServe, match=f"try --port {server.port + 1}"):
        check_port_is_free("127.0.0.1", server.port)


def test_the_address_is_told_once_the_server_answers_there(tmp_path: Path) -> None:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "agency_app.cli",
        "run",
        "--json",
        "--port",
        str(port),
        "--data-dir",
        str(tmp_path),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                assert json.load(answer) == {"status": "ok"}
        finally:
            process.terminate()
        assert process.wait(timeout=30) == 0
    assert told == {"url": f"http://localhost:{port}", "data_dir": str(tmp_path)}


def test_a_server_that_dies_before_it_answers_is_an_error_and_tells_no_address(tmp_path: Path) -> None:
    command = server_command("127.0.0.1", free_port(), say="here I am")
    broken = server_environment("127.0.0.1", 3000, tmp_path) | {"AGENCY_SESSION_DAYS": "many"}
    ended = subprocess.run(command, cwd=PROJECT_ROOT, env=broken, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert "error: the server ended before it answered" in ended.stderr
    assert "here I am" not in ended.stdout


def test_several_workers_need_redis() -> None:
    with pytest.raises(CannotServe, match="AGENCY_REDIS_URL"):
        check_workers(2, "")
    check_workers(2, "redis://localhost")


def test_the_origins_are_the_host_or_every_name_of_the_machine() -> None:
    assert own_origins("127.0.0.1", 80) == ["http://127.0.0.1", "http://[::1]", "http://localhost"]
    assert own_origins("192.0.2.7", 3000) == ["http://192.0.2.7:3000"]
    assert "http://localhost:3000" in own_origins("0.0.0.0", 3000)


def test_a_changed_reflex_is_refused_at_build() -> None:
    with pytest.raises(ValueError, match="getBackendURL"):
        with_own_origin("export const getBackendURL = () => {};")
