"""Parties, the explanation they heard, persons, contacts, and the log of looks."""

from typing import ClassVar

from django.db import models

from onward.apps.accounts.scopes import CentreModel
from onward.apps.people.sealed import Reason, SealedField
from onward.apps.places.models import Place

KEPT = "until 90 days after the case closes"
WORKERS = "case workers, coordinators and the protection lead of the centre"


class Known(models.TextChoices):
    """An answer to a plain question; the last three are three different answers (P9)."""

    YES = "yes", "yes"
    NO = "no", "no"
    UNKNOWN = "unknown", "unknown"
    DECLINED = "declined", "declined"
    NOT_ASKED = "not_asked", "not asked"


class AgeBand(models.TextChoices):
    """Age at the day of travel: under 2, 2 to 11, 12 to 17, 18 and over."""

    INFANT = "infant", "infant"
    CHILD = "child", "child"
    YOUTH = "youth", "youth"
    ADULT = "adult", "adult"


class Party(CentreModel):
    """People who travel together, from the queue number on. number: per centre, for good; the case's name is its label.

    key_id: of the data key that seals everything personal in the case. heads: as counted at the door.
    on_hold_since: a court or agency demands that the case be kept; nothing of it is erased meanwhile.
    parked_why: a code of rules.PARK_REASONS. parked_from: the state it goes back to when resumed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        IN_INTERVIEW = "in_interview", "in interview"
        PARKED = "parked", "parked"
        OFFERED = "offered", "offered"
        ACCEPTED = "accepted", "accepted"
        TICKETED = "ticketed", "ticketed"
        LEFT = "left", "left"
        STAYS = "stays", "stays"
        DECIDES_LATER = "decides_later", "decides later"
        DECLINED = "declined", "declined"
        CLOSED = "closed", "closed"

    number = models.PositiveIntegerField()
    label = models.CharField(max_length=24)
    arrived_at = models.DateTimeField()
    heads = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8)
    bed_tonight = models.CharField(max_length=10, choices=Known.choices, default=Known.NOT_ASKED)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    key_id = models.CharField(max_length=40)
    parked_until = models.DateTimeField(null=True)
    parked_for = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True, related_name="+")
    parked_why = models.CharField(max_length=20, blank=True)
    parked_from = models.CharField(max_length=16, choices=State.choices, blank=True)
    changed_at = models.DateTimeField()
    on_hold_since = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta(CentreModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["centre", "number"], name="people_party_number_once"),
            models.CheckConstraint(condition=models.Q(heads__gte=1), name="people_party_has_heads"),
        ]
        indexes: ClassVar = [models.Index(fields=["centre", "state", "arrived_at"], name="people_party_state")]

    def __str__(self) -> str:
        return self.label


class WordingReview(models.Model):
    """A named person read a wording in a language and says it says what the English says (P1). Not a centre row."""

    wording = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    reviewed_by = models.CharField(max_length=120)
    reviewed_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wording", "version", "language"], name="people_wording_reviewed_once")
        ]

    def __str__(self) -> str:
        return f"{self.wording} {self.version} {self.language}"


class Explanation(CentreModel):
    """The purpose was read out and confirmed: which wording, in which language, with whose help (P1)."""

    class Interpreter(models.TextChoices):
        NOT_NEEDED = "not_needed", "not needed"
        STAFF = "staff", "staff member"
        PHONE = "phone", "telephone interpreter"
        IN_PERSON = "in_person", "interpreter in person"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="explanations")
    wording = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    interpreter = models.CharField(max_length=12, choices=Interpreter.choices)
    confirmed_at = models.DateTimeField()

    class Meta(CentreModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.party_id} {self.version} {self.language}"


class Person(CentreModel):
    """One of a party. birth_year is sealed; age_band is what tickets and fares need."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="persons")
    position = models.PositiveSmallIntegerField()
    name = SealedField(
        reason=Reason("to print on the ticket and the packet", "asked for by the traveller", WORKERS, KEPT)
    )
    birth_year = SealedField(reason=Reason("to buy the fare for the age", "asked for by the traveller", WORKERS, KEPT))
    age_band = models.CharField(max_length=8, choices=AgeBand.choices)
    is_guardian = models.CharField(max_length=10, choices=Known.choices, default=Known.NOT_ASKED)

    class Meta(CentreModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "position"], name="people_person_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.party_id}.{self.position}"


class Contact(CentreModel):
    """Whom they know in a place, and whether that person was reached and agreed."""

    class State(models.TextChoices):
        NOT_GIVEN = "not_given", "not given"
        UNREACHABLE = "unreachable", "unreachable"
        REACHED = "reached", "reached"
        AGREED = "agreed", "agreed"
        ADDRESS_CONFIRMED = "address_confirmed", "address confirmed"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="contacts")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    name = SealedField(reason=Reason("to print on the tear-off sheet", "asked for by the traveller", WORKERS, KEPT))
    phone = SealedField(reason=Reason("to ask whether they are expected", "asked for by the traveller", WORKERS, KEPT))
    address = SealedField(
        reason=Reason("to arrive, and for papers that need a street", "asked for by the traveller", WORKERS, KEPT)
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.NOT_GIVEN)
    changed_at = models.DateTimeField()

    class Meta(CentreModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.party_id} {self.state}"


class Look(CentreModel):
    """Somebody opened something personal. Never changed, never removed."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="looks")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=80)
    what = models.CharField(max_length=40)

    class Meta(CentreModel.Meta):
        indexes: ClassVar = [models.Index(fields=["party", "at"], name="people_look_party")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.what}"
