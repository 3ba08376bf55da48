"""The desk as its staff meet it: signed in at New York, wordings reviewed, parties at the stage a test needs."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onward.apps.cases.models import Offer
from onward.apps.funds.models import Fund
from tests.conftest import PASSWORD, World, lay_places
from tests.faces.desk.demo_timetables import demo_timetables
from tests.faces.desk.walkers import Walk, make_desks, make_fund

CHROMIUM = Path("/usr/bin/chromium")
QUERIES_MOST = 15


def now() -> datetime:
    """The present: pages read the clock themselves."""
    return datetime.now(UTC)


def url(name: str, *args: object) -> str:
    """The address of one of the desk's pages."""
    return reverse(f"desk:{name}", args=args)


def text_of(answer: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def check(offer: Offer, payer: str, **more: object) -> dict[str, object]:
    """The check page's form as a worker fills it in who has read out everything."""
    from onward.faces.desk.pay import list_heard

    heard = [str(number) for number in range(len(list_heard(offer)))]
    return {"offer": offer.pk, "heard": heard, "consent": "yes", "notice": "yes", "payer": payer, **more}


@pytest.fixture
def walk(desk: World) -> Iterator[Walk]:
    """A worker of New York with the demonstration's timetables at hand, and desks that receive."""
    make_desks(now())
    with demo_timetables():
        yield Walk(desk.worker)


@pytest.fixture
def fund(desk: World) -> Fund:
    """A fund with ten thousand dollars."""
    return make_fund(desk.coordinator, now())


@pytest.fixture
def places(db: None) -> None:
    """The places of data/places.csv."""
    lay_places()


@pytest.fixture
def desk(world: World, places: None) -> Iterator[World]:
    """The world inside New York's scope, with the English, Spanish and Arabic wordings reviewed."""
    from onward.apps.accounts.scopes import centre_scope
    from onward.apps.people.actions import review_wording

    with centre_scope(world.new_york.pk):
        for language in ("en", "es", "ar"):
            review_wording(language, reviewed_by="Ana P.", actor=world.coordinator, now=now())
        yield world


def sign_in(role: str = "case_worker", place: str = "new-york") -> Client:
    """A browser signed in for a role at a centre."""
    from onward.apps.accounts.models import Account

    client = Client()
    client.force_login(
        Account.objects.get(email=f"{role}@{place}.example"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def browser(desk: World) -> Client:
    """The case worker's browser."""
    return sign_in()


@pytest.fixture
def make_party(desk: World) -> Callable[..., Any]:
    """A party in interview; explained=False leaves it in the queue, people describes the first of them."""
    from onward.apps.cases.actions import begin_interview
    from onward.apps.people.actions import arrive, describe_person, explain

    def made(heads: int = 2, language: str = "es", *, explained: bool = True, people: int = 0) -> Any:
        at = now() - timedelta(minutes=70)
        party = arrive(heads, language, actor=desk.worker, now=at)
        if explained:
            explain(party.pk, language="es", interpreter="staff", actor=desk.worker, now=now())
            begin_interview(party.pk, actor=desk.worker, now=now())
        for position in range(1, people + 1):
            describe_person(
                party.pk,
                position,
                name=f"Rosa Nº{position}",
                birth_year=None,
                age_band="adult",
                is_guardian="not_asked",
                actor=desk.worker,
                now=now(),
            )
        party.refresh_from_db()
        return party

    return made


def password() -> str:
    """The password of the made-up staff."""
    return PASSWORD
