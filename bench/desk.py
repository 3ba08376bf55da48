"""The pages of the walk with 10,000 cases at one centre: warm median and queries, on SQLite, in one process.

python -m bench.desk [--cases 10000] [--rounds 30] [--save]
The world is the demonstration, made by the product's own acts, and as many further cases again as asked for, at rest or
waiting. Each page is asked for over the whole stack (sessions, scopes, templates) by Django's client; no network.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.machine import describe

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "desk.json"
WORKER, PASSWORD = "worker@newyork.example", "lantern harbour walk"  # noqa: S105  (the demonstration's, printed by it)
STATES = ("closed", "left", "stays", "declined", "decides_later", "parked", "in_interview", "waiting")
GIVEN = ("Ada", "Otis", "Marigold", "Juniper", "Basil", "Linnea", "Rufus", "Willa", "Casimir", "Odile")
BATCH = 1000


@contextmanager
def demonstration() -> Iterator[None]:
    """A fresh home with the demonstration in it, Django set up on it."""
    with tempfile.TemporaryDirectory(prefix="onward-bench-") as home:
        os.environ.update(
            ONWARD_HOME=home,
            ONWARD_DATABASE="",
            ONWARD_DEMONSTRATION="yes",
            ONWARD_PASSPHRASE="for measuring only, no one",  # noqa: S106  (opens nothing but this measurement's own ring)
            DJANGO_SETTINGS_MODULE="onward.site.settings",
        )
        subprocess.run([str(ROOT / ".venv/bin/onward"), "init"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([sys.executable, "-m", "tools.make_demo"], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        import django

        django.setup()
        from django.conf import settings

        from onward.site.start import hand_in_all

        hand_in_all(settings.ENVIRONMENT)
        yield


def add_cases(count: int, now: datetime) -> None:
    """`count` cases of two described people each at New York: one in a hundred waits, the others are at rest."""
    from onward.apps.accounts.models import Centre
    from onward.apps.accounts.scopes import centre_scope
    from onward.apps.people import sealing
    from onward.apps.people.models import Party, Person

    centre = Centre.objects.get(place_key="new-york")
    with centre_scope(centre.pk):
        for start in range(0, count, BATCH):
            parties = Party.objects.bulk_create(
                Party(
                    centre=centre,
                    number=10_000 + n,
                    label=f"{centre.key}-{10_000 + n}",
                    heads=2,
                    language="es",
                    state="waiting" if n % 100 == 0 else STATES[n % 5],
                    arrived_at=now - timedelta(minutes=n),
                    changed_at=now - timedelta(minutes=n),
                    key_id=sealing.ring().new_key(now=now),
                )
                for n in range(start, min(start + BATCH, count))
            )
            Person.objects.bulk_create(
                Person(
                    centre=centre,
                    party=party,
                    position=position,
                    age_band="adult",
                    name=sealing.seal(party, "people.Person.name", f"{GIVEN[(party.number + position) % 10]} Sample"),
                )
                for party in parties
                for position in (1, 2)
            )


def list_pages() -> dict[str, tuple[str, dict[str, str] | None]]:
    """Each page of the walk by name: its address, and what is posted (None: it is only read)."""
    from django.urls import reverse

    from onward.apps.accounts.models import Centre
    from onward.apps.accounts.scopes import centre_scope
    from onward.apps.cases.models import Offer
    from onward.apps.people.models import Party
    from onward.apps.travel.models import TicketSet

    with centre_scope(Centre.objects.get(place_key="new-york").pk):
        waiting = Party.objects.filter(state="waiting").latest("number").pk
        interview = Party.objects.filter(state="in_interview").earliest("number").pk
        offered = Offer.objects.filter(party__state="offered").latest("pk").party_id
        held = TicketSet.objects.filter(state="held").latest("pk").pk
        issued = TicketSet.objects.filter(state="issued").latest("pk")
    at = lambda name, *args: (reverse(f"desk:{name}", args=args), None)  # noqa: E731
    return {
        "today": at("today"),
        "arrive": at("arrive"),
        "explain": at("explain", waiting),
        "interview": at("interview", interview),
        "interview, wishes": at("interview-step", interview, "wishes"),
        "offers": at("offers", offered),
        "purchase": at("purchase", held),
        "tickets": at("tickets", issued.pk),
        "case": at("party", issued.party_id),
        "packet": at("packet", issued.pk),
        "departures": at("departures"),
        "search": (reverse("desk:search"), {"q": "Marigold Sampel"}),
    }


def measure(ask: Callable[[], Any], rounds: int) -> dict[str, float | int]:
    """Median and 95th percentile in ms over `rounds` after three unmeasured ones, and the queries of one answer."""
    from django.db import connection

    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    for _ in range(3):
        status = ask().status_code
        if status != 200:
            raise SystemExit(f"a page answered {status}")
    with connection.execute_wrapper(count):
        ask()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    ranked = sorted(times)
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(ranked[int(len(ranked) * 0.95)], 1),
        "queries": len(asked),
    }


def main() -> None:
    """Measure and print; --save keeps the result beside the code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    with demonstration():
        from django.test import Client

        add_cases(given.cases, datetime.now(UTC))
        client = Client(HTTP_HOST="127.0.0.1")
        client.post("/sign-in/", {"username": WORKER, "password": PASSWORD})
        results = {}
        for name, (address, fields) in list_pages().items():
            ask = (
                (lambda a=address: client.get(a)) if fields is None else (lambda a=address, f=fields: client.post(a, f))
            )
            results[name] = measure(ask, given.rounds)
            row = results[name]
            print(
                f"{name:20} median {row['median_ms']:6.1f} ms  p95 {row['p95_ms']:6.1f} ms  {row['queries']:3} queries"
            )
    if given.save:
        RESULTS.parent.mkdir(exist_ok=True)
        kept = {
            "machine": describe(),
            "cases": given.cases,
            "rounds": given.rounds,
            "database": "SQLite",
            "pages": results,
        }
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
