"""Change the logo on the agency's documents. Drafts take it at once; final invoices keep the one they were drawn with."""

import hashlib

from agency_app.documents.logo import BadLogo, logo_of
from agency_app.services.actor import Actor, acting, record
from agency_app.services.change_workspace import MAY_CHANGE_WORKSPACE
from agency_app.services.refusal import Refused
from agency_app.store import logos, people
from agency_app.store.engine import reading
from agency_app.tables import Logo

VERB = "change_logo"


def change_logo(actor: Actor, uploaded: bytes) -> str:
    """Make an uploaded PNG, JPEG or SVG the logo, and return its hash. Nothing uploaded takes the logo away.

    Raises NotAllowed by role, Refused with what to do for a file that cannot be a logo. Nothing changes then.
    """
    try:
        drawn = logo_of(uploaded) if uploaded else None
    except BadLogo as error:
        raise Refused(str(error), "logo") from error
    digest = hashlib.sha256(drawn.content).hexdigest() if drawn else ""
    with acting(actor, *MAY_CHANGE_WORKSPACE) as session:
        workspace = people.workspace(session, actor.workspace_id)
        if drawn and logos.logo(session, workspace.id, digest) is None:
            session.add(
                Logo(workspace_id=workspace.id, sha256=digest, media_type=drawn.media_type, content=drawn.content)
            )
        record(session, actor, VERB, workspace.id, before=workspace.logo_sha256, after=digest)
        workspace.logo_sha256 = digest
        session.add(workspace)
    return digest


def read_logo(actor: Actor) -> Logo | None:
    """Return the logo of the actor's agency; None while it has none."""
    with reading() as session:
        workspace = people.workspace(session, actor.workspace_id)
        return logos.logo(session, workspace.id, workspace.logo_sha256)
