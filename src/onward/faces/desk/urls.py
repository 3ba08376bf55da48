"""The desk's addresses."""

from django.urls import path

from onward.faces.desk import (
    arrival,
    case,
    explain,
    interview,
    one_person,
    parking,
    search,
    sign_in,
    today,
    wordings,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("centre/", sign_in.choose_centre, name="choose-centre"),
    path("arrive/", arrival.new_arrival, name="arrive"),
    path("arrive/bus/", arrival.new_group, name="arrive-group"),
    path("arrived/<int:first>/<int:last>/", arrival.arrived, name="arrived"),
    path("find/", search.search, name="search"),
    path("wordings/", wordings.wordings, name="wordings"),
    path("wordings/<slug:language>/", wordings.wording, name="wording"),
    path("case/<int:party_id>/", case.party, name="party"),
    path("case/<int:party_id>/correct/", case.correct, name="correct-arrival"),
    path("case/<int:party_id>/explain/", explain.explain, name="explain"),
    path("case/<int:party_id>/park/", parking.park, name="park"),
    path("case/<int:party_id>/resume/", parking.resume, name="resume"),
    path("case/<int:party_id>/interview/", interview.interview, name="interview"),
    path("case/<int:party_id>/interview/<str:step>/", interview.step, name="interview-step"),
    path("case/<int:party_id>/take-back/<str:step>/", interview.take_back, name="take-back"),
    path("person/<int:person_id>/own-number/", one_person.own_number, name="own-number"),
    path("person/<int:person_id>/lift/", one_person.lift_safety, name="lift-safety"),
]
