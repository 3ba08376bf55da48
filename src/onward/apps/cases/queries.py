"""Reads of cases: the whole case in few queries with its words open, tasks, stops, offers, the newest decision."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from onward.apps.cases import stops, tasks
from onward.apps.cases.facts import CaseFacts, ConsentFact, ExplanationFact, PersonFacts
from onward.apps.cases.models import Answer, Consent, Decision, Interview, Obligation, Offer, Wish
from onward.apps.cases.moving import MovingTask, list_moving_tasks
from onward.apps.cases.rules import Gap, find_gap, find_withheld
from onward.apps.cases.stops import Stop
from onward.apps.cases.tasks import Progress, Task, TaskCode, TaskStatus
from onward.apps.people import sealing
from onward.apps.people.models import Contact, Explanation, Known, Party, Person
from onward.apps.people.queries import ContactWords, PersonWords, no_such_party, open_contact, open_person
from onward.apps.people.rules import WALKERS
from onward.apps.places.models import Place
from onward.core.actor import Actor

__all__ = [
    "CaseView",
    "InterviewWords",
    "ObligationWords",
    "Stop",
    "Task",
    "TaskCode",
    "TaskStatus",
    "WishWords",
    "find_decision",
    "get_case",
    "list_offers",
    "list_stops",
    "list_tasks",
]


@dataclass(frozen=True, slots=True)
class InterviewWords:
    """How they came. chose_to_come: a Known code."""

    begun_at: datetime
    chose_to_come: str
    meant_words: str
    meant_place: Place | None
    earliest_on: date | None


@dataclass(frozen=True, slots=True)
class WishWords:
    """A wish as they said it; place None while nobody knows where that is."""

    id: int
    rank: int
    words: str
    place: Place | None
    said_at: datetime


@dataclass(frozen=True, slots=True)
class ObligationWords:
    """A date that binds. person_id None: the whole party's."""

    id: int
    kind: str
    on: date
    place: Place | None
    place_words: str
    person_id: int | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its words open. answers: by question, "not_asked" where nobody asked. consents: by step, True, False
    or None for not asked. gap: between the first wish and the journey accepted, if any (P3)."""

    party: Party
    facts: CaseFacts
    persons: tuple[PersonWords, ...]
    contacts: tuple[ContactWords, ...]
    interview: InterviewWords | None
    wishes: tuple[WishWords, ...]
    obligations: tuple[ObligationWords, ...]
    stops: tuple[Stop, ...]

    @property
    def explanation(self) -> ExplanationFact | None:
        """The newest confirmed explanation (P1)."""
        return self.facts.explanation

    @property
    def decision(self) -> Decision | None:
        """The newest decision, its offer and the offer's place along."""
        return self.facts.decision

    @property
    def answers(self) -> dict[str, str]:
        """The answer to every question; "not_asked" where nobody asked (P9)."""
        return {question: self.facts.answer(question) for question in Answer.Question.values}

    @property
    def consents(self) -> dict[str, bool | None]:
        """Yes, no or not asked (None) at each of the moments (P4, P11)."""
        found = {step: self.facts.find_consent(step) for step in Consent.Step}
        return {step.value: fact.is_yes if fact else None for step, fact in found.items()}

    @property
    def safety(self) -> dict[int, PersonFacts]:
        """By person id: safety, is_asked_alone, is_lifted."""
        return {person.id: person for person in self.facts.persons}

    @property
    def unplaced(self) -> tuple[WishWords, ...]:
        """Wishes for which no place is known yet: no journey can be looked for."""
        return tuple(wish for wish in self.wishes if wish.place is None)

    @property
    def moving_tasks(self) -> list[MovingTask]:
        """What follows from moving, person by person; sentences in moving.AFTER_MOVING (P7)."""
        positions = {person.id: person.position for person in self.persons}
        dates = [(one.kind, positions.get(one.person_id) if one.person_id else None) for one in self.obligations]
        return list_moving_tasks(dates, list(positions.values()))

    @property
    def gap(self) -> Gap | None:
        """Between the first wish and the journey accepted."""
        offer = self.decision.offer if self.facts.is_accepted and self.decision else None
        wished = [(wish.rank, wish.place.key if wish.place else None) for wish in self.wishes]
        return find_gap(wished, offer.place_id) if offer else None


def get_case(party_id: int, *, actor: Actor, now: datetime, what: str = "case_page") -> CaseView:
    """A case in eight queries, its words open; leaves one look, `what` naming the page. NotFound; KeyGone after
    erasure."""
    actor.require(*WALKERS)
    rows = Party.objects.select_related("centre", "parked_for", "interview__meant_place")
    party = rows.filter(pk=party_id).first()
    if party is None:
        raise no_such_party()
    actor.require_centre(party.centre_id)
    persons, wishes = _persons(party_id), list(_wishes(party_id))
    facts = _facts(party, persons, wishes)
    contacts = Contact.objects.filter(party_id=party_id).select_related("place").order_by("pk")
    obligations = Obligation.objects.filter(party_id=party_id).select_related("place").order_by("on", "pk")
    view = CaseView(
        party,
        facts,
        tuple(open_person(party, person) for person in persons),
        tuple(open_contact(party, contact) for contact in contacts),
        _open_interview(party),
        tuple(_open_wish(party, wish) for wish in wishes),
        tuple(open_obligation(party, one) for one in obligations),
        tuple(stops.list_stops(facts)),
    )
    sealing.log_look(party, what, actor=actor, now=now)
    return view


