"""Ticket sets, their tickets, refunds owed."""

from typing import ClassVar

from django.db import models

from onward.apps.accounts.scopes import CentreModel
from onward.apps.cases.models import Offer
from onward.apps.funds.models import Fund
from onward.apps.people.models import KEPT, WORKERS, AgeBand, Party, Person
from onward.apps.people.sealed import Reason, SealedField
from onward.apps.places.models import Place


class TicketSet(CentreModel):
    """The tickets of a party for one journey: one set, or none (P5).

    Amounts in minor units for the whole party. confirmation: the carrier's own number for the purchase.
    replaces: the set this one was changed from. is_told: the receiving place was told of this set and not told
    otherwise since; a void set that is_told owes the place another notice (docs/decisions/0005-tickets.md).
    """

    class State(models.TextChoices):
        HELD = "held", "held"
        BOUGHT = "bought", "bought"
        ISSUED = "issued", "issued"
        LEFT = "left", "left"
        NOT_CONFIRMED = "not_confirmed", "not confirmed"
        MISSED = "missed", "missed"
        CANCELLED = "cancelled", "cancelled by the carrier"
        VOID = "void", "void"

    class Payer(models.TextChoices):
        FUND = "fund", "a fund"
        RELATIVE = "relative", "a relative"
        THEMSELVES = "themselves", "themselves"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="ticket_sets")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    heads = models.PositiveSmallIntegerField()
    depart_at = models.DateTimeField()
    arrive_at = models.DateTimeField()
    state = models.CharField(max_length=14, choices=State.choices, default=State.HELD)
    payer = models.CharField(max_length=12, choices=Payer.choices)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, null=True, related_name="+")
    fare_minor = models.PositiveIntegerField()
    tax_minor = models.PositiveIntegerField()
    fee_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    confirmation = SealedField(
        reason=Reason("to prove and to change the purchase", "asked for by the traveller", WORKERS, KEPT)
    )
    receipt_sha256 = models.CharField(max_length=64, blank=True)
    held_at = models.DateTimeField()
    bought_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    is_told = models.BooleanField(default=False)

    class Meta(CentreModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party"], condition=models.Q(state="void", is_told=True), name="travel_one_telling_owed_a_party"
            ),
            models.UniqueConstraint(
                fields=["party"],
                condition=models.Q(state__in=["held", "bought", "issued"]),
                name="travel_one_live_set_a_party",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["centre", "state", "depart_at"], name="travel_set_depart")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.state}"


class Ticket(CentreModel):
    """One person's seat in a set, with the age it was bought for.

    person: None in a past set once the person is no longer of the party; the seat stays as evidence (P5, P18).
    """

    ticket_set = models.ForeignKey(TicketSet, on_delete=models.PROTECT, related_name="tickets")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="tickets")
    age_band = models.CharField(max_length=8, choices=AgeBand.choices)

    class Meta(CentreModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["ticket_set", "person"], name="travel_ticket_once")]

    def __str__(self) -> str:
        return f"{self.ticket_set_id} {self.person_id}"


class Receipt(CentreModel):
    """The carrier's receipt for a set: a picture or PDF, sealed with the case's key."""

    ticket_set = models.OneToOneField(TicketSet, on_delete=models.PROTECT, related_name="receipt")
    media_type = models.CharField(max_length=40)
    content = SealedField(reason=Reason("to prove the purchase to the funder", "the funder's rules", WORKERS, KEPT))
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta(CentreModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.ticket_set_id} receipt"


class RefundTask(CentreModel):
    """Unused value to be asked back from the carrier: a task until it is answered (P4, P16).

    received_minor: what came back, once it is closed; the rest of amount_minor is lost.
    """

    class State(models.TextChoices):
        OWED = "owed", "to be asked for"
        RECEIVED = "received", "received"
        REFUSED = "refused", "refused by the carrier"

    ticket_set = models.OneToOneField(TicketSet, on_delete=models.PROTECT, related_name="refund")
    amount_minor = models.PositiveIntegerField()
    received_minor = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OWED)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(CentreModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.ticket_set_id} {self.state}"
