"""Every address, by face."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("receive/", include("onward.faces.receiver.urls")),
    path("", include("onward.faces.desk.urls")),
]
handler404 = "onward.faces.problems.not_found"
handler500 = "onward.faces.problems.server_error"
handler403 = "onward.faces.problems.forbidden"
