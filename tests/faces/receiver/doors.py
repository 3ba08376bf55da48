"""Links to try a receiver's door with."""

from typing import Any

from django.urls import reverse

from onward.apps.accounts.scopes import every_centre
from onward.apps.notices.links import make_token
from onward.apps.notices.models import Notice


def url(notice: Notice | None, name: str = "notice") -> str:
    """The address of one of a notice's pages."""
    assert notice is not None
    return reverse(f"receiver:{name}", args=[make_token(notice)])


def fresh(notice: Notice | None) -> Notice:
    """The notice as it stands in the database."""
    assert notice is not None
    with every_centre("the test looks"):
        return Notice.objects.get(pk=notice.pk)


def text(response: Any) -> str:
    """A page's text."""
    return str(response.content.decode())
