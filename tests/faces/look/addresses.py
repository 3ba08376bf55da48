"""Every address the desk's header may link to, so that the samples show it at its fullest."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    """Never asked: only the addresses matter."""
    return HttpResponse()


desk = [
    path("", nothing, name="today"),
    path("departures/", nothing, name="departures"),
    path("search/", nothing, name="search"),
    path("sign-out/", nothing, name="sign-out"),
    path("centre/", nothing, name="choose-centre"),
]
urlpatterns = [path("language/", nothing, name="set_language"), path("", include((desk, "desk")))]
