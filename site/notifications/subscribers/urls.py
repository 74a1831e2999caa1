"""Route the pages of admins about subscribers."""

from django.urls import path

from . import views

app_name = "subscribers"
urlpatterns = [
    path("settings/subscribers/", views.subscribers, name="subscribers"),
    path("settings/subscribers/list/", views.listed, name="followers"),
    path("settings/subscribers/list/<id:pk>/removal/", views.remove, name="follower-removal"),
    path(
        "settings/subscribers/list/removal/undo/", views.remove_undo, name="follower-removal-undo"
    ),
    path("settings/subscribers/export/", views.export, name="subscribers-export"),
    path("settings/subscribers/imports/<id:pk>/", views.one, name="import"),
    path("settings/subscribers/imports/<id:pk>/left-out.csv", views.loss, name="import-loss"),
    path("settings/subscribers/imports/<id:pk>/start/", views.start, name="import-start"),
    path("settings/subscribers/imports/<id:pk>/removal/", views.removal, name="import-removal"),
]
