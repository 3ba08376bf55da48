"""Making the demonstration's world inside a test, and saying what is in it."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from onward.apps.accounts.models import Centre
from onward.apps.funds.models import Transfer
from onward.apps.notices.models import Answer, Notice
from onward.apps.people import sealing
from onward.apps.people.models import Party, Person
from onward.apps.record.models import Entry
from onward.apps.timetables import loaded
from onward.apps.travel.models import TicketSet
from tools.make_demo import make_demo


def make_world(home: Path, *, now: datetime, seed: int = 2023) -> None:
    from onward.site.settings import ENVIRONMENT

    loaded.hand_in(home / "feeds")
    make_demo(replace(ENVIRONMENT, home=home), seed=seed, now=now)


def facts_of_the_world() -> str:
    """Everything that happened, without keys and references, which are drawn anew each time."""
    label = {f"case:{party.pk}": party.label for party in Party.objects.all()}
    centre = {f"centre:{one.pk}": one.key for one in Centre.objects.all()}
    told: dict[str, list[Any]] = {
        "parties": list(Party.objects.values_list("label", "heads", "language", "arrived_at", "state")),
        "names": [
            sealing.unseal(one.party, "people.Person.name", one.name)
            for one in Person.objects.select_related("party").order_by("party__label", "position")
        ],
        "sets": list(
            TicketSet.objects.values_list(
                "party__label", "state", "place", "depart_at", "held_at", "payer", "fund__name", "fare_minor"
            )
        ),
        "notices": list(Notice.objects.values_list("ticket_set__party__label", "kind", "day", "heads", "issued_at")),
        "answers": list(Answer.objects.values_list("code", "words", "answered_at")),
        "books": list(Transfer.objects.values_list("debit__fund__name", "kind", "amount_minor", "at")),
        "record": [
            (label.get(one.chain) or centre.get(one.chain) or one.chain, one.seq, one.act, one.at)
            for one in Entry.objects.all()
        ],
    }
    return json.dumps({key: sorted(map(str, rows)) for key, rows in told.items()}, indent=1)
