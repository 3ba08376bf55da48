"""Notices, the outbox that carries them, what receiving places answer."""

from typing import ClassVar

from django.db import models

from onward.apps.accounts.scopes import CentreModel
from onward.apps.people.models import Known
from onward.apps.places.models import Place
from onward.apps.travel.models import TicketSet


class Notice(CentreModel):
    """What a receiving place is told of one ticket set, and nothing finer (P11): no name, stop, hour or language.

    day and window_start_h: local date and first hour (0, 6, 12, 18) of the six-hour window of arrival. unit_sizes:
    heads that need to sleep together, such as [4]. serial: grows with every notice of the set; the newest stands, and
    superseded_by leads to it. reference: what people say on the phone, "K7M2QX-1"; all notices of one journey share
    what stands before the dash. acknowledged_at: the place confirmed that it took a cancelled or withdrawn one off
    its list. A withdrawn notice holds no facts but the day it was about.
    """

    place_path: ClassVar[str] = "place_id"

    class Kind(models.TextChoices):
        COMING = "coming", "coming"
        CHANGED = "changed", "changed"
        CANCELLED = "cancelled", "cancelled"
        WITHDRAWN = "withdrawn", "withdrawn by the traveller"

    ticket_set = models.ForeignKey(TicketSet, on_delete=models.PROTECT, related_name="notices")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    serial = models.PositiveIntegerField()
    reference = models.CharField(max_length=16)
    day = models.DateField()
    window_start_h = models.PositiveSmallIntegerField()
    heads = models.PositiveSmallIntegerField()
    bed_tonight = models.CharField(max_length=10, choices=Known.choices)
    unit_sizes = models.JSONField(default=list)
    step_free = models.CharField(max_length=10, choices=Known.choices)
    interpreter = models.CharField(max_length=10, choices=Known.choices)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    superseded_by = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="supersedes")
    first_seen_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta(CentreModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket_set", "serial"], name="notices_serial_once"),
            models.UniqueConstraint(fields=["reference"], name="notices_reference_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["place", "day"], name="notices_place_day")]

    def __str__(self) -> str:
        return self.reference


class Delivery(CentreModel):
    """The outbox: a row for each notice that goes to a desk, written with it, delivered at least once (P10, P13).

    due_at: when the next try may begin; a try in progress moves it ahead, so that only a worker that died is repeated.
    problem: the code of what failed last. dropped_at: a newer notice took its place, or its
    link ended, before this one was delivered.
    """

    place_path: ClassVar[str] = "notice__place_id"

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="delivery")
    address = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, blank=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta(CentreModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(delivered_at=None, dropped_at=None),
                name="notices_delivery_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}"


class Answer(CentreModel):
    """What the place answered. The newest one counts; it never vetoes (P12)."""

    place_path: ClassVar[str] = "notice__place_id"

    class Code(models.TextChoices):
        CAN = "can", "can"
        CANNOT = "cannot", "cannot"
        ASK_US = "ask_us", "ask us"
        OBJECT = "object", "we object"

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="answers")
    code = models.CharField(max_length=8, choices=Code.choices)
    words = models.CharField(max_length=400, blank=True)
    answered_at = models.DateTimeField()
    read_out_at = models.DateTimeField(null=True)

    class Meta(CentreModel.Meta):
        ordering: ClassVar = ["answered_at", "pk"]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.code}"
