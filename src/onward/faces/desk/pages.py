"""What every desk page shares: only staff of a centre come in, and a post after sign-out loses nothing typed."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onward.faces.desk.sign_in_form import SignInForm

type View = Callable[..., HttpResponse]
NOT_HELD = {"csrfmiddlewaretoken", "password", "username", "next", "held_path"}
HELD_PREFIX = "held."
ID_DIGITS_MOST = 18
"""What every database here holds as a row's id."""


def now() -> datetime:
    """The moment of this request: faces are where the clock is read."""
    return datetime.now(UTC)


def read_id(text: str) -> int | None:
    """The id a form names, None for anything that is no row's."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MOST else None


def list_held(request: HttpRequest, prefix: str = "") -> list[tuple[str, str]]:
    """What was typed in a post, name and value, to be carried in the page itself and stored nowhere."""
    return [
        (name.removeprefix(prefix), value)
        for name, values in request.POST.lists()
        for value in values
        if name.startswith(prefix) and name not in NOT_HELD
    ]


def sign_in_page(request: HttpRequest) -> HttpResponse:
    """The sign-in page in answer to a post nobody is signed in for, carrying what was typed."""
    context = {"form": SignInForm(request), "held_path": request.get_full_path(), "held": list_held(request)}
    return render(request, "desk/sign_in.html", context, status=401)


def staff_page(view: View) -> View:
    """Let a member of staff with a centre through; send anyone else to sign in, and keep what they typed meanwhile."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "actor", None) is not None:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return sign_in_page(request)
        return HttpResponseRedirect(reverse("desk:sign-in") + "?" + urlencode({"next": request.get_full_path()}))

    return wrapped
