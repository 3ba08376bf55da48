"""What the operator may set, read once from the environment. docs/reference/settings.md names each."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from onward.core.errors import BadInput, message

DATABASE_NAME = "onward.sqlite3"


@dataclass(frozen=True, slots=True)
class Environment:
    """The operator's choices. home: where state lives; database: "" for SQLite in home, else postgresql://..."""

    home: Path
    port: int
    database: str
    allowed_hosts: tuple[str, ...]
    is_https: bool
    is_demonstration: bool
    base_url: str
    mail: str
    mail_from: str


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise BadInput(
            "settings.port",
            message("ONWARD_PORT is “%(text)s”, which is no port."),
            remedy=message("Give a number from 1 to 65535, such as 8000."),
            field="ONWARD_PORT",
            values={"text": text},
        )
    return int(text)


def read_environment() -> Environment:
    """Read ONWARD_* once. Raises BadInput naming the variable."""
    port = _port(os.environ.get("ONWARD_PORT", "8000"))
    base_url = os.environ.get("ONWARD_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    hosts = os.environ.get("ONWARD_ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
    return Environment(
        home=Path(os.environ.get("ONWARD_HOME", "var")).absolute(),
        port=port,
        database=os.environ.get("ONWARD_DATABASE", ""),
        allowed_hosts=tuple(host.strip() for host in hosts if host.strip()),
        is_https=base_url.startswith("https://"),
        is_demonstration=os.environ.get("ONWARD_DEMONSTRATION", "") == "yes",
        base_url=base_url,
        mail=os.environ.get("ONWARD_MAIL", ""),
        mail_from=os.environ.get("ONWARD_MAIL_FROM", "onward@localhost"),
    )


def make_home(environment: Environment) -> None:
    """Make the folder of the installation's state; its database is closed to other accounts of the machine (0600).

    SQLite gives its journals the rights of the database. What another account owns is left as it is.
    """
    environment.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if environment.database:
        return
    with suppress(OSError):
        os.close(os.open(environment.home / DATABASE_NAME, os.O_RDWR | os.O_CREAT, 0o600))
        for path in environment.home.glob(f"{DATABASE_NAME}*"):
            path.chmod(0o600)


def read_secret(home: Path, name: str) -> str:
    """The installation's own random secret of that name, made at first use, readable by its owner only.

    Made whole and then linked into place, so that two processes starting at once agree on one.
    """
    path = home / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{name}.{os.getpid()}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def database_settings(environment: Environment) -> dict[str, object]:
    """Django's DATABASES["default"] for this environment."""
    if not environment.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(environment.home / DATABASE_NAME),
            "ATOMIC_REQUESTS": False,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
            },
        }
    parts = urlsplit(environment.database)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise BadInput(
            "settings.database",
            message("ONWARD_DATABASE is not an address of a PostgreSQL database."),
            remedy=message("Write postgresql://USER:PASSWORD@HOST:PORT/NAME, or leave it empty for SQLite."),
            field="ONWARD_DATABASE",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "").replace("%2F", "/"),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
