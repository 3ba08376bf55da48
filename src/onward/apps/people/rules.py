"""What holds for a party and its people: how it may move, ages, limits. Pure."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from onward.apps.people.models import AgeBand, Known, Party
from onward.core.actor import Role
from onward.core.errors import BadInput, Conflict, message

WALKERS = (Role.CASE_WORKER, Role.COORDINATOR, Role.PROTECTION_LEAD)
"""Who does the walk with a party."""

HEADS_MOST = 60
GROUP_MOST = 120
NAME_MOST = 120
PHONE_MOST = 40
ADDRESS_MOST = 300
OLDEST_BIRTH_YEAR = 1900
PARKED_MOST_DAYS = 30

State = Party.State
NO_JOURNEY = frozenset({State.STAYS, State.DECIDES_LATER, State.DECLINED})
"""The three ordinary answers beside a journey (P2)."""

BEFORE_TICKETS = (
    frozenset({State.WAITING, State.IN_INTERVIEW, State.PARKED, State.OFFERED, State.ACCEPTED}) | NO_JOURNEY
)
_CHANGED_MIND = NO_JOURNEY | {State.IN_INTERVIEW, State.PARKED, State.OFFERED, State.ACCEPTED, State.CLOSED}

MOVES: dict[Party.State, frozenset[Party.State]] = {
    State.WAITING: NO_JOURNEY | {State.IN_INTERVIEW, State.PARKED, State.CLOSED},
    State.IN_INTERVIEW: NO_JOURNEY | {State.PARKED, State.OFFERED, State.CLOSED},
    State.PARKED: NO_JOURNEY | {State.PARKED, State.WAITING, State.IN_INTERVIEW, State.OFFERED, State.CLOSED},
    State.OFFERED: NO_JOURNEY | {State.OFFERED, State.IN_INTERVIEW, State.PARKED, State.ACCEPTED, State.CLOSED},
    State.ACCEPTED: NO_JOURNEY | {State.ACCEPTED, State.OFFERED, State.IN_INTERVIEW, State.TICKETED, State.CLOSED},
    State.TICKETED: frozenset({State.ACCEPTED, State.OFFERED, State.IN_INTERVIEW, State.LEFT, State.CLOSED}),
    State.LEFT: frozenset({State.IN_INTERVIEW, State.OFFERED, State.CLOSED}),
    State.STAYS: _CHANGED_MIND,
    State.DECIDES_LATER: _CHANGED_MIND,
    State.DECLINED: _CHANGED_MIND,
    State.CLOSED: frozenset({State.IN_INTERVIEW}),
}
"""Where a party may go from where it is: the one state table of the people room."""

CLOSES_AFTER: dict[Party.State, timedelta] = {
    State.LEFT: timedelta(days=30),
    State.STAYS: timedelta(days=30),
    State.DECLINED: timedelta(days=30),
    State.DECIDES_LATER: timedelta(days=90),
    State.WAITING: timedelta(days=90),
    State.IN_INTERVIEW: timedelta(days=90),
    State.PARKED: timedelta(days=90),
    State.OFFERED: timedelta(days=90),
    State.ACCEPTED: timedelta(days=90),
    State.TICKETED: timedelta(days=90),
}
"""How long a case lies untouched in a state before it closes by itself: the published schedule's first half.

