"""The one module that reads the settings: environment variables with the prefix ``AGENCY_``.

It stands on the ground floor so that the store, the web and the command line all ask the same place.
"""

from functools import lru_cache
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What may be configured; every field is an environment variable ``AGENCY_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="AGENCY_", extra="ignore")

    data_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("agency_app", appauthor=False)))
    database_url: str = ""
    redis_url: str = ""
    cookie_secure: bool = False
    session_days: int = 30
    public_url: str = ""
    """The address that people reach the server by, for links in mail; without it mail has none."""
    smtp_host: str = ""
    """Empty: no mail is sent."""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_from: str = ""
    """The sender's address; `smtp_user` when empty."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"

    @property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy URL in use: the configured one, or SQLite's file under the data folder."""
        if self.database_url:
            scheme, _, rest = self.database_url.partition("://")
            return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else self.database_url
        return f"sqlite:///{self.data_dir / 'agency.db'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings, read once a process; call ``settings.cache_clear()`` after changing the environment."""
    return Settings()
