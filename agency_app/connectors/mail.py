"""Mail over SMTP: the one module that knows how letters leave."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import aiosmtplib

from agency_app.settings import settings

PATIENCE_SECONDS = 20


class MailFailed(Exception):
    """The server did not take the mail; the message says why, without any password."""


@dataclass(frozen=True)
class Letter:
    """A mail in plain text to one address."""

    to: str
    subject: str
    text: str


def mail_is_configured() -> bool:
    """Tell whether there is a server to send mail by."""
    return bool(settings().smtp_host)


def send_letters(letters: Sequence[Letter]) -> None:
    """Send letters over one connection, in a thread of its own. Raises MailFailed when the server takes none of them,
    or not all: those that it took before are sent."""
    asyncio.run(_send(letters))


def reach_server() -> None:
    """Connect, sign in and leave again. Raises MailFailed."""
    asyncio.run(_send([]))


async def _send(letters: Sequence[Letter]) -> None:
    given = settings()
    try:
        async with aiosmtplib.SMTP(
            hostname=given.smtp_host,
            port=given.smtp_port,
            username=given.smtp_user or None,
            password=given.smtp_password or None,
            use_tls=given.smtp_security == "tls",
            start_tls=given.smtp_security == "starttls",
            timeout=PATIENCE_SECONDS,
        ) as server:
            for letter in letters:
                await server.send_message(_message(letter, given.smtp_from or given.smtp_user))
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise MailFailed(f"{given.smtp_host}:{given.smtp_port}: {_reason(error)}") from error


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _reason(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return "the name or the password is refused"
    return " ".join(str(error).split())[:200] or type(error).__name__
