"""Journeys to each wish on one time axis, with staying, deciding later and saying no beside them (P2)."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from onward.apps.accounts.models import Centre
from onward.apps.cases.actions import find_offers
from onward.apps.cases.models import Decision, Interview, Offer, Wish
from onward.apps.cases.queries import find_decision, list_offers
from onward.apps.notices.queries import list_answers
from onward.apps.people.models import Party
from onward.apps.people.queries import get_party
from onward.apps.places.models import Place
from onward.apps.timetables.queries import find_obstacle
from onward.apps.travel.models import TicketSet
from onward.apps.travel.queries import find_live_set
from onward.core.errors import OnwardError, Unavailable
from onward.faces.desk.offer_cards import Card, Ends, make_card, make_line, read_ends, shelve
from onward.faces.desk.pages import now
from onward.faces.desk.scope import StaffRequest
from onward.faces.desk.strip import Drawing, Group, draw
from onward.faces.desk.walking import Identity, draw_identity, place_name, walk_page
from onward.faces.formats import clock, day, listed, moment
from onward.faces.forms_look import DateBox, show_error
from onward.faces.problems import sentence


class EarliestForm(forms.Form):
    """The first day they could leave."""

    earliest_on = forms.DateField(
        label=_("Earliest day to leave"),
        widget=DateBox,
        error_messages={
            "required": _("Choose the first day they could leave."),
            "invalid": _("Write the day as year, month and day, such as 2025-06-11."),
        },
    )


@walk_page
def offers(request: StaffRequest, party_id: int) -> HttpResponse:
    """The journeys found last; a post looks for journeys again."""
    party, at = get_party(party_id), now()
    today = at.astimezone(ZoneInfo(party.centre.zone)).date()
    if request.method != "POST":
        return _page(request, party, EarliestForm(initial={"earliest_on": _earliest(party, today)}), at)
    form = EarliestForm(request.POST)
    if form.is_valid():
        try:
            find_offers(party.pk, earliest_on=form.cleaned_data["earliest_on"], actor=request.actor, now=at)
        except OnwardError as error:
            show_error(form, error)
        else:
            return HttpResponseRedirect(reverse("desk:offers", args=[party.pk]))
    return _page(request, party, form, at)


def _earliest(party: Party, today: date) -> date:
    said = Interview.objects.filter(party=party).values_list("earliest_on", flat=True).first()
    return max(said, today) if said else today


def _page(request: StaffRequest, party: Party, form: EarliestForm, at: datetime) -> HttpResponse:
    found, wishes = list_offers(party.pk), list_wishes(party.pk)
    ticket_set, decision = find_live_set(party.pk), find_decision(party.pk)
    ends = read_ends(found, list_answers(party.pk))
    chosen = decision.offer_id if decision and decision.kind == Decision.Kind.ACCEPT else None
    cards = [make_card(one, party.centre, ends, heads=party.heads, now=at, chosen_id=chosen) for one in found]
    context = {
        "party": party,
        "identity": identify_here(party, ticket_set, wishes),
        "form": form,
        "cards": cards,
        "shelves": shelve(cards),
        "strip": draw_strip(cards, ends, party),
        "lede": _lede(cards),
        "gaps": list_gaps(wishes, found, party.centre),
        "wishes": wishes,
        "ticket_set": ticket_set,
        "decision": decision,
    }
    return render(request, "desk/offers.html", context, status=422 if form.errors else 200)


def list_wishes(party_id: int) -> list[Wish]:
    """The wishes that stand, by rank, their words left closed."""
    return list(Wish.objects.filter(party=party_id, withdrawn_at=None).select_related("place").order_by("rank"))


def identify_here(party: Party, ticket_set: TicketSet | None, wishes: Sequence[Wish] = ()) -> Identity:
    """The identity bar from rows a page has at hand: no query."""
    place = ticket_set.place if ticket_set else next((wish.place for wish in wishes if wish.place), None)
    leaves = moment(ticket_set.depart_at, party.centre.zone, party.centre.name) if ticket_set else ""
    return draw_identity(party, going=place_name(place) if place else "", following=leaves)


def _lede(cards: Sequence[Card]) -> str:
    if not cards:
        return ""
    places = list(dict.fromkeys(card.place for card in cards))
    text = ngettext("%(count)s journey to %(places)s.", "%(count)s journeys to %(places)s.", len(cards))
    return text % {"count": len(cards), "places": listed(places)}


def draw_strip(cards: Sequence[Card], ends: Ends, party: Party) -> Drawing | None:
    """The strip over all cards, grouped by wish, on the centre's clock."""
    made = [Group(one.title, tuple(make_line(card, ends) for card in one.cards)) for one in shelve(cards)]
    return draw(made, party.centre.zone, day=lambda one: day(one.date()), clock=clock)


def list_gaps(wishes: Sequence[Wish], found: Sequence[Offer], centre: Centre) -> list[tuple[str, str]]:
    """(sentence, step to open) for every wish without a journey: why, and how to go on."""
    if not wishes:
        return [(gettext("No wish is written down yet. Ask where they want to go."), "wishes")]
    reached = {one.wish_id for one in found}
    found_at = max((one.found_at for one in found), default=None)
    gaps = []
    for wish in wishes:
        if wish.place is None:
            text = gettext(
                "No place is known yet for wish %(rank)s, so no journey can be looked for. "
                "Ask which town that is near and choose it beside their words; the words stay as they said them."
            )
            gaps.append((text % {"rank": wish.rank}, "wishes"))
        elif wish.pk not in reached and found_at and wish.said_at <= found_at:
            gaps.append((_say_unreached(wish.place, centre), ""))
        elif wish.pk not in reached and found_at:
            text = gettext("Journeys to %(place)s were not looked for yet: the wish is newer than this list.")
            gaps.append((text % {"place": place_name(wish.place)}, ""))
    return gaps


def _say_unreached(place: Place, centre: Centre) -> str:
    """Why no journey to a place is in the list: no station there, and which is the nearest; else the days."""
    try:
        obstacle = find_obstacle(centre, place)
    except Unavailable:
        obstacle = None
    if obstacle is not None:
        return sentence(obstacle, place=place_name(place))
    text = gettext(
        "No journey to %(place)s was found for these days. Try a later day, ask for a place nearby, "
        "or ask the carriers. The wish stays."
    )
    return text % {"place": place_name(place)}
