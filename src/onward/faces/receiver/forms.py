"""What a receiving place fills in: an answer, a statement of room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from onward.faces.receiver.wording import ANSWERS, ROOM

_SEEN = _("At most 400 characters, and no names, please: the centre reads them, and they are read to the family.")


class AnswerForm(forms.Form):
    """Can, cannot, ask us, we object, with words or without."""

    code = forms.ChoiceField(
        label=_("Your answer"),
        choices=list(ANSWERS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers."), "invalid_choice": _("Choose one of the answers.")},
    )
    words = forms.CharField(
        label=_("In your own words"), help_text=_SEEN, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class RoomForm(forms.Form):
    """What the place says of its room, to all senders."""

    code = forms.ChoiceField(
        label=_("Your room at the moment"),
        choices=list(ROOM.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers."), "invalid_choice": _("Choose one of the answers.")},
    )
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("At most 400 characters. Every sending centre reads them."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
