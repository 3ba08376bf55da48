"""The desk as its staff meet it: signed in at New York, wordings reviewed, parties at the stage a test needs."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.conftest import PASSWORD, World

CHROMIUM = Path("/usr/bin/chromium")
QUERIES_MOST = 15


def now() -> datetime:
    """The present: pages read the clock themselves."""
    return datetime.now(UTC)


@pytest.fixture
def places(db: None) -> None:
    """The places of data/places.csv."""
    from onward.apps.places.loading import find_places_file, load_places

    load_places(find_places_file())


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
