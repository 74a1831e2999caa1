"""Addresses of the discussion."""

from django.urls import path

from .me.urls import urlpatterns as me
from .moderation.urls import urlpatterns as moderation
from .views import answers, comments, reactions

app_name = "comments"
urlpatterns = [
    path("posts/<slug:slug>/answer/", answers.answer, name="answer"),
    path("posts/<slug:slug>/answer/withdrawal/", answers.withdraw, name="withdrawal"),
    path("comments/<int:pk>/", comments.permalink, name="permalink"),
    path("comments/<int:pk>/text/", comments.text, name="text"),
    path("comments/<int:pk>/edit/", comments.edit, name="edit"),
    path("comments/<int:pk>/deletion/", comments.delete, name="deletion"),
    path("comments/<int:pk>/well-argued/", reactions.well_argued, name="well-argued"),
    path(
        "comments/<int:pk>/well-argued/withdrawal/",
        reactions.withdrawal,
        name="well-argued-withdrawal",
    ),
    path("comments/<int:pk>/history/", comments.history, name="history"),
    *me,
    *moderation,
]
