"""The outbox: what is due is claimed, sent outside any transaction, and settled; a worker that dies is repeated.

At least once: a try takes its row by moving due_at ahead by a lease, so that a killed worker's letter is due again.
Shown once: a letter sent twice carries the same reference and link, and the page behind it is one.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from onward.apps.accounts.scopes import every_centre
from onward.apps.notices.channels import Channel, Letter, failed
from onward.apps.notices.models import Delivery, Notice
from onward.apps.notices.rules import LEASE, retry_delay
from onward.apps.notices.writing import lock_case
from onward.apps.record.actions import append
from onward.core.actor import job
from onward.core.errors import Unavailable

log = logging.getLogger("onward.notices")
OUTBOX = job("outbox")


@dataclass(frozen=True, slots=True)
class Carrier:
    """How letters go out. channels: by the scheme of an address ("smtp", "file", "console").

    compose: writes the letter of a notice to an address, in the place's language.
    """

    channels: Mapping[str, Channel]
    compose: Callable[[Notice, str], Letter]


def deliver_due(carrier: Carrier, *, now: datetime, limit: int = 20) -> int:
    """Try every delivery that is due, at most `limit`; returns how many were tried.

    Any number of workers may run it at once: each delivery is claimed by one.
    """
    with every_centre("the outbox carries every centre's notices"):
        tried = 0
        while tried < limit and (claimed := _claim(now)) is not None:
            _carry(carrier, claimed, now)
            tried += 1
        return tried


def _claim(now: datetime) -> Delivery | None:
    """Take one delivery that is due for as long as the lease. Looks before it locks: an idle outbox writes nothing."""
    due = Delivery.objects.filter(delivered_at=None, dropped_at=None, due_at__lte=now).order_by("due_at", "pk")
    if not due.exists():
        return None
    with transaction.atomic():
        delivery = due.select_for_update(skip_locked=True).first()
        if delivery is not None:
            delivery.tries, delivery.due_at = delivery.tries + 1, now + LEASE
            delivery.save(update_fields=["tries", "due_at"])
        return delivery


def _carry(carrier: Carrier, delivery: Delivery, now: datetime) -> None:
    notice = Notice.objects.select_related("place__receiving", "centre", "ticket_set").get(pk=delivery.notice_id)
    if notice.superseded_by_id is not None or now >= notice.expires_at:
        _drop(delivery, now)
        return
    try:
        _send(carrier, delivery, notice)
    except Unavailable as problem:
        _put_off(delivery, problem.code, now)
    except Exception:  # noqa: BLE001  (one letter that cannot be written must not hold up the others)
        log.exception("delivery %s could not be written", delivery.pk)
        _put_off(delivery, "letter.unwritable", now)
    else:
        _settle(delivery, notice, now)


def _send(carrier: Carrier, delivery: Delivery, notice: Notice) -> None:
    scheme, _, to = delivery.address.partition(":")
    channel = carrier.channels.get(scheme)
    if channel is None:
        raise failed("address.unknown")
    channel.send(carrier.compose(notice, to))


@transaction.atomic
def _settle(delivery: Delivery, notice: Notice, now: datetime) -> None:
    """Keep that it was delivered, once, whichever worker comes first."""
    chain = lock_case(notice.ticket_set.party_id)
    waiting = Delivery.objects.filter(pk=delivery.pk, delivered_at=None)
    if waiting.update(delivered_at=now, problem=""):
        append(chain, "notice.delivered", {"notice": notice.pk, "tries": delivery.tries}, actor=OUTBOX, now=now)


def _put_off(delivery: Delivery, code: str, now: datetime) -> None:
    waiting = Delivery.objects.filter(pk=delivery.pk, delivered_at=None)
    waiting.update(problem=code[:60], due_at=now + retry_delay(delivery.tries))
    log.warning("delivery %s failed: %s", delivery.pk, code)


def _drop(delivery: Delivery, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk, delivered_at=None).update(dropped_at=now)