Tickets held or issued keep it open all the same; a departure nobody could confirm does not."""

ERASED_AFTER = timedelta(days=90)
"""How long after closing a case's key is destroyed: the schedule's second half, as the purpose wording says it."""

PARK_REASONS: dict[str, str] = {
    "rest": message("They need to rest or to eat"),
    "child": message("A child needs them"),
    "interpreter": message("Waiting for an interpreter"),
    "contact": message("Waiting for their contact"),
    "papers": message("Papers are elsewhere"),
    "care": message("Seeing a nurse or a doctor"),
    "closing": message("The desk closes"),
    "other": message("Another reason"),
}


def move(at: str, to: Party.State) -> Party.State:
    """`to`, if a party that is `at` may go there; raises Conflict."""
    if to not in MOVES[State(at)]:
        raise Conflict(
            "party.cannot_move",
            message("This case is now “%(at)s”, so it cannot become “%(to)s”."),
            remedy=message("Look at the case again: a colleague may have moved it on."),
            values={"at": State(at).label, "to": to.label},
        )
    return to


def check_heads(heads: int) -> int:
    """Heads of one party; BadInput unless a whole number from 1 to HEADS_MOST."""
    if isinstance(heads, bool) or not isinstance(heads, int) or not 1 <= heads <= HEADS_MOST:
        raise BadInput(
            "party.heads",
            message("A party has from 1 to %(most)s people."),
            remedy=message("Count the people who travel together; a larger group is several parties."),
            field="heads",
            values={"most": HEADS_MOST},
        )
    return heads


def check_language(language: str) -> str:
    """A language code such as "es" or "zh-Hant" (BCP 47); BadInput otherwise."""
    if len(language) > 8 or not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", language):
        raise BadInput(
            "party.language",
            message("Choose the language they speak."),
            remedy=message("If nobody knows yet, choose one they understand and correct it later."),
            field="language",
        )
    return language


def check_known(value: str, field: str) -> Known:
    """One of yes, no, unknown, declined, not asked (P9); BadInput for anything else."""
    if value not in Known.values:
        raise BadInput(
            "answer.not_one",
            message("Choose one of the answers."),
            remedy=message("Yes, no, they do not know, they would rather not say, or not asked."),
            field=field,
        )
    return Known(value)


def check_text(text: str, most: int, field: str) -> str:
    """Words of at most `most` characters, without blank ends; BadInput when longer: nothing is ever cut."""
    words = text.strip()
    if len(words) > most:
        raise BadInput(
            "text.too_long",
            message("This has %(length)s characters; at most %(most)s fit."),
            remedy=message("Shorten it. Nothing was cut and nothing was saved."),
            field=field,
            values={"length": len(words), "most": most},
        )
    return words


def check_park_reason(why: str) -> str:
    """A code of PARK_REASONS; BadInput otherwise."""
    if why not in PARK_REASONS:
        raise BadInput("park.why", message("Choose why the interview is parked."), field="why")
    return why


def band_of(age: int) -> AgeBand:
    """The band of an age in whole years."""
    if age < 2:
        return AgeBand.INFANT
    if age < 12:
        return AgeBand.CHILD
    return AgeBand.YOUTH if age < 18 else AgeBand.ADULT


def check_birth_year(year: int, today: date) -> int:
    """A year of birth from 1900 to this year; BadInput otherwise."""
    if year > today.year:
        raise BadInput(
            "person.birth_year_future",
            message("%(year)s has not come yet."),
            remedy=message("Write the year of birth with four digits, or leave it empty and choose an age group."),
            field="birth_year",
            values={"year": year},
        )
    if year < OLDEST_BIRTH_YEAR:
        raise BadInput(
            "person.birth_year_early",
            message("%(year)s is too long ago to be a year of birth."),
            remedy=message("Write the year of birth with four digits, or leave it empty and choose an age group."),
            field="birth_year",
            values={"year": year},
        )
    return year


def choose_band(birth_year: int | None, age_band: str | None, today: date) -> AgeBand:
    """The age band for a year of birth, a chosen band, or both; BadInput where they are missing or disagree.

    A year alone leaves an age open by one, so near a border of the bands the band must be chosen too.
    """
    if age_band is not None and age_band not in AgeBand.values:
        raise BadInput("person.age_band_unknown", message("Choose an age group."), field="age_band")
    if birth_year is None:
        if age_band is None:
            raise BadInput(
                "person.age_missing",
                message("The ticket needs an age."),
                remedy=message("Write the year of birth or choose an age group."),
                field="age_band",
            )
        return AgeBand(age_band)
    age = today.year - check_birth_year(birth_year, today)
    possible = {band_of(age), band_of(max(0, age - 1))}
    if age_band is None and len(possible) == 1:
        return possible.pop()
    if age_band is None or AgeBand(age_band) not in possible:
        raise BadInput(
            "person.age_band_differs" if age_band else "person.age_band_open",
            message("Somebody born in %(year)s is %(younger)s or %(older)s years old this year."),
            remedy=message("Choose the age group that fits, or correct the year."),
            field="age_band",
            values={"year": birth_year, "younger": max(0, age - 1), "older": age},
        )
    return AgeBand(age_band)


def count_bands(bands: Iterable[str]) -> dict[str, int]:
    """How many of each age band, in the order of the bands, empty ones left out."""
    listed = list(bands)
    return {band: listed.count(band) for band in AgeBand.values if band in listed}
