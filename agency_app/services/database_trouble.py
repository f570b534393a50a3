"""What to tell people when the database does not do what it was asked: the transaction is rolled back whole."""

from sqlalchemy.exc import OperationalError, SQLAlchemyError


def database_trouble(error: BaseException) -> str:
    """Return what happened and what to do, "" for an error that is not of the database."""
    if not isinstance(error, SQLAlchemyError):
        return ""
    if isinstance(error, OperationalError) and "locked" in str(error.orig):
        return "Something else was writing for too long, an import perhaps. Nothing was saved: try again in a moment."
    return "The database could not be used, and nothing was saved. Try again; `agency doctor` says what is wrong."
