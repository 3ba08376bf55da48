"""The receiver's addresses."""

from django.urls import URLPattern

app_name = "receiver"
urlpatterns: list[URLPattern] = []
