"""Sign in and out: Argon2id passwords, random session tokens of which only the hash is kept, and a brake on guessing."""

import hashlib
import secrets
from datetime import timedelta
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

WINDOW = timedelta(minutes=15)
FAILURES_OF_ONE_EMAIL = 8
FAILURES_OF_ONE_ADDRESS = 40
_WRONG = "E-mail or password is not right."


def sign_in(email: str, password: str, caller: str) -> str:
    """Return a new session token of 256 random bits for the cookie.

    `caller` is the network address that asks. Raises NotAllowed with one and the same sentence whether the address
    is unknown or the password wrong, and another one after too many failures.
    """
    subjects = _hashed(email.strip().lower()), _hashed(f"caller {caller}")
    with reading() as session:
        since = now() - WINDOW
        if (
            people.recent_failures(session, [subjects[0]], since) >= FAILURES_OF_ONE_EMAIL
            or people.recent_failures(session, [subjects[1]], since) >= FAILURES_OF_ONE_ADDRESS
        ):
            raise NotAllowed("Too many attempts. Try again in 15 minutes.")
        member = people.member_by_email(session, email)
    known = member.password_hash if member and member.password_hash else _nobodys_hash()
    # Always one verification, so that the time it takes does not tell who has an account.
    right, better_hash = _passwords().verify_and_update(password, known)
    if member is None or not member.password_hash or not right:
        with transaction() as session:
            session.add_all([SignInAttempt(subject=subject) for subject in subjects])
        raise NotAllowed(_WRONG)
    with transaction() as session:
        people.forget_failures(session, subjects[0])
        if better_hash:
            stored = session.get_one(Member, member.id)
            stored.password_hash = better_hash
            session.add(stored)
        return open_session(session, member.id)


def open_session(session: Session, member_id: str) -> str:
    """Store a login session of a member and return its token."""
    token = secrets.token_urlsafe(32)
    expires_at = now() + timedelta(days=settings().session_days)
    session.add(LoginSession(member_id=member_id, token_hash=_hashed(token), expires_at=expires_at))
    return token


def actor_of_token(token: str) -> Actor | None:
    """Return who a session token belongs to, or None when it is unknown, revoked, expired, or its member inactive."""
    if not token or len(token) > 128:
        return None
    with reading() as session:
        member = people.member_of_token(session, _hashed(token))
        return actor_of(member) if member else None


def sign_out(token: str) -> None:
    """Revoke a session token; an unknown one is no error."""
    with transaction() as session:
        people.revoke_login(session, _hashed(token))


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return _passwords().hash(password)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def _passwords() -> PasswordHash:
    return PasswordHash.recommended()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe(16))
