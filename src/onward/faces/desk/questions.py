"""What the traveller is asked, screen by screen, said in the worker's language and in theirs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from onward.apps.cases.models import Answer
from onward.faces.desk import languages

PLAIN = (
    gettext_noop("Yes"),
    gettext_noop("No"),
    gettext_noop("I do not know"),
    gettext_noop("I would rather not say"),
)
Q = Answer.Question


@dataclass(frozen=True, slots=True)
class Question:
    """What is read out: the question, a line under it, the answers to point at. English, to be translated."""

    text: str
    hint: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in both languages. is_theirs: the traveller's side is in their own language, not in English."""

    text: str
    hint: str
    their_text: str
    their_hint: str
    their_answers: tuple[str, ...]
    their_name: str
    lang: str
    dir: str
    is_theirs: bool


QUESTIONS: Mapping[str, Question] = {
    "person": Question(
        gettext_noop("What is your name, and in which year were you born?"),
        gettext_noop("The name and the age are for the ticket and for the paper you take along."),
    ),
    "origin": Question(
        gettext_noop("Did you choose to come to %(place)s?"),
        gettext_noop("Nothing here depends on the answer."),
        PLAIN,
    ),
    "meant": Question(
        gettext_noop("Where did you mean to go when you set out?"),
        gettext_noop("A place, a person, or nothing in particular."),
    ),
    "wishes": Question(
        gettext_noop("Where would you like to go?"),
        gettext_noop(
            "A place, a person, or something like “somewhere warm”. You may name several, the best one first."
        ),
    ),
    "contact": Question(
        gettext_noop("Do you know somebody there, and may we ask them whether they expect you?"),
        gettext_noop("You do not have to name anybody."),
    ),
    "dates": Question(
        gettext_noop("Do you have a hearing, a check-in or another date you must keep?"),
        gettext_noop("Show us the paper, if you have it."),
        PLAIN,
    ),
    "safety": Question(
        gettext_noop("Do you feel safe with the people you travel with, and where you are going?"),
        gettext_noop("We ask every adult, each alone. The others are not told what you say."),
        PLAIN,
    ),
    f"need-{Q.FIT_TO_TRAVEL}": Question(gettext_noop("Is everyone well enough to travel?"), "", PLAIN),
    f"need-{Q.STEP_FREE}": Question(gettext_noop("Does anyone need a way without steps?"), "", PLAIN),
    f"need-{Q.INTERPRETER}": Question(gettext_noop("Do you need an interpreter when you arrive?"), "", PLAIN),
    f"need-{Q.PHONE}": Question(gettext_noop("Do you have a telephone that works on the way?"), "", PLAIN),
    f"need-{Q.WARM_CLOTHES}": Question(gettext_noop("Do you have clothes for the weather there?"), "", PLAIN),
    f"need-{Q.BED_ON_ARRIVAL}": Question(gettext_noop("Do you need a bed on the night you arrive?"), "", PLAIN),
    f"need-{Q.MOVE_RESTRICTED}": Question(
        gettext_noop("Has a court or an office told anyone not to leave this area?"),
        gettext_noop("It may stand on one of your papers. We help you to ask a lawyer."),
        PLAIN,
    ),
}


def ask(key: str, language: str, **values: object) -> Asked:
    """A question in the language in force and in the traveller's; English where nobody wrote it in theirs."""
    asked = QUESTIONS[key]
    text, hint = gettext(asked.text) % values, _said(asked.hint)
    with languages.speaking(language) as spoken:
        base = spoken.split("-")[0]
        # A catalogue may lack this one sentence; then what comes back is the English.
        lang = base if base == "en" or gettext(asked.text) != asked.text else "en"
    with languages.speaking(lang):
        return Asked(
            text,
            hint,
            gettext(asked.text) % values,
            _said(asked.hint),
            tuple(gettext(answer) for answer in asked.answers),
            languages.own_name(lang),
            lang,
            languages.direction(lang),
            lang == language.split("-")[0],
        )


def _said(text: str) -> str:
    # The empty message is the catalogue's own header.
    return gettext(text) if text else ""
