"""Ways a message reaches a receiving place: the terminal, a folder of files, a mail server, behind one protocol."""

import os
import smtplib
import ssl
import sys
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from onward.core.errors import BadInput, Unavailable, message

PATIENCE_S = 15.0
"""How long one step of a talk with a mail server may take."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent, the same each time it is sent. reference: the notice's. to: what follows the address's scheme."""

    reference: str
    to: str
    subject: str
    body: str
    language: str
    written_at: datetime


class Channel(Protocol):
    """One way to deliver."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over for good; raises Unavailable with a code that holds no secret."""


def failed(code: str) -> Unavailable:
    """A delivery that did not happen, by code: what the desk is shown, without addresses or passwords."""
    return Unavailable(code, message("The notice could not be delivered (%(code)s)."), values={"code": code})


def as_mail(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a mail. Sent again it keeps its Message-ID, by which mail programs know it (RFC 5322, 3.6.4)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    if letter.to:
        mail["To"] = letter.to
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.written_at)
    mail["Message-ID"] = f"<{letter.reference}@{sender.rpartition('@')[2].strip('> ') or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body, cte="quoted-printable")
    mail["Content-Language"] = letter.language
    return mail


class Console:
    """Writes letters to the terminal that serves."""

    def send(self, letter: Letter) -> None:
        """Write it to standard output."""
        sys.stdout.write(f"\n--- {letter.reference}: {letter.subject}\n{letter.body}\n---\n")
        sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Folder:
    """Writes each letter as one file named by its reference; sent again it is the same file."""

    path: Path
    sender: str

    def send(self, letter: Letter) -> None:
        """Write it whole or not at all."""
        fresh = self.path / f".{letter.reference}.{os.getpid()}"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(as_mail(letter, self.sender).as_bytes())
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path / f"{letter.reference}.eml")
        except OSError as problem:
            raise failed("file.unwritable") from problem


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. is_tls: spoken from the first byte (smtps); otherwise STARTTLS where offered."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool

    def __repr__(self) -> str:
        return f"MailServer({self.host!r}, {self.port})"


def parse_mail_server(address: str) -> MailServer:
    """Read smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://...; raises BadInput for the field ONWARD_MAIL."""
    try:
        parts = urlsplit(address)
        is_tls, port = parts.scheme == "smtps", parts.port
    except ValueError:
        parts, is_tls, port = urlsplit(""), False, None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadInput(
            "settings.mail",
            message("ONWARD_MAIL is not an address of a mail server."),
            remedy=message("Write smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, or leave it empty."),
            field="ONWARD_MAIL",
        )
    return MailServer(
        parts.hostname,
        port or (465 if is_tls else 587),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        is_tls,
    )


@dataclass(frozen=True, slots=True)
class Mail:
    """Hands letters to a mail server. None: no server was set, and every letter says so."""

    server: MailServer | None
    sender: str

    def send(self, letter: Letter) -> None:
        """Hand it in; the server's yes is the delivery."""
        if self.server is None:
            raise failed("mail.not_set")
        try:
            with _connect(self.server) as talk:
                _secure(talk, self.server)
                talk.send_message(as_mail(letter, self.sender), self.sender, [letter.to])
        except smtplib.SMTPAuthenticationError:
            raise failed("mail.sign_in_refused") from None
        except smtplib.SMTPRecipientsRefused:
            raise failed("mail.recipient_refused") from None
        except smtplib.SMTPResponseException as problem:
            raise failed(f"mail.refused_{problem.smtp_code}") from None
        except ssl.SSLError:
            raise failed("mail.tls") from None
        except (smtplib.SMTPException, OSError):
            raise failed("mail.unreachable") from None


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.is_tls:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_S, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=PATIENCE_S)


def _secure(talk: smtplib.SMTP, server: MailServer) -> None:
    """STARTTLS where offered, then sign in; a password never crosses a network in the clear."""
    talk.ehlo()
    is_secure = server.is_tls
    if not is_secure and talk.has_extn("starttls"):
        talk.starttls(context=ssl.create_default_context())
        talk.ehlo()
        is_secure = True
    if server.user:
        if not is_secure and server.host not in LOOPBACK:
            raise failed("mail.no_tls")
        talk.login(server.user, server.password)
