"""The interview and what was said in it; offers, decisions, consents."""

from typing import ClassVar

from django.db import models

from onward.apps.accounts.scopes import CentreModel
from onward.apps.people.models import KEPT, WORKERS, Known, Party, Person
from onward.apps.people.sealed import Reason, SealedField
from onward.apps.places.models import Place


class Interview(CentreModel):
    """One a party. chose_to_come: did they choose to come here. meant_words: where they had meant to go."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="interview")
    begun_at = models.DateTimeField()
    chose_to_come = models.CharField(max_length=10, choices=Known.choices, default=Known.NOT_ASKED)
    meant_words = SealedField(
        reason=Reason("to see who was sent and who chose", "asked for by the traveller", WORKERS, KEPT)
    )
    meant_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    earliest_on = models.DateField(null=True)

    class Meta(CentreModel.Meta):
        pass

    def __str__(self) -> str:
        return str(self.party_id)


class Wish(CentreModel):
    """Where they want to go, as they said it (P3). A changed mind is a new row; the old one is withdrawn."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="wishes")
    rank = models.PositiveSmallIntegerField()
    words = SealedField(
        reason=Reason("to find a journey there; the words stay theirs", "asked for by the traveller", WORKERS, KEPT)
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(CentreModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "rank"], condition=models.Q(withdrawn_at=None), name="cases_wish_rank_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_id} wish {self.rank}"


class Obligation(CentreModel):
    """A hearing, a check-in, another date that binds. place_words: the town as the paper gives it."""

    class Kind(models.TextChoices):
        HEARING = "hearing", "hearing"
        CHECK_IN = "check_in", "check-in"
        OTHER = "other", "other"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="obligations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    place_words = SealedField(
        reason=Reason("to warn of a journey that collides with it", "asked for by the traveller", WORKERS, KEPT)
    )

    class Meta(CentreModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.party_id} {self.kind}"


class Answer(CentreModel):
    """An answer to one plain question of the interview (P9). No row at all means it was not asked."""

    class Question(models.TextChoices):
        STEP_FREE = "step_free", "needs a way without steps"
        INTERPRETER = "interpreter", "needs an interpreter on arrival"
        FIT_TO_TRAVEL = "fit_to_travel", "is everyone fit to travel"
        PHONE = "phone", "has a phone that works on the way"
        WARM_CLOTHES = "warm_clothes", "has clothes for the weather there"
        MOVE_RESTRICTED = "move_restricted", "has a court or agency forbidden moving"
        BED_ON_ARRIVAL = "bed_on_arrival", "needs a bed on the night of arrival"
        BINDING_DATES = "binding_dates", "has a hearing, a check-in or another date that binds"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=20, choices=Question.choices)
    answer = models.CharField(max_length=10, choices=Known.choices)
    answered_at = models.DateTimeField()

    class Meta(CentreModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["party", "question"], name="cases_answer_once")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.question}"


class SafetyAnswer(CentreModel):
    """An adult, asked alone: do you feel safe with these people and where you are going? "no" stops the ticket (P6)."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="safety")
    answer = models.CharField(max_length=10, choices=Known.choices)
    is_asked_alone = models.BooleanField()
    asked_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True, related_name="+")
    lifted_why = SealedField(
        reason=Reason("why the protection lead lifted a stop", "protection", "the protection lead", KEPT)
    )

    class Meta(CentreModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.person_id} safety"


class Consent(CentreModel):
    """Yes or no at one of the three moments (P4), and to telling the receiving place (P11)."""

    class Step(models.TextChoices):
        RECORD = "record", "at recording"
        PURCHASE = "purchase", "at purchase"
        LEAVE = "leave", "on leaving"
        NOTICE = "notice", "to telling the place"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="consents")
    step = models.CharField(max_length=10, choices=Step.choices)
    is_yes = models.BooleanField()
    given_at = models.DateTimeField()

    class Meta(CentreModel.Meta):
        ordering: ClassVar = ["given_at", "pk"]

    def __str__(self) -> str:
        return f"{self.party_id} {self.step}"


class Offer(CentreModel):
    """A journey offered for a wish, as found that day: public timetable facts, never personal.

    batch: offers found together share it. journey: the JSON form of engines.journeys. countries: of its stops in order;
    modes: of its legs. bands: the people it was priced for, {"adult": 2, "child": 1}. Amounts are for the whole party
    in minor units; None where the carrier must be asked. warnings: [{"code", "values"}, ...], their sentences in
    warnings.WARNINGS. withheld: "" or the code of why it cannot be chosen (rules.WITHHELD).
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="offers")
    wish = models.ForeignKey(Wish, on_delete=models.PROTECT, related_name="offers")
    batch = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    journey = models.JSONField()
    depart_at = models.DateTimeField()
    arrive_at = models.DateTimeField()
    changes = models.PositiveSmallIntegerField()
    countries = models.JSONField(default=list)
    modes = models.JSONField(default=list)
    bands = models.JSONField(default=dict)
    fare_minor = models.PositiveIntegerField(null=True)
    tax_minor = models.PositiveIntegerField(null=True)
    fee_minor = models.PositiveIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    quoted_on = models.DateField(null=True)
    warnings = models.JSONField(default=list)
    withheld = models.CharField(max_length=30, blank=True)
    found_at = models.DateTimeField()

    class Meta(CentreModel.Meta):
        ordering: ClassVar = ["batch", "position"]

    def __str__(self) -> str:
        return f"{self.party_id} offer {self.batch}.{self.position}"


class Decision(CentreModel):
    """What the party decided. The newest one counts; every one is kept, none costs anything (P2)."""

    class Kind(models.TextChoices):
        ACCEPT = "accept", "accept"
        STAY = "stay", "stay"
        LATER = "later", "decide later"
        DECLINE = "decline", "decline"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    ask_again_on = models.DateField(null=True)

    class Meta(CentreModel.Meta):
        ordering: ClassVar = ["decided_at", "pk"]

    def __str__(self) -> str:
        return f"{self.party_id} {self.kind}"
