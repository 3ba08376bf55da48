"""Channels: the file and the mail server, and what is said when they fail."""

import socket
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.policy import default
from pathlib import Path

import pytest

from onward.apps.notices.channels import Console, Folder, Letter, Mail, as_mail, parse_mail_server
from onward.core.errors import BadInput, Unavailable
from tests.apps.notices.mail_server import mail_server

LETTER = Letter(
    reference="K7M2QX-1",
    to="desk@montreal.example",
    subject="4 personnes arrivent mer. 4 mars (K7M2QX-1)",
    body="Quatre personnes, à Montréal.\n\nhttps://onward.example/receive/" + "x" * 120 + "/\n",
    language="fr",
    written_at=datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
)


def test_a_letter_sent_twice_is_one_file_named_by_its_reference(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "out box", "onward@example.org")
    folder.send(LETTER)
    before = (tmp_path / "out box" / "K7M2QX-1.eml").read_bytes()
    folder.send(LETTER)
    assert [path.name for path in (tmp_path / "out box").iterdir()] == ["K7M2QX-1.eml"]
    assert (tmp_path / "out box" / "K7M2QX-1.eml").read_bytes() == before
    assert (tmp_path / "out box" / "K7M2QX-1.eml").stat().st_mode & 0o077 == 0
    read = message_from_bytes(before, policy=default)
    assert read["To"] == LETTER.to and read["Content-Language"] == "fr"
    assert LETTER.body.replace("\n", "\r\n") in read.get_content().replace("\n", "\r\n").replace("\r\r", "\r")


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable) as told:
        Folder(tmp_path / "file", "onward@example.org").send(LETTER)
    assert told.value.code == "file.unwritable"


def test_the_terminal_shows_the_letter(capsys: pytest.CaptureFixture[str]) -> None:
    Console().send(LETTER)
    assert "K7M2QX-1" in capsys.readouterr().out


def test_a_mail_server_takes_a_letter_whole() -> None:
    with mail_server() as server:
        Mail(parse_mail_server(server.address), "onward@example.org").send(LETTER)
    read = message_from_string(server.taken[0], policy=default)
    assert read["Subject"] == LETTER.subject and read["Message-ID"] == "<K7M2QX-1@example.org>"
    assert "x" * 120 in read.get_content()


def test_a_refused_recipient_is_a_code_without_the_address() -> None:
    with mail_server() as server:
        server.refuses = True
        with pytest.raises(Unavailable) as told:
            Mail(parse_mail_server(server.address), "onward@example.org").send(LETTER)
    assert told.value.code == "mail.recipient_refused" and "montreal" not in str(told.value)


def test_no_server_there_is_a_code() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"smtp://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(Unavailable) as told:
            Mail(parse_mail_server(address), "onward@example.org").send(LETTER)
    assert told.value.code == "mail.unreachable"


def test_without_a_mail_server_a_mail_address_is_not_taken_for_delivered() -> None:
    with pytest.raises(Unavailable) as told:
        Mail(None, "onward@example.org").send(LETTER)
    assert told.value.code == "mail.not_set"


def test_a_password_does_not_cross_a_network_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    from onward.apps.notices import channels

    monkeypatch.setattr(channels, "LOOPBACK", frozenset())
    with mail_server() as server:
        address = server.address.replace("smtp://", "smtp://desk:secret@")
        with pytest.raises(Unavailable) as told:
            Mail(parse_mail_server(address), "onward@example.org").send(LETTER)
    assert told.value.code == "mail.no_tls" and not server.password_seen


@pytest.mark.parametrize("address", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://host:99999"])
def test_an_address_that_is_no_mail_server_names_the_setting(address: str) -> None:
    with pytest.raises(BadInput) as told:
        parse_mail_server(address)
    assert told.value.field == "ONWARD_MAIL"


def test_a_mail_server_s_password_is_not_in_its_text() -> None:
    server = parse_mail_server("smtps://desk:se%40cret@mail.example.org")
    assert (server.password, server.port) == ("se@cret", 465) and "cret" not in repr(server)


def test_a_subject_cannot_bring_a_header_of_its_own() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        as_mail(Letter("R-1", "a@b.example", "Hello\r\nBcc: c@d.example", "x", "en", LETTER.written_at), "o@e.example")
