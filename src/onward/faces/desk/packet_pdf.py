"""The packet as PDF, where WeasyPrint finds Pango; it reads our own stylesheet and fetches nothing else."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.templatetags.static import static

PAPER_CSS = "onward/packet.css"
OURS = "https://onward.invalid/"


class NotFetched(Exception):
    """The packet named an address that is not our stylesheet."""


@cache
def find_printer() -> Any:
    """The WeasyPrint module, None where it or Pango is missing."""
    try:
        import weasyprint
    except (ImportError, OSError):
        return None
    return weasyprint


def can_print() -> bool:
    """Whether PDFs can be made on this machine."""
    return find_printer() is not None


def read_our_css(url: str) -> Any:
    """WeasyPrint's fetcher: our packet.css from the package; raises NotFetched for every other address."""
    found = finders.find(PAPER_CSS)
    if urlsplit(url).path != urlsplit(static(PAPER_CSS)).path or not url.startswith(OURS) or not found:
        raise NotFetched(urlsplit(url).scheme)
    from weasyprint.urls import URLFetcherResponse

    return URLFetcherResponse(url, Path(str(found)).read_bytes(), {"Content-Type": "text/css"})


def make_pdf(html: str) -> bytes:
    """A packet page printed; call only where can_print()."""
    printer = find_printer()
    made: bytes = printer.HTML(string=html, base_url=OURS, url_fetcher=read_our_css).write_pdf()
    return made
