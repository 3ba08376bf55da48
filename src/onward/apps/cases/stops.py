"""The few things that stop a ticket (P6, P8); everything else warns. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from onward.apps.cases.facts import CaseFacts
from onward.apps.cases.models import Answer, Consent
from onward.apps.cases.rules import WITHHELD
from onward.apps.people.models import Known
from onward.core.errors import message


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop in force. text, remedy: English sentences with named placeholders, filled by values."""

    code: str
    text: str
    remedy: str
    values: dict[str, object] = field(default_factory=dict)


MINOR_ALONE = "minor_unaccompanied"
UNFIT = "unfit"
NO_RECORD_CONSENT = "consent_record"
NO_PURCHASE_CONSENT = "consent_purchase"
UNSAFE = "unsafe"
MOVE_RESTRICTED = "move_restricted"
LAND_BORDER = "land_border"


def list_stops(case: CaseFacts) -> list[Stop]:
    """Every stop in force on a case, the gravest first. Tickets that do not match the people are travel's to see."""
    return [*_unsafe(case), *_minors(case), *_unfit(case), *_restricted(case), *_consents(case), *_border(case)]


def _unsafe(case: CaseFacts) -> Iterator[Stop]:
    for person in case.persons:
        if person.is_unsafe:
            yield Stop(
                UNSAFE,
                message("The protection lead speaks with this party before any ticket."),
                message("Why is written on the screen of the person it is about; open it where nobody reads along."),
                {"position": person.position},
            )


def _minors(case: CaseFacts) -> Iterator[Stop]:
    adults = [person for person in case.persons if person.is_adult]
    minors = len(case.persons) - len(adults)
    if not adults:
        yield Stop(
            MINOR_ALONE,
            message("No adult is described in this party."),
            message("Describe the adult who travels with them. A child alone is for the protection lead: call them."),
        )
    elif minors and not any(person.is_guardian == Known.YES for person in adults):
        yield Stop(
            MINOR_ALONE,
            message("Children travel in this party, and no adult of it is known to be their parent or guardian."),
            message("Ask each adult. If nobody is, the protection lead decides: call them."),
            {"minors": minors},
        )


def _unfit(case: CaseFacts) -> Iterator[Stop]:
    if case.answer(Answer.Question.FIT_TO_TRAVEL) == Known.NO:
        yield Stop(
            UNFIT,
            message("Somebody of the party is not fit to travel."),
            message("Let them see a nurse or a doctor, and ask again afterwards."),
        )


def _restricted(case: CaseFacts) -> Iterator[Stop]:
    if case.answer(Answer.Question.MOVE_RESTRICTED) == Known.YES:
        yield Stop(
            MOVE_RESTRICTED,
            message("A court or an agency has forbidden somebody of the party to move."),
            message("Help them reach their lawyer or a free one before anything is bought."),
        )


def _consents(case: CaseFacts) -> Iterator[Stop]:
    recorded = case.find_consent(Consent.Step.RECORD)
    if recorded is None or not recorded.is_yes:
        yield Stop(
            NO_RECORD_CONSENT,
            message("They have not said yes to their words being written down, or took their yes back."),
            message("Read the purpose out again and ask. A no costs them nothing."),
        )
    purchase = case.find_consent(Consent.Step.PURCHASE)
    if case.is_accepted and (purchase is None or not purchase.is_yes):
        yield Stop(
            NO_PURCHASE_CONSENT,
            message("They have not said yes to this purchase."),
            message("Show them the journey and its price, and ask. A no costs them nothing."),
        )


def _border(case: CaseFacts) -> Iterator[Stop]:
    if case.is_accepted and case.withheld:
        yield Stop(LAND_BORDER, WITHHELD[case.withheld], message("Look for a journey that does not lead there."))
