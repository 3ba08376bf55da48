"""What comes to a place, by day and sender: sums over notices that stand, inside the scope in force."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from onward.apps.notices.models import Notice
from onward.apps.notices.rules import STANDING_KINDS
from onward.apps.people.models import Known


@dataclass(frozen=True, slots=True)
class DayCount:
    """What comes to a place on a day from one sender: people, and of them whose notice says yes to a need."""

    day: date
    sender: str
    heads: int
    parties: int
    heads_bed: int
    heads_step_free: int
    heads_interpreter: int


def _coming() -> QuerySet[Notice]:
    return Notice.objects.filter(superseded_by=None, kind__in=STANDING_KINDS)


def count_heads(place_key: str, day: date) -> int:
    """People known to come to a place on a day, from all senders the scope in force may see."""
    found = _coming().filter(place_id=place_key, day=day).aggregate(heads=Coalesce(Sum("heads"), 0))
    return int(found["heads"])


def list_day_counts(place_key: str, first: date, days: int) -> list[DayCount]:
    """What comes to a place on each of `days` days from `first`, by day and sender. Days with nobody have no row."""

    def heads_where(field: str) -> Sum:
        return Sum(
            Case(When(**{field: Known.YES}, then="heads"), default=Value(0), output_field=IntegerField()),
        )

    rows = (
        _coming()
        .filter(place_id=place_key, day__gte=first, day__lt=first + timedelta(days=days))
        .values("day", "centre__name")
        .annotate(
            people=Sum("heads"),
            parties=Count("pk"),
            bed=heads_where("bed_tonight"),
            step=heads_where("step_free"),
            words=heads_where("interpreter"),
        )
        .order_by("day", "centre__name")
    )
    return [
        DayCount(row["day"], row["centre__name"], row["people"], row["parties"], row["bed"], row["step"], row["words"])
        for row in rows
    ]
