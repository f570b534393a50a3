"""Signing in and out over HTTP: the cookie, the refusals, and where a visitor is sent."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from agency_app.services.actor import Actor
from agency_app.services.sign_in import FAILURES_PER_EMAIL, actor_of_token
from agency_app.settings import settings
from agency_app.web.protection import is_page, safe_address
from agency_app.web.session_cookie import COOKIE, token_of_header
from tests.web.conftest import EMAIL, PASSWORD, sign_in_at

ASSETS = Path(__file__).resolve().parents[2] / "assets"


def test_the_right_password_sets_a_cookie_that_scripts_and_other_sites_cannot_use(
    owner: Actor, browser: TestClient
) -> None:
    answer = sign_in_at(browser, following="/invoices?week=2026-11-16")
    assert (answer.status_code, answer.headers["location"]) == (303, "/invoices?week=2026-11-16")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", f"Max-Age={30 * 86_400}"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    assert actor_of_token(browser.cookies[COOKIE]) == owner


@pytest.mark.parametrize("way", ["https", "forwarded", "setting"])
def test_the_cookie_is_secure_behind_https(
    way: str, owner: Actor, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "setting":
        monkeypatch.setenv("AGENCY_COOKIE_SECURE", "true")
        settings.cache_clear()
    scheme = "https" if way == "https" else "http"
    headers = {"Origin": f"{scheme}://testserver"} | ({"X-Forwarded-Proto": "https"} if way == "forwarded" else {})
    answer = browser.post(
        f"{scheme}://testserver/sign-in", data={"email": EMAIL, "password": PASSWORD}, headers=headers
    )
    assert "; Secure" in answer.headers["set-cookie"]


def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(owner: Actor, browser: TestClient) -> None:
    wrong = sign_in_at(browser, "not the password")
    unknown = sign_in_at(browser, email="nobody@halden.example")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert "E-mail or password is not right." in wrong.text
    assert wrong.text.replace(EMAIL, "") == unknown.text.replace("nobody@halden.example", "")
    assert "set-cookie" not in wrong.headers
    assert "set-cookie" not in unknown.headers


def test_guessing_is_slowed_down(owner: Actor, browser: TestClient) -> None:
    for _ in range(FAILURES_PER_EMAIL):
        assert sign_in_at(browser, "a guess").status_code == 401
    closed = sign_in_at(browser)
    assert closed.status_code == 429
    assert closed.headers["retry-after"] == "900"
    assert "Too many attempts: try again in 15 minutes." in closed.text


def test_what_was_typed_comes_back_escaped_and_the_password_never(owner: Actor, browser: TestClient) -> None:
    answer = sign_in_at(browser, 'secret"><script>', email='"><script>alert(1)</script>')
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text
    assert "secret" not in answer.text


def test_signing_out_ends_the_session_itself(owner: Actor, browser: TestClient) -> None:
    sign_in_at(browser)
    token = browser.cookies[COOKIE]
    assert browser.get("/").text == "the app"
    answer = browser.post("/sign-out", headers={"Origin": "http://testserver"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert COOKIE not in browser.cookies
    browser.cookies.set(COOKIE, token)
    assert browser.get("/").headers["location"] == "/sign-in"
    assert actor_of_token(token) is None


def test_signing_in_again_ends_the_session_before(owner: Actor, browser: TestClient) -> None:
    sign_in_at(browser)
    first = browser.cookies[COOKIE]
    sign_in_at(browser)
    assert browser.cookies[COOKIE] != first
    assert actor_of_token(first) is None
    assert actor_of_token(browser.cookies[COOKIE]) == owner


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/sign-out",
        "/sign-in?next=/sign-in",
    ],
)
def test_sign_in_leads_nowhere_but_into_the_app(address: str, owner: Actor, browser: TestClient) -> None:
    assert sign_in_at(browser, following=address).headers["location"] == "/"


@pytest.mark.parametrize("address", ["/", "/invoices/0a1b", "/?week=2026-11-16&client=ab", "/reports#month"])
def test_addresses_of_the_app_are_kept(address: str) -> None:
    assert safe_address(address) == address


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:8080"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "https://evil.example/page"},
        {"Origin": "http://[broken"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/welcome"])
def test_another_site_cannot_make_the_browser_post(
    path: str, headers: dict[str, str], owner: Actor, browser: TestClient
) -> None:
    sign_in_at(browser)
    answer = browser.post(path, data={"email": EMAIL, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert actor_of_token(browser.cookies[COOKIE]) == owner


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/", "/sign-in"),
        ("/?client=ab&week=2026-11-16", "/sign-in?next=/%3Fclient%3Dab%26week%3D2026-11-16"),
        ("/invoices", "/sign-in?next=/invoices"),
        ("/invoices/0a1b", "/sign-in?next=/invoices/0a1b"),
        ("/retainers", "/sign-in?next=/retainers"),
        ("//evil.example/", "/sign-in"),
        ("/index.html", "/sign-in?next=/index.html"),
    ],
)
def test_a_page_without_a_session_leads_to_the_sign_in_and_back(
    path: str, there: str, owner: Actor, browser: TestClient
) -> None:
    answer = browser.get(f"http://testserver{path}")
    assert (answer.status_code, answer.headers["location"]) == (303, there)
    browser.cookies.set(COOKIE, "x" * 43)
    assert browser.get(f"http://testserver{path}").status_code == 303


@pytest.mark.parametrize(
    "path", ["/tokens.css", "/assets/entry-1a2b.js", "/favicon.ico", "/_event", "/_event/", "/_health", "/ping"]
)
def test_files_and_reflex_itself_need_no_session(path: str, owner: Actor, browser: TestClient) -> None:
    assert browser.get(path).text == "the app"
    assert not is_page("GET", path)


def test_answers_carry_the_security_headers(owner: Actor, browser: TestClient) -> None:
    for path in ("/", "/sign-in", "/tokens.css", "/healthz", "/invoices/none/pdf"):
        headers = browser.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
    assert browser.get("/sign-in").headers["cache-control"] == "no-store"


def test_no_page_describes_the_routes(owner: Actor, browser: TestClient) -> None:
    sign_in_at(browser)
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert browser.get(path).text == "the app"


def test_health_says_whether_the_database_answers(browser: TestClient, database: Path) -> None:
    assert browser.get("/healthz").json() == {"status": "ok"}


def test_a_form_that_is_none_is_refused(owner: Actor, browser: TestClient) -> None:
    assert browser.post("/sign-in", json={"email": EMAIL}).status_code == 400
    large = browser.post("/sign-in", data={"email": EMAIL, "password": "x" * 20_000})
    assert (large.status_code, large.text) == (400, "The form is too large.")
    many = browser.post("/sign-in", data={f"field{number}": "x" for number in range(60)})
    assert many.status_code == 400


def test_a_signed_in_visitor_may_go_on(owner: Actor, browser: TestClient) -> None:
    sign_in_at(browser)
    page = browser.get("/sign-in?next=/invoices")
    assert page.status_code == 200
    assert 'You are signed in as Mara Halden. <a href="/invoices">Continue</a>' in page.text


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("", ""),
        (f"{COOKIE}={'a' * 43}", "a" * 43),
        (f'other={{"a": 1; broken"; {COOKIE}={"a" * 43}; theme=dark', "a" * 43),
        (f"x{COOKIE}={'a' * 43}", ""),
        (f"{COOKIE}=short; {COOKIE}={'b' * 43}", "b" * 43),
        (f"{COOKIE}={'é' * 43}", ""),
        (COOKIE, ""),
    ],
)
def test_the_token_is_found_among_other_cookies(header: str, token: str) -> None:
    assert token_of_header(header) == token


def test_without_a_script_the_dark_theme_is_that_of_the_tokens() -> None:
    dark = (ASSETS / "tokens.css").read_text().partition('[data-theme="dark"] {')[2]
    system = (ASSETS / "sign_in.css").read_text().partition(":root:not([data-theme])")[2]
    values = re.findall(r"(--[\w-]+: [^;]+);", system)
    assert len(values) > 10
    assert [value for value in values if value not in dark] == []
