"""The one error tree: what failed, where, and what the person can do about it.

    OnwardError
    |- BadInput        what was given cannot be used; names the field
    |- NotAllowed      this actor may not do this
    |- NotFound        there is no such thing, or not for this actor
    |- Conflict        the world moved on: already done, already spent, state has changed
    |- Stopped         one of the few things that stop a ticket (P6)
    |- Unavailable     something outside failed; it may work later
    `- BrokenPromise   an invariant does not hold: a fault of ours, never of the person's

A sentence is an English message with named placeholders, marked with `message` so that it is collected for
translation, and its values apart: faces translate the message and then fill it in. No error text holds a secret or
anything personal.
"""

from collections.abc import Mapping


def message(text: str) -> str:
    """Mark a sentence for translation without translating it (collected by tools/messages.py)."""
    return text


class OnwardError(Exception):
    """Something a person must be told.

    code: a stable name such as "wish.place_unknown". text: English, with %(name)s placeholders. remedy: what to do,
    likewise. field: the form field or parameter it belongs to. values: fill both sentences.
    """

    def __init__(
        self,
        code: str,
        text: str,
        *,
        remedy: str = "",
        field: str = "",
        values: Mapping[str, object] | None = None,
    ) -> None:
        self.code, self.text, self.remedy, self.field = code, text, remedy, field
        self.values: dict[str, object] = dict(values or {})
        super().__init__(code, text)  # both, or an error could not come back from another process

    def __str__(self) -> str:
        """The English sentence with its remedy, for logs and the command line."""
        return " ".join(part % self.values for part in (self.text, self.remedy) if part)


class BadInput(OnwardError):
    """What was given cannot be used. `field` says where."""


class NotAllowed(OnwardError):
    """This actor may not do this."""


class NotFound(OnwardError):
    """No such thing, or not for this actor: the two are never told apart."""


class Conflict(OnwardError):
    """The world moved on between looking and acting."""


class Stopped(OnwardError):
    """One of the few things that stop a ticket (promise P6)."""


class Unavailable(OnwardError):
    """Something outside did not answer; trying later may help."""


class BrokenPromise(OnwardError):
    """An invariant does not hold. A fault of ours: refuse, say so, change nothing."""
