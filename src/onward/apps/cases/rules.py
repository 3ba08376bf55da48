"""What may be written in a case, what is withheld, how far the journey is from the wish. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from onward.apps.cases.models import Answer, Consent, Decision, Obligation
from onward.apps.people.models import Known, Party
from onward.apps.people.rules import check_known, check_text
from onward.apps.places.models import Place
from onward.core.errors import BadInput, message

WORDS_MOST = 400
PLACE_WORDS_MOST = 200
WHY_MOST = 1000
RANKS_MOST = 9
DATE_MOST = timedelta(days=3660)
EARLIEST_MOST = timedelta(days=60)

Question = Answer.Question
NEEDS = (
    Question.FIT_TO_TRAVEL,
    Question.STEP_FREE,
    Question.INTERPRETER,
    Question.PHONE,
    Question.WARM_CLOTHES,
    Question.BED_ON_ARRIVAL,
    Question.MOVE_RESTRICTED,
)
"""The questions of the needs screen, in the order they are asked."""

DECIDED: dict[Decision.Kind, Party.State] = {
    Decision.Kind.ACCEPT: Party.State.ACCEPTED,
    Decision.Kind.STAY: Party.State.STAYS,
    Decision.Kind.LATER: Party.State.DECIDES_LATER,
    Decision.Kind.DECLINE: Party.State.DECLINED,
}
"""Where each decision takes a party; a decision changes nothing else (P2)."""

LAND_BORDER = "land_border"
WITHHELD: dict[str, str] = {
    LAND_BORDER: message(
        "This journey leads to or across a land border. It is shown and cannot be chosen until a lawyer's advice on "
        "the rule in force can be given with it. The wish stays as it was said."
    ),
}
"""Why an offer cannot be chosen, by the code kept on it (P8)."""


def check_words(text: str, field: str, *, most: int = WORDS_MOST) -> str:
    """Words that must not be empty, of at most `most` characters; BadInput by field."""
    words = check_text(text, most, field)
    if not words:
        raise BadInput(
            "words.empty",
            message("Nothing is written here yet."),
            remedy=message("Write what they said, in their own words."),
            field=field,
        )
    return words


def check_rank(rank: int) -> int:
    """The rank of a wish, 1 being the first; BadInput outside 1 to RANKS_MOST."""
    if not 1 <= rank <= RANKS_MOST:
        raise BadInput(
            "wish.rank",
            message("Wishes are ranked from 1 to %(most)s."),
            field="rank",
            values={"most": RANKS_MOST},
        )
    return rank


def check_binding_date(on: date, today: date) -> date:
    """A date that binds, from today to ten years ahead; BadInput otherwise."""
    if not today <= on <= today + DATE_MOST:
        raise BadInput(
            "obligation.on",
            message("%(on)s has passed or lies too far ahead."),
            remedy=message("Read the date on the paper again. A date that has passed is for a lawyer: refer them."),
            field="on",
            values={"on": on.isoformat()},
        )
    return on


def check_earliest(on: date, today: date) -> date:
    """The first day they could leave, from today to 60 days ahead; BadInput otherwise."""
    if not today <= on <= today + EARLIEST_MOST:
        raise BadInput(
            "offers.earliest_on",
            message("Choose a day from today to %(most)s days ahead."),
            field="earliest_on",
            values={"most": EARLIEST_MOST.days},
        )
    return on


def check_ask_again(on: date | None, today: date) -> date | None:
    """When to ask again, not in the past; BadInput otherwise."""
    if on is not None and on < today:
        raise BadInput("decision.ask_again", message("Choose a day that has not passed."), field="ask_again_on")
    return on


def check_answers(answers: dict[str, str]) -> dict[Question, Known]:
    """Answers by question, each one of the five Known codes (P9); BadInput by the question's field."""
    unknown = [question for question in answers if question not in Question.values]
    if unknown:
        raise BadInput("answer.question", message("This question is not asked here."), field=unknown[0][:20])
    return {Question(question): check_known(answer, question) for question, answer in answers.items()}


def check_kind(kind: str) -> Obligation.Kind:
    """A kind of date that binds; BadInput otherwise."""
    if kind not in Obligation.Kind.values:
        raise BadInput("obligation.kind", message("Choose what kind of date this is."), field="kind")
    return Obligation.Kind(kind)


def check_step(step: str) -> Consent.Step:
    """A moment at which yes is asked; BadInput otherwise."""
    if step not in Consent.Step.values:
        raise BadInput("consent.step", message("Yes is not asked at this point."), field="step")
    return Consent.Step(step)


def check_decision(kind: str) -> Decision.Kind:
    """A kind of decision; BadInput otherwise."""
    if kind not in Decision.Kind.values:
        raise BadInput("decision.kind", message("Choose a journey, or stay, decide later, or decline."), field="kind")
    return Decision.Kind(kind)


def find_withheld(countries: Sequence[str], end: Place, wished: Iterable[str]) -> str:
    """LAND_BORDER where a journey may not be sold before the law's cards exist (P8), else "".

    countries: those the journey touches, its start among them. end: where it ends. wished: the countries of all the
    party's wishes. It is withheld where the countries change, and where it ends in a border town while a wish lies in
    another country.
    """
    if len({*countries, end.country}) > 1:
        return LAND_BORDER
    if end.is_border_town and any(country != end.country for country in wished):
        return LAND_BORDER
    return ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Between what they wished first and where the journey goes; never closed by changing the wish (P3)."""

    wished_place: str
    journey_place: str
    rank: int


def find_gap(wishes: Sequence[tuple[int, str | None]], place_key: str) -> Gap | None:
    """The gap between the first wish and a journey's place, or None. wishes: (rank, place key) as they stand."""
    ranked = sorted(wishes)
    if not ranked or ranked[0][1] == place_key:
        return None
    met = next((rank for rank, key in ranked if key == place_key), 0)
    return Gap(ranked[0][1] or "", place_key, met)
