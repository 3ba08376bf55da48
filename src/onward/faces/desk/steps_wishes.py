"""The screens about places: did they choose to come, where they had meant to go, where they want to go."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.actions import place_wish, record_origin, record_wish
from onward.apps.cases.queries import CaseView
from onward.apps.cases.rules import RANKS_MOST
from onward.apps.cases.tasks import TaskCode
from onward.apps.people.models import Known
from onward.apps.places.models import Place
from onward.core.actor import Actor
from onward.core.errors import NotFound, message
from onward.faces.desk.placing import PlaceForm, place_label
from onward.faces.desk.steps import WORDS_BOX, Step, answer_field
from onward.faces.desk.walking import place_name


class OriginForm(forms.Form):
    """Did they choose to come here."""

    chose_to_come = answer_field(_("Did they choose to come here?"))


class OriginStep(Step):
    """Whether they chose to come here."""

    task, question = TaskCode.ORIGIN, "origin"

    def values(self) -> dict[str, object]:
        centre = self.case.party.centre
        town = Place.objects.filter(pk=centre.place_key).first()
        return {"place": place_name(town) if town else centre.name}

    def make_form(self, data: Any) -> forms.Form:
        interview = self.case.interview
        return OriginForm(data, initial={"chose_to_come": interview.chose_to_come if interview else Known.NOT_ASKED})

    def save(self, form: forms.Form, *, actor: Actor, now: datetime) -> str:
        said = self.case.interview
        record_origin(
            self.case.party.pk,
            chose_to_come=form.cleaned_data["chose_to_come"],
            meant_words=said.meant_words if said else "",
            meant_place_key=said.meant_place.key if said and said.meant_place else None,
            actor=actor,
            now=now,
        )
        return ""


class MeantForm(PlaceForm):
    """Where they had meant to go."""

    field_order = ("meant_words", "place", "place_key")
    words_field = "meant_words"
    meant_words = forms.CharField(
        label=_("Where did they mean to go?"),
        help_text=_("In their own words. Leave it empty if they do not say."),
        required=False,
        widget=forms.Textarea(attrs=WORDS_BOX),
    )


class MeantStep(Step):
    """Where they had meant to go."""

    task, question = TaskCode.ORIGIN, "meant"

    def make_form(self, data: Any) -> forms.Form:
        said = self.case.interview
        place = place_name(said.meant_place) if said and said.meant_place else ""
        return MeantForm(data, initial={"meant_words": said.meant_words if said else "", "place": place})

    def save(self, form: forms.Form, *, actor: Actor, now: datetime) -> str:
        record_origin(
            self.case.party.pk,
            chose_to_come=self.case.interview.chose_to_come if self.case.interview else Known.NOT_ASKED,
            meant_words=form.cleaned_data["meant_words"],
            meant_place_key=form.cleaned_data["key"],
            actor=actor,
            now=now,
        )
        return ""


class WishForm(PlaceForm):
    """One wish, in their own words."""

    field_order = ("words", "place", "place_key", "rank")
    words_field = "words"
    words = forms.CharField(
        label=_("What they said"),
        help_text=_("In their own words; they are never changed."),
        error_messages={"required": _("Write what they said, in their own words.")},
        widget=forms.Textarea(attrs=WORDS_BOX),
    )
    rank = forms.TypedChoiceField(label=_("Which wish is it?"), coerce=int)

    def __init__(self, *args: Any, taken: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [rank for rank in range(1, RANKS_MOST + 1) if rank not in taken]
        field = self.fields["rank"]
        assert isinstance(field, forms.ChoiceField)
        names = {1: gettext("The first: where they want to go most")}
        field.choices = [(rank, names.get(rank, gettext("Number %(rank)s") % {"rank": rank})) for rank in free]
        self.initial.setdefault("rank", free[0] if free else RANKS_MOST)


class WishesStep(Step):
    """Their wishes, ranked; each is added, withdrawn, never written over (P3)."""

    task, question, template, after = TaskCode.WISHES, "wishes", "desk/step_wishes.html", "wishes"
    is_adding = True

    def make_form(self, data: Any) -> forms.Form:
        return WishForm(data, taken={wish.rank for wish in self.case.wishes})

    def save(self, form: forms.Form, *, actor: Actor, now: datetime) -> str:
        given = form.cleaned_data
        record_wish(
            self.case.party.pk, given["rank"], words=given["words"], place_key=given["key"], actor=actor, now=now
        )
        if given["key"] is None:
            return gettext("Kept as they said it. No journey can be looked for until somebody knows which place it is.")
        return ""

    def context(self) -> dict[str, Any]:
        wishes = [
            {
                "rank": wish.rank,
                "words": wish.words,
                "place": place_label(wish.place) if wish.place else None,
                "key": f"wish-{wish.id}",
            }
            for wish in self.case.wishes
        ]
        return {"wishes": wishes}


class WishPlaceForm(PlaceForm):
    """Which place a wish means that has none yet."""


class WishPlaceStep(Step):
    """Saying which place a wish means, when somebody found out; the words stay."""

    task, question, template, after = TaskCode.WISHES, "wishes", "desk/step_wish_place.html", "wishes"
    is_adding = True
    fields = {"place_key": "place"}  # noqa: RUF012  (a mapping nobody changes)

    def __init__(self, case: CaseView, argument: str) -> None:
        super().__init__(case, argument)
        wish = next((one for one in case.unplaced if str(one.id) == argument), None)
        if wish is None:
            raise NotFound("wish.unknown", message("There is no such wish in this case."))
        self.wish = wish

    def make_form(self, data: Any) -> forms.Form:
        return WishPlaceForm(data)

    def save(self, form: forms.Form, *, actor: Actor, now: datetime) -> str:
        if form.cleaned_data["key"]:
            place_wish(self.wish.id, place_key=form.cleaned_data["key"], actor=actor, now=now)
        return ""

    def context(self) -> dict[str, Any]:
        return {"said": self.wish.words}
