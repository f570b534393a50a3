"""Sign a member in and out: Argon2id passwords, random tokens of which only the hash is kept, and a brake on guessing."""

import hashlib
import secrets
import threading
import time
from datetime import datetime, timedelta
from functools import lru_cache

from pwdlib import PasswordHash
from sqlmodel import Session

from agency_app.services.actor import Actor, actor_of
from agency_app.services.refusal import NotAllowed
from agency_app.settings import settings
from agency_app.store import people
from agency_app.store.engine import reading, transaction
from agency_app.tables import LoginSession, Member, SignInAttempt
from agency_app.tables.base import now

FAILURES_PER_EMAIL = 8
FAILURES_PER_ADDRESS = 40
WINDOW_MINUTES = 15
LONGEST_PASSWORD = 1000
"""Characters; nobody types more, and hashing more than that is work for an attacker to give away."""

REMEMBERED_SECONDS = 2.0
"""How long a process may go on believing in a session that another process has ended."""

_MOST_REMEMBERED = 10_000
_hashing = threading.BoundedSemaphore(4)  # each hash takes 64 MiB: a flood of sign-ins must not take all memory
_remembered: dict[str, tuple[float, Actor]] = {}


class TooManyAttempts(NotAllowed):
    """Sign-in is closed for this e-mail address or this caller for `minutes` more."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"Too many attempts: try again in {minutes} minute{'' if minutes == 1 else 's'}.")
        self.minutes = minutes


def sign_in(email: str, password: str, caller_address: str) -> str:
    """Check an e-mail address and a password, and return the token of a new session, for the cookie.

    The session ends after `settings().session_days`. Raises NotAllowed with one and the same message for an unknown
    address, an inactive member and a wrong password, all in about the same time; TooManyAttempts after 8 failures of
    an e-mail address or 40 of a caller within 15 minutes.
    """
    by_email, by_address = _hashed(email.strip().lower()), _hashed(caller_address)
    attempts = _count_attempt(by_email, by_address)
    with reading() as session:
        found = people.member_by_email(session, email)
    right, better_hash = _check_password(found, password)
    if found is None or not right:
        raise _not_right()
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        member = session.get(Member, found.id)
        if member is None or not member.active or member.password_hash != found.password_hash:
            raise _not_right()  # the account changed while its password was being checked
        member.password_hash = better_hash or member.password_hash
        _forget_attempts(session, by_email, attempts)
        expires_at = now() + timedelta(days=settings().session_days)
        session.add(LoginSession(member_id=member.id, token_hash=_hashed(token), expires_at=expires_at))
    return token


def sign_out(token: str) -> None:
    """End the session of a token; an unknown token is no error."""
    with transaction() as session:
        people.revoke_login(session, _hashed(token))
    _remembered.pop(_hashed(token), None)


def actor_of_token(token: str) -> Actor | None:
    """Return who a token signs in right now, or None when its session is unknown, ended or expired."""
    if not token:
        return None
    with reading() as session:
        member = people.member_of_token(session, _hashed(token))
        return None if member is None else actor_of(member)


def remembered_actor(token: str) -> Actor | None:
    """Return the actor that a token stood for within the last two seconds, without asking the database."""
    found = _remembered.get(_hashed(token))
    return found[1] if found is not None and time.monotonic() - found[0] < REMEMBERED_SECONDS else None


def actor_to_remember(token: str) -> Actor | None:
    """Do as `actor_of_token`, and keep what it found for `remembered_actor`."""
    asked_at = time.monotonic()  # before the database is asked: a sign-out in between is believed no later than it is
    actor = actor_of_token(token)
    if actor is not None:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        _remembered[_hashed(token)] = (asked_at, actor)
    return actor


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, to be stored."""
    with _hashing:
        return _hasher().hash(password)


def _not_right() -> NotAllowed:
    return NotAllowed("E-mail or password is not right.")


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _count_attempt(by_email: str, by_address: str) -> list[str]:
    """Count this attempt as a failure until it proves right, so that attempts at the same time cannot slip through."""
    at = now()
    with transaction() as session:
        minutes = max(
            _minutes_to_wait(session, by_email, FAILURES_PER_EMAIL, at),
            _minutes_to_wait(session, by_address, FAILURES_PER_ADDRESS, at),
        )
        if minutes:
            raise TooManyAttempts(minutes)
        attempts = [SignInAttempt(subject=subject, at=at) for subject in (by_email, by_address)]
        session.add_all(attempts)
        return [attempt.id for attempt in attempts]


def _minutes_to_wait(session: Session, subject: str, limit: int, at: datetime) -> int:
    """Return after how many whole minutes enough of the failures will have left the window; 0 when there is room."""
    begin = at - timedelta(minutes=WINDOW_MINUTES)
    for minutes in range(WINDOW_MINUTES):
        if people.recent_failures(session, [subject], begin + timedelta(minutes=minutes)) < limit:
            return minutes
    return WINDOW_MINUTES


def _forget_attempts(session: Session, by_email: str, attempt_ids: list[str]) -> None:
    for attempt_id in attempt_ids:
        attempt = session.get(SignInAttempt, attempt_id)
        if attempt is not None:
            session.delete(attempt)
    session.flush()
    people.forget_failures(session, by_email)


def _check_password(member: Member | None, password: str) -> tuple[bool, str | None]:
    """Return whether the password is the member's, and a new hash when the old one is of weaker parameters.

    Somebody unknown, or without a password yet, is checked against a hash of nobody, which takes as long.
    """
    nobodys_hash = _nobodys_hash()
    known = member is not None and bool(member.password_hash)
    stored = member.password_hash if member is not None and known else nobodys_hash
    with _hashing:
        right, better_hash = _hasher().verify_and_update(password[:LONGEST_PASSWORD], stored)
    return known and right, better_hash


@lru_cache(maxsize=1)
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe(32))
