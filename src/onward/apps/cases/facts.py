"""The coded facts of a case, without a word in them: what rules on stops and tasks look at. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from onward.apps.cases.models import Consent, Decision
from onward.apps.people.models import AgeBand, Known


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as rules see one. safety: a Known code; is_lifted: the protection lead lifted the stop of a "no"."""

    id: int
    position: int
    age_band: str
    is_guardian: str
    has_name: bool = False
    safety: str = Known.NOT_ASKED
    is_asked_alone: bool = False
    is_lifted: bool = False

    @property
    def is_adult(self) -> bool:
        """18 and over on the day of travel."""
        return self.age_band == AgeBand.ADULT

    @property
    def is_unsafe(self) -> bool:
        """Said "I do not feel safe", and nobody has lifted it."""
        return self.safety == Known.NO and not self.is_lifted


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """The newest answer at one moment."""

    is_yes: bool
    given_at: datetime


@dataclass(frozen=True, slots=True)
class ExplanationFact:
    """The newest explanation that was confirmed (P1)."""

    language: str
    interpreter: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case without its words.

    answers: by question, only those asked. consents: by step, the newest. withheld: "" or the code of why the journey
    accepted last may not be sold.
    """

    heads: int
    persons: tuple[PersonFacts, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    consents: dict[str, ConsentFact] = field(default_factory=dict)
    explanation: ExplanationFact | None = None
    decision: Decision | None = None
    withheld: str = ""

    def answer(self, question: str) -> str:
        """The answer to a question; "not_asked" where nobody asked (P9)."""
        return self.answers.get(question, Known.NOT_ASKED)

    @property
    def is_accepted(self) -> bool:
        """Their newest decision is to take a journey."""
        return self.decision is not None and self.decision.kind == Decision.Kind.ACCEPT

    def find_consent(self, step: Consent.Step) -> ConsentFact | None:
        """The newest answer at a step; for the purchase, only one given since the journey was accepted."""
        found = self.consents.get(step)
        if found is None or step != Consent.Step.PURCHASE or self.decision is None:
            return found
        return found if found.given_at >= self.decision.decided_at else None
