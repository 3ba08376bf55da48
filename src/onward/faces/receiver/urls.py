"""The receiver's addresses: each holds its link's token, which is all the authority there is."""

from django.urls import path

from onward.faces.receiver import notice, picture

app_name = "receiver"
urlpatterns = [
    path("<str:token>/", notice.notice, name="notice"),
    path("<str:token>/answer/", notice.answer, name="answer"),
    path("<str:token>/taken-off/", notice.acknowledge, name="acknowledge"),
    path("<str:token>/picture/", picture.picture, name="picture"),
    path("<str:token>/picture.csv", picture.picture_csv, name="picture-csv"),
    path("<str:token>/room/", picture.capacity, name="capacity"),
]
