"""The demonstration's parties as data: data/demo/stories.toml read, and made-up people drawn for each."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from onward.apps.people.models import AgeBand, Known
from onward.core.errors import BadInput, message
from tools.demo_world import DATA

BANDS = {"a": AgeBand.ADULT, "y": AgeBand.YOUTH, "c": AgeBand.CHILD, "i": AgeBand.INFANT}
AGES = {AgeBand.ADULT: (21, 58), AgeBand.YOUTH: (14, 16), AgeBand.CHILD: (4, 10), AgeBand.INFANT: (0, 0)}
"""Ages drawn, whole years at the end of this year: inside their band whatever the birthday."""


@dataclass(frozen=True, slots=True)
class Story:
    """A party's way through the desk, as the table gives it (see the head of stories.toml)."""

    centre: str
    people: str
    language: str
    began: str
    reaches: str
    wishes: tuple[tuple[str, str], ...] = ()
    explained_in: str = ""
    interpreter: str = "not_needed"
    bed: str = "not_asked"
    is_urgent: bool = False
    chose: str = "yes"
    meant: tuple[str, str] | None = None
    contact: Mapping[str, str] | None = None
    obligation: Mapping[str, Any] | None = None
    needs: Mapping[str, str] | None = None
    parked: Mapping[str, Any] | None = None
    leaves: int = 0
    payer: str = "fund"
    notice: str = "yes"
    answer: Mapping[str, Any] | None = None
    then: str = ""
    ask_again_in: int = 7
    goes_apart: bool = False

    @property
    def heads(self) -> int:
        """How many came."""
        return sum(int(number) for number in re.findall(r"\d+", self.people))

    @property
    def bands(self) -> tuple[AgeBand, ...]:
        """The age of each, adults first; empty where nobody was described."""
        if self.people.startswith("?"):
            return ()
        counted = re.findall(r"(\d+)([ayci])", self.people)
        return tuple(BANDS[letter] for number, letter in counted for _ in range(int(number)))

    def begins_at(self, anchor: datetime, zone: str) -> datetime:
        """When they came, seen from `anchor`: a local hour some days before, or so many minutes before."""
        if minutes := re.fullmatch(r"(\d+)m", self.began):
            return anchor - timedelta(minutes=int(minutes[1]))
        found = re.fullmatch(r"(\d+)d (\d\d):(\d\d)", self.began)
        if found is None:
            raise BadInput(
                "demo.began", message("“%(began)s” is no time in stories.toml."), values={"began": self.began}
            )
        day = anchor.astimezone(ZoneInfo(zone)).date() - timedelta(days=int(found[1]))
        return datetime.combine(day, time(int(found[2]), int(found[3])), ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """Somebody who does not exist: a given name and a word for "example"."""

    name: str
    birth_year: int | None
    band: AgeBand
    is_guardian: Known


def read_stories() -> list[Story]:
    """Every story of the table, in its order. Raises TypeError for a column nobody knows."""
    raw = tomllib.loads((DATA / "demo" / "stories.toml").read_text(encoding="utf-8"))
    return [_story(row) for row in raw["story"]]


def _story(row: Mapping[str, Any]) -> Story:
    given = dict(row)
    given["wishes"] = tuple((place, words) for place, words in given.get("wishes", ()))
    if "meant" in given:
        given["meant"] = tuple(given["meant"])
    return Story(**given)


def draw_people(story: Story, names: Mapping[str, Any], *, year: int, draw: Random) -> list[MadeUpPerson]:
    """A made-up person for each head, of one family name; most give a year of birth, some only an age."""
    pool = names.get(story.language) or names["fr"]
    family = draw.choice(pool["family"])
    given = draw.sample(pool["given"], len(story.bands))
    has_children = AgeBand.ADULT in story.bands and set(story.bands) != {AgeBand.ADULT}
    people = []
    for position, (name, band) in enumerate(zip(given, story.bands, strict=True)):
        least, most = AGES[band]
        born = year - draw.randint(least, most)
        guardian = Known.YES if has_children and not position else Known.NOT_ASKED
        people.append(MadeUpPerson(f"{name} {family}", born if draw.random() < 0.8 else None, band, guardian))
    return people
