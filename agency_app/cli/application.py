"""The Typer application that the commands join, and how it tells what was refused."""

from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from agency_app.cli.options import DataDir
from agency_app.cli.workspace import use_data_dir
from agency_app.services.refusal import Refused

FAILED = 2


class _Group(TyperGroup):
    """Turns what a service refuses into a message on standard error and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            _fail(refused.message, getattr(refused, "faults", []))
        except OSError as error:
            _fail(f"{error.filename or 'The system'}: {error.strerror or error}")
        except Exception as error:
            from sqlalchemy.exc import SQLAlchemyError

            if not isinstance(error, SQLAlchemyError):
                raise
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            _fail(f"The database cannot be used: {reason}. See `agency doctor`.")


def _fail(message: str, faults: list[str] | None = None) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    for fault in faults or []:
        typer.echo(f"  {fault}", err=True)
    raise typer.Exit(FAILED)


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Timesheet, retainers and invoices of a media agency.",
)


@app.callback()
def everywhere(data_dir: DataDir = None) -> None:
    """Take `--data-dir` in front of the command as well as behind it."""
    use_data_dir(data_dir)
