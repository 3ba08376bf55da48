"""The sample pages, rendered by the product's own templates and served under the product's own content policy."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from django.urls import set_urlconf
from django.utils import translation
from django.utils.csp import build_policy

from tests.faces.look.samples import ArrivalForm, world

PAGES = Path(__file__).parent / "pages"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def render_page(name: str, language: str = "en", **more: object) -> str:
    """A sample page as the product would send it to a signed-in member of staff."""
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=True, name="Ana P.")  # type: ignore[assignment]
    template = engines["django"].from_string((PAGES / f"{name}.html").read_text(encoding="utf-8"))
    set_urlconf("tests.faces.look.addresses")
    try:
        with translation.override(language):
            return str(template.render({**world(), "form": ArrivalForm(), **more}, request))
    finally:
        set_urlconf(None)


def answer(path: str) -> tuple[int, str, bytes]:
    """Static files by their address; /page/LANGUAGE renders a sample; "form" comes back with its errors."""
    if path.startswith(settings.STATIC_URL):
        found = finders.find(path.removeprefix(settings.STATIC_URL))
        return (200, TYPES[Path(found).suffix], Path(found).read_bytes()) if found else (404, "text/plain", b"")
    name, _, language = path.strip("/").partition("/")
    if not (PAGES / f"{name}.html").exists():
        return 404, "text/plain", b""
    more = {"form": ArrivalForm({"wish": "Montréal", "fare": "twelve"})} if name == "form" else {}
    return 200, "text/html; charset=utf-8", render_page(name, language or "en", **more).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802  (the name http.server calls)
        status, kind, body = answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", build_policy(settings.SECURE_CSP))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (http.server's own name)
        """Say nothing: pytest reports what matters."""


@pytest.fixture(scope="session")
def samples_at() -> Iterator[str]:
    """The address the sample pages are served at."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def open_page(chromium: Any, samples_at: str) -> Iterator[Callable[..., Any]]:
    """Opens a sample in a window of its own: open_page("today", language="ar", width=320)."""
    contexts = []

    def opened(name: str, *, language: str = "en", width: int = 1280, **context: Any) -> Any:
        contexts.append(chromium.new_context(viewport={"width": width, "height": 900}, **context))
        page = contexts[-1].new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{samples_at}/{name}/{language}")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def window(chromium: Any) -> Iterator[Any]:
    """A window that stays open for the tests that only look; to open one costs twice what a look does."""
    context = chromium.new_context()
    page = context.new_page()
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def turn_to(window: Any, samples_at: str) -> Iterator[Callable[..., Any]]:
    """Shows a sample in the window shared by tests that only look: turn_to("today", language="ar", width=320)."""

    def turned(name: str, *, language: str = "en", width: int = 1280) -> Any:
        window.complaints = []
        window.set_viewport_size({"width": width, "height": 900})
        window.goto(f"{samples_at}/{name}/{language}")
        return window

    yield turned
    window.emulate_media(media="screen")
