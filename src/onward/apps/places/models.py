"""Places, receiving places, capacity statements. Shared by all centres, so not centre rows."""

from typing import ClassVar

from django.db import models


class Place(models.Model):
    """A city or town a wish may name (data/places.csv). names: by language. zone: IANA. region: ISO 3166-2."""

    key = models.SlugField(primary_key=True)
    name = models.CharField(max_length=80)
    names = models.JSONField(default=dict)
    other_names = models.JSONField(default=list)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=8)
    lat = models.FloatField()
    lon = models.FloatField()
    zone = models.CharField(max_length=60)
    is_border_town = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class ReceivingPlace(models.Model):
    """The desk that receives people in a place.

    hours: local opening hours by ISO weekday, {"1": ["08:00", "20:00"], ...}; a day absent is closed.
    notice_address: where notices go, "smtp:desk@example.org", "file:" or "console:".
    language: of its pages and notices. lat, lon: of its door, in degrees; None where nobody looked it up.
    """

    place = models.OneToOneField(Place, on_delete=models.PROTECT, primary_key=True, related_name="receiving")
    name = models.CharField(max_length=120)
    street_address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    hours = models.JSONField(default=dict)
    notice_address = models.CharField(max_length=200, default="file:")
    language = models.CharField(max_length=8, default="en")
    is_day_totals_only = models.BooleanField(default=False)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)

    def __str__(self) -> str:
        return self.name


class CapacityStatement(models.Model):
    """What a receiving place said of its room. The newest one counts; it informs and never removes a place."""

    class Code(models.TextChoices):
        CAN = "can", "can"
        CANNOT = "cannot", "cannot"
        ASK_US = "ask_us", "ask us"

    place = models.ForeignKey(ReceivingPlace, on_delete=models.PROTECT, related_name="statements")
    code = models.CharField(max_length=8, choices=Code.choices)
    words = models.CharField(max_length=400, blank=True)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["-said_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.place_id} {self.code}"
