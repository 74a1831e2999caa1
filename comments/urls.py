"""Addresses of discussions, closings, moderation and a person's own pages."""

from django.urls import path

from .me.urls import urlpatterns as me
from .moderation.urls import urlpatterns as moderation
from .views import (
    answers,
    changes_of_mind,
    closings,
    comments,
    datasets,
    permalinks,
    reactions,
    stances,
    verdicts,
)

app_name = "comments"
urlpatterns = [
    path("posts/<slug:slug>/answer/", answers.answer, name="answer"),
    path("posts/<slug:slug>/answer/withdrawal/", answers.withdraw, name="withdrawal"),
    path("posts/<slug:slug>/stances/", stances.stances, name="stances"),
    path("posts/<slug:slug>/stances.csv", stances.as_csv, name="stances-csv"),
    path("posts/<slug:slug>/stances.json", stances.as_json, name="stances-json"),
    path("posts/<slug:slug>/data.zip", datasets.archive, name="data"),
    path("posts/<slug:slug>/closing/", closings.closing, name="closing"),
    path("posts/<slug:slug>/closing/edit/", closings.edit, name="closing-edit"),
    path("posts/<slug:slug>/closing/verdict/", closings.verdict, name="closing-verdict"),
    path(
        "posts/<slug:slug>/closing/verdict/withdrawal/",
        closings.withdrawal,
        name="closing-withdrawal",
    ),
    path("comments/<id:pk>/", permalinks.permalink, name="permalink"),
    path("comments/<id:pk>/text/", comments.text, name="text"),
    path("comments/<id:pk>/text/fragment/", comments.text_fragment, name="text-fragment"),
    path("comments/<id:pk>/edit/", comments.edit, name="edit"),
    path("comments/<id:pk>/deletion/", comments.delete, name="deletion"),
    path("comments/<id:pk>/well-argued/", reactions.well_argued, name="well-argued"),
    path(
        "comments/<id:pk>/well-argued/withdrawal/",
        reactions.withdrawal,
        name="well-argued-withdrawal",
    ),
    path("comments/<id:pk>/verdict/", verdicts.verdict, name="verdict"),
    path("comments/<id:pk>/verdict/withdrawal/", verdicts.withdrawal, name="verdict-withdrawal"),
    path("comments/<id:pk>/changes/", changes_of_mind.of_comment, name="changes"),
    path("posts/<slug:slug>/changes/", changes_of_mind.of_post, name="post-changes"),
    path("changes/<id:pk>/answer/", changes_of_mind.answer, name="change-answer"),
    path("changes/<id:pk>/revocation/", changes_of_mind.revoke, name="change-revocation"),
    path("comments/<id:pk>/history/", comments.history, name="history"),
    *me,
    *moderation,
]
