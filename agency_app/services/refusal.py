"""What a service says when it will not do a thing: a message that a person can act on, and nothing changed."""


class Refused(Exception):
    """The request was understood and refused. `message` is for people, `field` names the input to mend, if one does."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotAllowed(Refused):
    """The actor is signed out, inactive, or of a role that may not do this."""


class NotFound(Refused):
    """The row does not exist in the actor's workspace."""


class Stale(Refused):
    """Somebody else changed the row since the actor last saw it."""


class Locked(Refused):
    """The row or the day belongs to a final invoice."""
