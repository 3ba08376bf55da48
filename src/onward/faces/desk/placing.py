"""Picking the place that words mean: forgiving, asking when several fit, keeping the words when none does."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.places.models import Place
from onward.apps.places.queries import find_one_place, find_places
from onward.apps.places.spelling import fold
from onward.faces.desk.walking import place_name
from onward.faces.forms_look import ChoiceLabel

NONE = "none"
TYPED_MOST = 200


def place_label(place: Place) -> ChoiceLabel:
    """A place with where it lies, so that the Portlands can be told apart."""
    return ChoiceLabel(place_name(place), f"{place.region.partition('-')[2]}, {place.country}")


class PlaceForm(forms.Form):
    """A form with a place in it. words_field: the field of their own words, looked at when no place is typed.

    After is_valid, cleaned_data["key"] is the place's key or None. The radio buttons come only when they are needed,
    and count only for the words they were shown for.
    """

    words_field = ""
    place = forms.CharField(
        label=_("Which place is that?"),
        help_text=_("A city or town, spelled any way. Leave it empty if nobody knows: their words stand."),
        required=False,
        max_length=TYPED_MOST,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"max_length": _("This is too long for the name of a place. Put it in their own words.")},
    )
    place_key = forms.ChoiceField(
        label=_("Which one?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these.")},
    )
    place_for = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_asking = False
        self._typed = (self.data.get("place") or "").strip() if self.is_bound else ""
        self._looked_for = self._typed or (self.data.get(self.words_field, "").strip() if self.is_bound else "")
        shown_for = self.data.get("place_for", "") if self.is_bound else ""
        if self._looked_for and shown_for == self._looked_for[:TYPED_MOST]:
            self._offer(find_places(self._looked_for))

    def _offer(self, places: list[Place]) -> None:
        self.is_asking = True
        none = ChoiceLabel(gettext("None of these"), gettext("Only the words are kept, as they said them"))
        field = self.fields["place_key"]
        assert isinstance(field, forms.ChoiceField)
        field.required = True
        field.choices = [*((one.key, place_label(one)) for one in places), (NONE, none)]
        if self.is_bound:
            self.data = cast(QueryDict, self.data).copy()
            self.data["place_for"] = self._looked_for[:TYPED_MOST]

    def clean(self) -> dict[str, Any]:
        """The one place the words mean; an error that asks where they may mean several."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        given["key"] = None
        if self.is_asking:
            chosen = given.get("place_key")
            if not chosen and "place_key" not in self.errors:
                self.add_error("place_key", gettext("Choose one of these."))
            given["key"] = None if chosen == NONE else chosen or None
        elif self._looked_for and not {"place", self.words_field}.intersection(self.errors):
            given["key"] = self._find()
        return given

    def _find(self) -> str | None:
        one, places = find_one_place(self._looked_for), find_places(self._looked_for)
        if one is not None and (self._typed or _is_named(one, self._looked_for)):
            return str(one.key)
        if places:
            self._offer(places)
            self.add_error(
                "place_key", gettext("Is it one of these?") if one else gettext("Several places fit. Which one?")
            )
        elif self._typed and not self._is_in_words():
            self._offer([])
            self.add_error(
                "place", gettext("No place in our list is called that. Spell it another way, or choose below.")
            )
        return None

    def _is_in_words(self) -> bool:
        """What was typed as a place is also in their words, so nothing is lost when only those are kept."""
        return bool(self.words_field) and fold(self._typed) in fold(self.data.get(self.words_field, ""))


def _is_named(place: Place, words: str) -> bool:
    """Whether words are a place's name and nothing more."""
    return fold(words) in {fold(name) for name in (place.name, *place.names.values(), *place.other_names)}
