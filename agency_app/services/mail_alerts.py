"""Send alerts by mail to owners and leads, where mail is configured: each once, after its change was committed."""

from datetime import datetime, timedelta

from agency_app.connectors.mail import Letter, MailFailed, mail_is_configured, send_letters
from agency_app.services.actor import in_background
from agency_app.services.alert_words import alert_words, subject_words
from agency_app.services.read_alerts import AlertRead, alerts_for
from agency_app.settings import settings
from agency_app.store import people
from agency_app.store.engine import reading
from agency_app.tables import Alert
from agency_app.tables.base import now

WAITS = timedelta(minutes=2)
"""So long an alert can still be withdrawn unseen, such as after a slip that was undone at once."""
TOO_OLD = timedelta(days=2)
RECEIVERS = ("owner", "lead")


def mail_alerts(workspace_id: str) -> int:
    """Send what is old enough and not sent yet, and return the number of letters; none while mail is not configured.

    The alerts are marked as sent first, so that no second process sends them too, and unmarked when the server does
    not take them. Raises MailFailed then; a later call tries again. Who has seen an alert is not sent it.
    """
    if not mail_is_configured():
        return 0
    moment = now()
    with reading() as session:
        if not any(_is_due(one, moment) for one in alerts_for(session, workspace_id)):
            return 0
    with in_background(workspace_id) as session:
        due = [one for one in alerts_for(session, workspace_id) if _is_due(one, moment)]
        letters = []
        for member in people.members(session, workspace_id):
            if member.active and member.role in RECEIVERS:
                told = [one for one in due if member.id not in one.seen_by]
                letters += [_letter(member.email, told)] if told else []
        marked = [alert_id for one in due for alert_id in one.with_lower]
        for alert_id in marked:
            session.get_one(Alert, alert_id).mailed_at = moment
    if not letters:
        return 0
    try:
        send_letters(letters)
    except MailFailed:
        with in_background(workspace_id) as session:
            for alert_id in marked:
                session.get_one(Alert, alert_id).mailed_at = None
        raise
    return len(letters)


def _is_due(one: AlertRead, moment: datetime) -> bool:
    return one.alert.mailed_at is None and moment - TOO_OLD < one.alert.raised_at <= moment - WAITS


def _letter(address: str, told: list[AlertRead]) -> Letter:
    said = [(subject_words(one), *alert_words(one)) for one in told]
    subject = f"{said[0][0]}: {said[0][1]}" if len(said) == 1 else f"{len(said)} retainers to look at"
    lines = []
    for one, (what, words, figures) in zip(told, said, strict=True):
        lines += [what, f"{words}: {figures}."]
        if settings().public_url:
            lines.append(f"{settings().public_url.rstrip('/')}/retainers/{one.retainer.id}")
        lines.append("")
    lines.append("You get this as an owner or a lead. When it is sent is set under Settings, Retainer alerts.")
    return Letter(address, subject, "\n".join(lines) + "\n")
