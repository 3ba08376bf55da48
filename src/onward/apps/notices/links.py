"""Links that open a notice without an account: signed, bound to one notice and one place, ending by themselves."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core import signing

from onward.apps.notices.models import Notice
from onward.apps.notices.rules import LINK_DAYS
from onward.core.errors import Conflict, NotFound, message

_signer = signing.Signer(salt="onward.notices.link", sep=".")


@dataclass(frozen=True, slots=True)
class Link:
    """What a whole link says: which notice, at which place's door, until when."""

    reference: str
    place_key: str
    ends_at: datetime


def make_token(notice: Notice) -> str:
    """The token of a notice's link; the same for the same notice every time, so that a message sent twice is one."""
    return _signer.sign_object([notice.reference, notice.place_id, int(notice.expires_at.timestamp())])


def read_token(token: str, *, now: datetime) -> Link:
    """What a token says. NotFound "link.altered" for one that is not whole, Conflict "link.ended" for an old one."""
    try:
        reference, place_key, ends = _signer.unsign_object(token)
        link = Link(str(reference), str(place_key), datetime.fromtimestamp(int(ends), UTC))
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound(
            "link.altered",
            message("This link is not whole: a part of it was cut off or changed on the way."),
            remedy=message("Open it from the message again, or copy all of it."),
        ) from None
    if now >= link.ends_at:
        raise Conflict(
            "link.ended",
            message("This link has ended. Links end %(days)s days after the day of arrival."),
            remedy=message("A newer notice brings a new link; for anything else call the centre that sent it."),
            values={"days": LINK_DAYS},
        )
    return link
