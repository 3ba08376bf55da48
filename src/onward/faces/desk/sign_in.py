"""Signing in and out, throttled; the centre one works for."""

from typing import Any, cast

from axes.decorators import axes_dispatch
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from onward.apps.accounts.models import Account
from onward.apps.accounts.queries import list_centres_of
from onward.core.errors import NotAllowed, message
from onward.faces.desk.pages import HELD_PREFIX, list_held, staff_page
from onward.faces.desk.scope import SESSION_CENTRE
from onward.faces.desk.sign_in_form import SignInForm


def _is_ours(request: HttpRequest, target: str) -> bool:
    hosts = {request.get_host()}
    return bool(target) and url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure())


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if _is_ours(request, target) else ""


@axes_dispatch  # type: ignore[untyped-decorator]  # axes ships no types
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; what was typed before a sign-out travels through it in the page itself."""
    form = SignInForm(request, data=request.POST or None)
    held_path, held = request.POST.get("held_path", ""), list_held(request, HELD_PREFIX)
    held = [row for row in held if row[0]] if _is_ours(request, held_path) else []
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        if held:
            return render(request, "desk/held.html", {"held_path": held_path, "held": held})
        return HttpResponseRedirect(_next(request) or reverse("desk:today"))
    context = {"form": form, "next": _next(request), "held_path": held_path if held else "", "held": held}
    return render(request, "desk/sign_in.html", context, status=422 if form.is_bound else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("desk:sign-in"))


@require_POST
@staff_page
def choose_centre(request: HttpRequest) -> HttpResponse:
    """Work for another of one's own centres from now on."""
    chosen = request.POST.get("centre", "")
    if chosen not in {str(centre.pk) for centre in list_centres_of(cast(Account, request.user))}:
        raise NotAllowed("centre.not_yours", message("You do not work at that centre."))
    request.session[SESSION_CENTRE] = int(chosen)
    return HttpResponseRedirect(reverse("desk:today"))


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: what happened and what to do."""
    text = gettext("Too many wrong passwords. Wait a quarter of an hour, or ask your coordinator.")
    return render(request, "base/problem.html", {"sentence": text}, status=429)