def list_tasks(case: CaseView) -> list[Task]:
    """The task list of a case (codes in TaskCode, statuses in TaskStatus)."""
    offered = {Party.State.OFFERED, Party.State.ACCEPTED, Party.State.TICKETED, Party.State.LEFT}
    so_far = Progress(
        case.interview.chose_to_come if case.interview else Known.NOT_ASKED,
        len(case.wishes),
        len(case.wishes) - len(case.unplaced),
        len(case.contacts),
        len(case.obligations),
        case.party.state in offered,
    )
    return tasks.list_tasks(case.facts, so_far)


def list_stops(party_id: int) -> list[Stop]:
    """The stops in force on a case (P6, P8), the gravest first; reads no words. NotFound."""
    party = Party.objects.filter(pk=party_id).first()
    if party is None:
        raise no_such_party()
    return stops.list_stops(_facts(party, _persons(party_id), list(_wishes(party_id))))


def list_offers(party_id: int) -> list[Offer]:
    """The offers found together last, in order, each with its wish and place."""
    newest = Offer.objects.filter(party_id=party_id).order_by("-batch").values("batch")[:1]
    rows = Offer.objects.filter(party_id=party_id, batch=newest)
    return list(rows.select_related("wish", "place").order_by("position"))


def find_decision(party_id: int) -> Decision | None:
    """The newest decision with its offer and place; it is the one that counts."""
    rows = Decision.objects.filter(party_id=party_id).select_related("offer__place")
    return rows.order_by("-decided_at", "-pk").first()


def _persons(party_id: int) -> list[Person]:
    return list(Person.objects.filter(party_id=party_id).select_related("safety").order_by("position"))


def _wishes(party_id: int) -> QuerySet[Wish]:
    return Wish.objects.filter(party_id=party_id, withdrawn_at=None).select_related("place").order_by("rank")


def _facts(party: Party, persons: list[Person], wishes: list[Wish]) -> CaseFacts:
    decision = find_decision(party.pk)
    answers, consents, explanation = _coded(party.pk)
    return CaseFacts(
        party.heads,
        tuple(_person_facts(person) for person in persons),
        answers,
        consents,
        explanation,
        decision,
        _withheld(decision, wishes),
    )


def _person_facts(person: Person) -> PersonFacts:
    asked = getattr(person, "safety", None)
    return PersonFacts(
        person.pk,
        person.position,
        person.age_band,
        person.is_guardian,
        bool(person.name),
        asked.answer if asked else Known.NOT_ASKED,
        bool(asked and asked.is_asked_alone),
        bool(asked and asked.lifted_at),
    )


def _withheld(decision: Decision | None, wishes: list[Wish]) -> str:
    """Why the accepted journey may not be sold, worked out afresh: a wish may have been added since."""
    if decision is None or decision.offer is None:
        return ""
    offer = decision.offer
    wished = [wish.place.country for wish in wishes if wish.place]
    return offer.withheld or find_withheld(offer.countries, offer.place, wished)


def _coded(party_id: int) -> tuple[dict[str, str], dict[str, ConsentFact], ExplanationFact | None]:
    """Answers, consents and the explanation in one query; the newest of each wins."""
    text = CharField()

    def rows(kind: str, found: QuerySet[Any], code: Any, value: Any, at: str) -> QuerySet[Any, Any]:
        mine = found.filter(party_id=party_id).order_by()
        return mine.values_list(Value(kind, text), Cast(code, text), Cast(value, text), F(at), "pk")

    given = rows("answer", Answer.objects.all(), F("question"), F("answer"), "answered_at")
    said = rows("yes", Consent.objects.filter(is_yes=True), F("step"), Value(""), "given_at")
    refused = rows("no", Consent.objects.filter(is_yes=False), F("step"), Value(""), "given_at")
    told = rows("told", Explanation.objects.all(), F("language"), F("interpreter"), "confirmed_at")
    answers: dict[str, str] = {}
    consents: dict[str, ConsentFact] = {}
    explanation = None
    found = sorted(given.union(said, refused, told, all=True), key=lambda row: (row[3], row[4]))
    for kind, code, value, at, _ in found:
        if kind == "answer":
            answers[code] = value
        elif kind == "told":
            explanation = ExplanationFact(code, value, at)
        else:
            consents[code] = ConsentFact(kind == "yes", at)
    return answers, consents, explanation


def _open_interview(party: Party) -> InterviewWords | None:
    interview: Interview | None = getattr(party, "interview", None)
    if interview is None:
        return None
    return InterviewWords(
        interview.begun_at,
        interview.chose_to_come,
        sealing.unseal(party, "cases.Interview.meant_words", interview.meant_words),
        interview.meant_place,
        interview.earliest_on,
    )


def _open_wish(party: Party, wish: Wish) -> WishWords:
    words = sealing.unseal(party, "cases.Wish.words", wish.words)
    return WishWords(wish.pk, wish.rank, words, wish.place, wish.said_at)


def open_obligation(party: Party, one: Obligation) -> ObligationWords:
    """A date that binds with its words; the caller logs the look."""
    words = sealing.unseal(party, "cases.Obligation.place_words", one.place_words)
    return ObligationWords(one.pk, one.kind, one.on, one.place, words, one.person_id)
