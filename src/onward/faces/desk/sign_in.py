"""Signing in and out, throttled."""

from typing import Any

from axes.decorators import axes_dispatch
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onward.faces.desk.pages import HELD_POST


def _safe_next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("desk:today")


@axes_dispatch
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        held = request.session.get(HELD_POST)
        login(request, form.get_user())
        if held:
            request.session[HELD_POST] = held
        return HttpResponseRedirect(_safe_next(request))
    context = {"form": form, "next": _safe_next(request)}
    return render(request, "desk/sign_in.html", context, status=422 if form.is_bound else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("desk:sign-in"))


def locked_out(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Too many wrong passwords: what happened and what to do."""
    text = gettext("Too many wrong passwords. Wait a quarter of an hour, or ask your coordinator.")
    return render(request, "base/problem.html", {"sentence": text}, status=429)
