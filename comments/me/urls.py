"""Addresses of a person's own pages and of profiles; `comments.urls` includes them."""

from django.urls import path

from . import settings, views

urlpatterns = [
    path("me/", views.answers, name="me"),
    path("me/read/", views.read, name="me-read"),
    path("me/comments/", views.my_comments, name="my-comments"),
    path("me/settings/", settings.show, name="my-settings"),
    path("me/nudge/dismissal/", settings.dismiss_nudge, name="nudge-dismissal"),
    path("me/nudge/dismissal/undo/", settings.welcome_nudge, name="nudge-dismissal-undo"),
    path("me/export/", views.export, name="export"),
    path("me/erasure/", views.erase, name="erasure"),
    path("me/erasure/done/", views.erased, name="erased"),
    path("@<str:handle>/", views.profile, name="profile"),
]
