"""The agency and its people: workspace, member, login session, sign-in attempt, audit event."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint, false, text, true
from sqlmodel import Field, SQLModel

from agency_app.tables.base import new_id, now


class Workspace(SQLModel, table=True):
    """The agency: its legal identity, money, zone and the counter of its changes."""

    __tablename__ = "workspace"  # pyright: ignore[reportAssignmentType]

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str
    legal_name: str = ""
    address: str = Field(default="", sa_column=Column(Text, nullable=False))
    """One address line a text line, the country last."""
    country: str = ""
    """ISO 3166-1 code for the e-invoice; empty where the last line of the address names the country."""
    vat_id: str = ""
    tax_number: str = ""
    """What the tax office knows an agency without a VAT id by (BT-32)."""
    registration: str = ""
    contact: str = ""
    """Whom clients ask about an invoice (BT-41), with the telephone number beside (BT-42)."""
    phone: str = ""
    email: str = ""
    electronic_scheme: str = ""
    """EAS code of the electronic address (BT-34), such as 0106; empty means e-mail."""
    electronic_address: str = ""
    iban: str = ""
    bic: str = ""
    currency: str = "EUR"
    zone: str = "Europe/Amsterdam"
    locale: str = "en"
    vat_rate: int | None = None
    """Basis points, the rate a new client starts with; None as long as nobody has said one."""
    default_rate: int = 950000
    """1/10000 of the currency unit per hour, when no rate card row says otherwise."""
    invoice_pattern: str = "INV-{year}-{number:04}"
    invoice_yearly: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether invoices count from 1 again every year."""
    credit_pattern: str = Field(
        default="CN-{year}-{number:04}", sa_column_kwargs={"server_default": "CN-{year}-{number:04}"}
    )
    credit_yearly: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    payment_terms_days: int = 14
    vat_exemption: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why a small business charges no VAT, as invoices say it; empty for an agency that charges VAT."""
    alert_thresholds: str = Field(default="50 75 90 100", sa_column_kwargs={"server_default": "50 75 90 100"})
    """The percentages of a retainer period at which people are told, ascending, a space between."""
    alert_under_serviced: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether they are told by mid-cycle that a client gets too little."""
    locked_until: date | None = Field(default=None, sa_column_kwargs={"server_default": text("NULL")})
    """The lock date: work up to and including this day can neither be logged nor changed."""
    approval: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether members submit their weeks and a lead approves them before they are invoiced."""
    first_weekday: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """The day that weeks begin with, as `date.weekday` counts: 0 for Monday, 6 for Sunday."""
    logo_sha256: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """Which of the logos stands on new documents; empty for none."""
    document_head: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    """The end of the chain of stored documents."""
    revision: int = 0
    """Counts committed changes; a server that did not make a change sees it here."""
    version: int = 1


class Member(SQLModel, table=True):
    """A person of the agency, who signs in with an e-mail address and a password."""

    __tablename__ = "member"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("role in ('owner', 'lead', 'finance', 'member')", name="role"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    email: str
    name: str
    role: str = "member"
    password_hash: str = ""
    zone: str = "Europe/Amsterdam"
    active: bool = True
    single_keys: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether keys without a modifier are shortcuts for this member (WCAG 2.1.4)."""
    snap_minutes: int = Field(default=15, sa_column_kwargs={"server_default": text("15")})
    """What the week calendar rounds their gestures to: 5, 15 or 30."""
    version: int = 1

    @property
    def initials(self) -> str:
        """Up to two letters for the round badge."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


class LoginSession(SQLModel, table=True):
    """One signed-in browser. Only the SHA-256 of its cookie is kept."""

    __tablename__ = "login_session"  # pyright: ignore[reportAssignmentType]

    id: str = Field(default_factory=new_id, primary_key=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    revoked_at: datetime | None = Field(default=None)


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, counted to slow guessing down."""

    __tablename__ = "sign_in_attempt"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index(None, "subject", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    subject: str
    """SHA-256 of the e-mail address, or of the address of the caller."""
    at: datetime = Field(default_factory=now)


class AuditEvent(SQLModel, table=True):
    """Who did what to which row, with the row as it was before: the source of undo and of the history."""

    __tablename__ = "audit_event"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(None, "workspace_id", "at"),
        Index(None, "workspace_id", "verb", "at"),
        Index(None, "workspace_id", "member_id", "at"),
        Index(None, "subject_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    member_id: str | None = Field(default=None, foreign_key="member.id")
    at: datetime = Field(default_factory=now)
    verb: str
    subject_id: str
    detail: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    """JSON of the verb's own shape."""
