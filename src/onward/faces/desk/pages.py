"""What every desk page shares: only staff of a centre come in; a post after sign-out comes back with its fields."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

type View = Callable[..., HttpResponse]
HELD_POST = "held_post"


def staff_page(view: View) -> View:
    """Let a member of staff with a centre through; send anyone else to sign in and back, keeping what they typed."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "actor", None) is None:
            if request.method == "POST":
                fields = {key: values for key, values in request.POST.lists() if key != "csrfmiddlewaretoken"}
                request.session[HELD_POST] = {"path": request.get_full_path(), "fields": fields}
            return HttpResponseRedirect(reverse("desk:sign-in") + "?" + urlencode({"next": request.get_full_path()}))
        return view(request, *args, **kwargs)

    return wrapped
