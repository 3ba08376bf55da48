"""Reading out what this desk is, before anything personal is asked (P1); reviewing the wordings."""

from datetime import datetime

from django.db import transaction

from onward.apps.people import keepers
from onward.apps.people.actions.moving import lock_party, require_words
from onward.apps.people.models import Explanation, WordingReview
from onward.apps.people.rules import NAME_MOST, WALKERS, check_text
from onward.apps.people.wordings import Wording, load_wording
from onward.apps.record.actions import append, case_chain, centre_chain
from onward.core.actor import Actor, ActorKind, Role
from onward.core.errors import BadInput, Conflict, message

INSTALLATION_CHAIN = "installation"


@transaction.atomic
def explain(party_id: int, *, language: str, interpreter: str, actor: Actor, now: datetime) -> Explanation:
    """The purpose was read out in `language` and confirmed, and they said yes to its being written down.

    interpreter: an Explanation.Interpreter code. BadInput for a language without wording, or another language than
    theirs without an interpreter; Conflict for a wording nobody reviewed.
    """
    actor.require(*WALKERS)
    party = lock_party(party_id, actor=actor)
    require_words(party)
    wording = load_wording(language)
    _require_review(wording)
    explanation = Explanation.objects.create(
        centre_id=party.centre_id,
        party=party,
        wording=wording.key,
        version=wording.version,
        language=language,
        interpreter=_check_interpreter(interpreter, is_theirs=language == party.language),
        confirmed_at=now,
    )
    facts = {"wording": wording.key, "version": wording.version, "language": language, "interpreter": interpreter}
    append(case_chain(party.pk), "purpose.explained", facts, actor=actor, now=now)
    for keeper in keepers.list_keepers():
        keeper.explained(explanation, actor=actor, now=now)
    return explanation


def _require_review(wording: Wording) -> None:
    reviewed = WordingReview.objects.filter(
        wording=wording.key, version=wording.version, language=wording.language
    ).exists()
    if not reviewed:
        raise Conflict(
            "explanation.not_reviewed",
            message("Nobody has reviewed this wording in this language, so it cannot be used to ask for a yes."),
            remedy=message("Read it out in a reviewed language, through an interpreter."),
            field="language",
            values={"language": wording.language},
        )


def _check_interpreter(interpreter: str, *, is_theirs: bool) -> Explanation.Interpreter:
    if interpreter not in Explanation.Interpreter.values:
        raise BadInput("explanation.interpreter", message("Choose who interpreted."), field="interpreter")
    chosen = Explanation.Interpreter(interpreter)
    if chosen is Explanation.Interpreter.NOT_NEEDED and not is_theirs:
        raise BadInput(
            "explanation.interpreter_needed",
            message("This is not the language they speak, so somebody must have interpreted."),
            remedy=message("Choose who interpreted, or correct the party's language."),
            field="interpreter",
        )
    return chosen


@transaction.atomic
def review_wording(language: str, *, reviewed_by: str, actor: Actor, now: datetime) -> WordingReview:
    """A named person read the wording and says it says what the English says; a second review changes nothing.

    By a coordinator, the protection lead or the operator. BadInput for no name or no such language.
    """
    if actor.kind is not ActorKind.OPERATOR:
        actor.require(Role.COORDINATOR, Role.PROTECTION_LEAD)
    wording = load_wording(language)
    name = check_text(reviewed_by, NAME_MOST, "reviewed_by")
    if not name:
        raise BadInput("wording.reviewer", message("Write who reviewed it."), field="reviewed_by")
    review, is_new = WordingReview.objects.get_or_create(
        wording=wording.key,
        version=wording.version,
        language=language,
        defaults={"reviewed_by": name, "reviewed_on": now.date()},
    )
    if is_new:
        chain = centre_chain(actor.centre_id) if actor.centre_id is not None else INSTALLATION_CHAIN
        facts = {"wording": wording.key, "version": wording.version, "language": language}
        append(chain, "wording.reviewed", facts, actor=actor, now=now)
    return review
