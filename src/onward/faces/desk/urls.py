"""The desk's addresses."""

from django.urls import path

from onward.faces.desk import sign_in, today

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("centre/", sign_in.choose_centre, name="choose-centre"),
]
