"""The demonstration's desks, staff, receiving places and funds: data/demo/setting.toml, set up by the real acts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from onward.apps.accounts.actions import add_account, give_role, open_centre
from onward.apps.accounts.models import Centre
from onward.apps.accounts.queries import find_actor
from onward.apps.accounts.scopes import centre_scope, place_scope
from onward.apps.funds.actions import grant, open_fund
from onward.apps.people.actions import review_wording
from onward.apps.places.actions import state_capacity
from onward.apps.places.loading import find_places_file, load_places, save_receiving_place
from onward.apps.places.models import ReceivingPlace
from onward.apps.places.queries import get_place
from onward.core.actor import Actor, ActorKind, Role
from onward.core.money import Money
from tools.demo_world import DATA

OPERATOR = Actor(ActorKind.OPERATOR, "make_demo")
AT_THE_DOOR = Actor(ActorKind.RECEIVER, "demonstration")
PASSWORD = "lantern harbour walk"  # noqa: S105  (known to all: it opens made-up cases only, and is printed)
BEFORE = timedelta(days=12)
"""How long before the newest story the desks were opened."""


@dataclass(frozen=True, slots=True)
class Account:
    """A made-up member of staff."""

    email: str
    name: str
    centre: str
    role: str


@dataclass(frozen=True, slots=True)
class Desk:
    """A centre with who acts for it, by part ("worker", "coordinator", "lead", "auditor")."""

    centre: Centre
    actors: Mapping[str, Actor]


@dataclass(slots=True)
class Setting:
    """All desks by key, and every account made."""

    desks: dict[str, Desk] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)


def read_setting() -> dict[str, Any]:
    """data/demo/setting.toml as it stands."""
    return tomllib.loads((DATA / "demo" / "setting.toml").read_text(encoding="utf-8"))


def set_up(raw: Mapping[str, Any], *, now: datetime) -> Setting:
    """Places, receiving desks, centres, staff, funds and reviewed wordings, as they were `BEFORE` now."""
    opened_at = now - BEFORE
    load_places(find_places_file())
    for row in raw["receiving"]:
        _open_receiving(row, now=now)
    setting = Setting()
    for row in raw["centre"]:
        desk = _open_desk(row, raw, setting, now=opened_at)
        with centre_scope(desk.centre.pk):
            for number, fund in enumerate(row["fund"]):
                _open_fund(fund, number, desk.actors["coordinator"], opened_at, now)
    for language, reviewer in raw["reviewers"].items():
        review_wording(language, reviewed_by=reviewer, actor=OPERATOR, now=opened_at)
    return setting


def _open_receiving(row: Mapping[str, Any], *, now: datetime) -> None:
    hours = row["hours"]
    days = {str(day): hours["weekdays"] for day in range(1, 6)}
    days |= {str(day): hours["weekend"] for day in (6, 7) if "weekend" in hours}
    lat, lon = row["door"]
    desk = save_receiving_place(
        ReceivingPlace(
            place=get_place(row["place"]),
            name=row["name"],
            street_address=row["street_address"],
            phone=row["phone"],
            hours=days,
            notice_address="file:",
            language=row["language"],
            lat=lat,
            lon=lon,
        )
    )
    if "said" in row:
        said = row["said"]
        at = now - timedelta(days=said["days_ago"], minutes=35)
        with place_scope(desk.place_id):
            state_capacity(desk.place_id, said["code"], said["words"], actor=AT_THE_DOOR, now=at)


def _open_desk(row: Mapping[str, Any], raw: Mapping[str, Any], setting: Setting, *, now: datetime) -> Desk:
    place = get_place(row["place"])
    centre = Centre(
        key=row["key"],
        name=row["name"],
        place_key=place.key,
        zone=place.zone,
        currency=row["currency"],
        phone=row["phone"],
        bed_sentence=raw["bed_sentence"],
        bed_sentence_signed_by=row["signed_by"],
        bed_sentence_signed_on=now.date(),
    )
    open_centre(centre, actor=OPERATOR, now=now)
    actors = {}
    for part, role in raw["staff"].items():
        email, name = f"{part}@{row['domain']}", row["staff"][part]
        account = add_account(email, name, PASSWORD, language=row["languages"].get(part, "en"), actor=OPERATOR, now=now)
        give_role(account, centre, Role(role), actor=OPERATOR, now=now)
        actor = find_actor(account, centre.pk)
        assert actor is not None
        actors[part] = actor
        setting.accounts.append(Account(email, name, centre.name, role))
    desk = Desk(centre, actors)
    setting.desks[centre.key] = desk
    return desk


def _open_fund(row: Mapping[str, Any], number: int, actor: Actor, opened_at: datetime, now: datetime) -> None:
    rules = dict(row["rules"])
    if "until_days" in rules:
        rules["until"] = (now + timedelta(days=rules.pop("until_days"))).date().isoformat()
    at = opened_at + timedelta(minutes=10 + number)
    fund = open_fund(row["name"], row["payer"], "USD", rules, actor=actor, now=at)
    grant(fund.pk, Money(row["granted"], "USD"), cause=f"grant-{number + 1}", actor=actor, now=at)
