"""What the desk reads of notices, inside its centre's scope: how far each was told, what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from onward.apps.cases.models import Answer as PlainAnswer
from onward.apps.cases.models import Consent
from onward.apps.notices.models import Answer, Delivery, Notice
from onward.apps.notices.rules import STANDING_KINDS
from onward.apps.people.models import Known
from onward.apps.travel.models import TicketSet


@dataclass(frozen=True, slots=True)
class NoticeStatus:
    """How far the telling of one ticket set has come, for the desk.

    is_refused: the traveller does not want the place told. notice: None where nothing was written. delivery: None where
    the place has no desk that could be told. answer: the newest one to the standing notice.
    """

    is_refused: bool
    notice: Notice | None
    delivery: Delivery | None
    answer: Answer | None

    @property
    def told_at(self) -> datetime | None:
        """When the notice was written, with the ticket."""
        return self.notice.issued_at if self.notice else None

    @property
    def delivered_at(self) -> datetime | None:
        """When it was handed over to the place's address."""
        return self.delivery.delivered_at if self.delivery else None

    @property
    def seen_at(self) -> datetime | None:
        """When its link was first opened."""
        return self.notice.first_seen_at if self.notice else None

    @property
    def answered_at(self) -> datetime | None:
        """When the place last answered."""
        return self.answer.answered_at if self.answer else None

    @property
    def read_out_at(self) -> datetime | None:
        """When the newest answer was read to the family."""
        return self.answer.read_out_at if self.answer else None


def is_refused(party_id: int) -> bool:
    """Whether the party's newest word on telling the place is no (P11). Never asked is not refused."""
    newest = Consent.objects.filter(party_id=party_id, step=Consent.Step.NOTICE).order_by("-given_at", "-pk").first()
    return newest is not None and not newest.is_yes


def list_needs(party_id: int) -> dict[str, Known]:
    """The party's answers to the plain questions a notice may carry, by question; no row reads "not asked"."""
    asked = (
        PlainAnswer.Question.BED_ON_ARRIVAL,
        PlainAnswer.Question.STEP_FREE,
        PlainAnswer.Question.INTERPRETER,
    )
    rows = PlainAnswer.objects.filter(party_id=party_id, question__in=asked).values_list("question", "answer")
    return {question.value: Known.NOT_ASKED for question in asked} | {
        question: Known(answer) for question, answer in rows
    }


def find_notice(ticket_set_id: int) -> Notice | None:
    """The notice that stands for a ticket set: its newest; None where none was written."""
    return Notice.objects.filter(ticket_set_id=ticket_set_id).order_by("-serial").first()


def list_statuses(ticket_sets: Sequence[TicketSet]) -> dict[int, NoticeStatus]:
    """The status of many ticket sets by id, in four queries however many there are."""
    ids = [one.pk for one in ticket_sets]
    newest = {one.ticket_set_id: one for one in Notice.objects.filter(ticket_set__in=ids).order_by("serial")}
    deliveries = {one.notice_id: one for one in Delivery.objects.filter(notice__in=newest.values())}
    answers = {one.notice_id: one for one in Answer.objects.filter(notice__in=newest.values())}
    consents = Consent.objects.filter(party__in=[one.party_id for one in ticket_sets], step=Consent.Step.NOTICE)
    wills = {one.party_id: one.is_yes for one in consents.order_by("given_at", "pk")}
    return {
        one.pk: NoticeStatus(
            is_refused=not wills.get(one.party_id, True),
            notice=newest.get(one.pk),
            delivery=deliveries.get(newest[one.pk].pk) if one.pk in newest else None,
            answer=answers.get(newest[one.pk].pk) if one.pk in newest else None,
        )
        for one in ticket_sets
    }


def notice_status(ticket_set: TicketSet) -> NoticeStatus:
    """How far the telling of one ticket set has come."""
    return list_statuses([ticket_set])[ticket_set.pk]


def list_answers(party_id: int) -> list[Answer]:
    """Every answer to any notice of a party, oldest first, each with its notice."""
    return list(
        Answer.objects.filter(notice__ticket_set__party_id=party_id)
        .select_related("notice__place")
        .order_by("answered_at", "pk")
    )


def list_unanswered() -> list[Notice]:
    """Notices that stand, of parties not yet gone, which their place has not answered; soonest first."""
    return list(
        Notice.objects.filter(
            superseded_by=None,
            kind__in=STANDING_KINDS,
            answers=None,
            ticket_set__state=TicketSet.State.ISSUED,
        )
        .select_related("place", "ticket_set__party")
        .order_by("day", "window_start_h", "pk")
    )


def list_unread() -> list[Answer]:
    """Newest answers that were not read to the family yet, of parties not yet gone; soonest departure first."""
    newest = Answer.objects.filter(notice=OuterRef("notice")).order_by("-answered_at", "-pk").values("pk")[:1]
    return list(
        Answer.objects.filter(
            pk=Subquery(newest),
            read_out_at=None,
            notice__superseded_by=None,
            notice__ticket_set__state=TicketSet.State.ISSUED,
        )
        .select_related("notice__place", "notice__ticket_set__party")
        .order_by("notice__ticket_set__depart_at", "pk")
    )
