"""Dated fare quotes, kept beside the timetable. Shared by all centres."""

from typing import ClassVar

from django.db import models


class FareQuote(models.Model):
    """What a carrier asked for a seat between two stops of one feed, on the day it was asked.

    Amounts in minor units: adult (12 and over), child (2 to 11), infant (under 2, on a lap) fares; tax per seat; fee
    per ticket set. A fare is always shown with `quoted_on`.
    """

    feed = models.CharField(max_length=60)
    agency_id = models.CharField(max_length=60)
    from_stop = models.CharField(max_length=80)
    to_stop = models.CharField(max_length=80)
    adult_minor = models.PositiveIntegerField()
    child_minor = models.PositiveIntegerField()
    infant_minor = models.PositiveIntegerField()
    tax_minor = models.PositiveIntegerField(default=0)
    fee_minor = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    quoted_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["feed", "agency_id", "from_stop", "to_stop"], name="timetables_fare")]

    def __str__(self) -> str:
        return f"{self.feed} {self.from_stop} to {self.to_stop}, {self.quoted_on}"
