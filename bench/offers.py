"""Offers with the corridor's eleven railways loaded: looking for journeys, and the page that shows them.

python -m bench.offers [--rounds 20] [--save]
Wednesday 2025-06-11, a family of three at New York with one wish each to ten cities. Cold: the first party that asks
for a city that day. Warm: the next one. With quotes: made-up ones between the busiest stations of two carriers are on
file. The page is asked for over the whole stack by Django's client; no network.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.desk import PASSWORD, ROOT, WORKER, demonstration, measure
from bench.fares import made_up_quotes
from bench.machine import describe

RESULTS = ROOT / "bench" / "results" / "offers.json"
SHARED = Path(os.environ.get("ONWARD_SHARED", ROOT.parent / "shared"))
FEEDS = ("amtrak", "exo", "hl", "lirr", "marc", "mbta", "njt", "septa", "sle", "via", "vre")
CITIES = (
    "albany",
    "boston",
    "buffalo",
    "chicago",
    "cleveland",
    "montreal",
    "philadelphia",
    "pittsburgh",
    "toronto",
    "washington",
)
ON, NOW = date(2025, 6, 11), datetime(2025, 6, 10, 14, tzinfo=UTC)


def load_corridor() -> None:
    """The corridor's feeds in place of the demonstration's."""
    from onward.apps.timetables import loaded

    store = loaded.store()
    for feed in store.list_feeds():
        store.remove(feed.name)
    for name in FEEDS:
        mended = SHARED / "gtfs" / "mended" / f"ne_{name}_2025-06.zip"
        whole = SHARED / "gtfs" / f"ne_{name}_2025-06.zip"
        zone = "America/Toronto" if name in ("via", "exo") else "America/New_York"
        store.add(mended if mended.exists() else whole, zone=None if mended.exists() else zone)


def quote_busiest() -> None:
    """Made-up quotes between the busiest stations of two carriers on file."""
    from onward.apps.timetables import loaded
    from onward.apps.timetables.models import FareQuote

    quotes = made_up_quotes(loaded.store().load_timetable())
    FareQuote.objects.bulk_create(FareQuote(source="made up", **asdict(quote)) for quote in quotes)


def make_party(worker: Any, wishes: tuple[str, ...]) -> Any:
    """Two adults and a child, described, with these wishes."""
    from onward.apps.cases.actions import begin_interview, record_wish
    from onward.apps.people.actions import arrive, describe_person, explain

    by: dict[str, Any] = {"actor": worker, "now": NOW}
    party = arrive(3, "en", **by)
    explain(party.pk, language="en", interpreter="not_needed", **by)
    begin_interview(party.pk, **by)
    for position, band in enumerate(("adult", "adult", "child"), start=1):
        guardian = "yes" if band == "adult" else "no"
        facts: dict[str, Any] = {"name": "A Sample", "birth_year": None, "age_band": band, "is_guardian": guardian}
        describe_person(party.pk, position, **facts, **by)
    for rank, key in enumerate(wishes, start=1):
        record_wish(party.pk, rank, words=key, place_key=key, **by)
    return party


def look(worker: Any, wishes: tuple[str, ...]) -> tuple[Any, float]:
    """A party whose journeys were looked for, and the milliseconds that took."""
    from onward.apps.cases.actions import find_offers

    party = make_party(worker, wishes)
    begun = time.perf_counter()
    find_offers(party.pk, earliest_on=ON, actor=worker, now=NOW)
    return party, (time.perf_counter() - begun) * 1000


def timed(ask: Callable[[], object]) -> float:
    """Milliseconds one call takes."""
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    """Measure and print; --save keeps the result beside the code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    with demonstration():
        from django.test import Client

        from onward.apps.accounts.models import Account, Centre
        from onward.apps.accounts.queries import find_actor
        from onward.apps.accounts.scopes import centre_scope
        from onward.apps.timetables import loaded
        from onward.apps.timetables.stations import list_countries

        load_corridor()
        centre = Centre.objects.get(place_key="new-york")
        worker = find_actor(Account.objects.get(email=WORKER), centre.pk)
        results: dict[str, Any] = {"compile and load": round(timed(lambda: loaded.load(list_countries())), 1)}
        with centre_scope(centre.pk):
            results["one wish, cold"] = [round(look(worker, (city,))[1], 1) for city in CITIES]
            results["one wish, warm"] = [round(look(worker, (city,))[1], 1) for city in CITIES]
            party, three = look(worker, ("boston", "chicago", "montreal"))
            results["three wishes, warm"] = round(three, 1)
            quote_busiest()
            results["one wish with quotes, cold"] = [round(look(worker, (city,))[1], 1) for city in CITIES]
            results["one wish with quotes, warm"] = [round(look(worker, (city,))[1], 1) for city in CITIES]
            party, three = look(worker, ("boston", "chicago", "montreal"))
            results["three wishes with quotes, warm"] = round(three, 1)
        client = Client(HTTP_HOST="127.0.0.1")
        client.post("/sign-in/", {"username": WORKER, "password": PASSWORD})
        results["page of three wishes"] = measure(lambda: client.get(f"/case/{party.pk}/offers/"), given.rounds)
    for name in [name for name in results if name.startswith("one wish")]:
        results[name] = {
            "median_ms": statistics.median(results[name]),
            "each_ms": dict(zip(CITIES, results[name], strict=True)),
        }
    print(json.dumps(results, indent=1))
    if given.save:
        RESULTS.write_text(json.dumps({"machine": describe(), "results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
