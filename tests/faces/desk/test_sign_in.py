"""Signing in: throttled however the address is written, and nothing typed before a sign-out is kept by it."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD, World

ADDRESS = "case_worker@new-york.example"


def _try(client: Client, username: str, password: str, **held: str) -> int:
    return client.post(reverse("desk:sign-in"), {"username": username, "password": password, **held}).status_code


def test_the_throttle_counts_an_address_however_it_is_written(world: World) -> None:
    ways = (
        ADDRESS,
        ADDRESS.upper(),
        f" {ADDRESS} ",
        ADDRESS.title(),
        "\uff43ase_worker@new-york.example",  # a full-width c, which signing in reads as a plain one
    )
    client = Client()
    answers = [_try(client, way, "wrong") for way in ways]

    assert answers == [422, 422, 422, 422, 429]
    assert _try(client, ADDRESS.swapcase(), PASSWORD) == 429


def test_five_wrong_passwords_lock_one_account_and_not_a_colleague_beside_it(world: World) -> None:
    client = Client()
    for _ in range(6):
        _try(client, ADDRESS, "wrong")

    assert _try(client, ADDRESS, PASSWORD) == 429
    assert _try(client, "coordinator@new-york.example", PASSWORD) == 302


def test_a_wrong_password_leaves_nothing_typed_in_the_case_behind(world: World) -> None:
    from axes.models import AccessAttempt

    held = {"held_path": "/case/1/interview/person-1/", "held.name": "Marisol Quintana"}
    _try(Client(), ADDRESS, "wrong", **held)
    _try(Client(), ADDRESS, "wrong again", **held)

    kept = str(list(AccessAttempt.objects.values()))
    assert AccessAttempt.objects.count() == 1
    assert "Marisol" not in kept and "held" not in kept and "wrong" not in kept


def test_the_right_password_still_opens_the_desk(world: World) -> None:
    assert _try(Client(), f" {ADDRESS.upper()}", PASSWORD) == 302


def test_no_page_of_the_desk_stays_in_a_browser_after_signing_out(browser: Client, make_party: Callable) -> None:
    party = make_party(2, people=1)
    pages = [
        browser.get(reverse("desk:today")),
        browser.get(reverse("desk:party", args=[party.pk])),
        browser.get(reverse("desk:interview-step", args=[party.pk, "person-1"])),
        browser.post(reverse("desk:search"), {"q": "Rosa"}),
        Client().post(reverse("desk:interview-step", args=[party.pk, "person-1"]), {"name": "Marisol"}),
        Client().get(reverse("desk:sign-in")),
    ]

    assert [page.status_code for page in pages] == [200, 200, 200, 200, 401, 200]
    assert all("no-store" in page.headers.get("Cache-Control", "") for page in pages)
