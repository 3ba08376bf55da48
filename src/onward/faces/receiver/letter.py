"""The letter that carries a notice to its place, in the place's language."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from onward.apps.notices.channels import Letter
from onward.apps.notices.links import make_token
from onward.apps.notices.models import Notice
from onward.apps.notices.rules import link_last_day
from onward.apps.notices.showing import show
from onward.faces.receiver import wording


def language_of(notice: Notice) -> str:
    """The language the desk of a notice's place reads; English where no desk is known."""
    receiving = getattr(notice.place, "receiving", None)
    return receiving.language if receiving is not None else "en"


def compose(notice: Notice, to: str, *, base_url: str) -> Letter:
    """Write a notice's letter. The same notice gives the same letter every time (P13)."""
    language = language_of(notice)
    with translation.override(language):
        told = show(notice)
        context = {
            "headline": wording.headline(told),
            "kind": told.kind.value,
            "is_cut": told.day_heads is not None,
            "rows": wording.rows(told),
            "earlier": _earlier(told.reference),
            "url": base_url + reverse("receiver:notice", args=[make_token(notice)]),
            "ends_on": link_last_day(told.day),
        }
        body = render_to_string("receiver/letter.txt", context)
        subject = f"{wording.headline(told)} ({told.reference})"
    return Letter(notice.reference, to, subject, body, language, notice.issued_at)


def _earlier(reference: str) -> str:
    journey, _, number = reference.rpartition("-")
    return f"{journey}-{int(number) - 1}"
