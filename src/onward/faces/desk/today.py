"""Today: who waits, what is owed, one next act a row."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from onward.faces.desk.pages import staff_page


@staff_page
def today(request: HttpRequest) -> HttpResponse:
    """The first page of a shift."""
    return render(request, "desk/today.html")
