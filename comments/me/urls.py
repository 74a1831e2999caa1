"""Addresses of a reader's own pages and of profiles; `comments.urls` includes them."""

from django.urls import path

from . import views

urlpatterns = [
    path("me/", views.answers, name="me"),
    path("me/read/", views.read, name="me-read"),
    path("me/comments/", views.my_comments, name="my-comments"),
    path("me/export/", views.export, name="export"),
    path("me/erasure/", views.erase, name="erasure"),
    path("me/erasure/done/", views.erased, name="erased"),
    path("@<str:handle>/", views.profile, name="profile"),
]
