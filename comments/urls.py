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
    participants,
    permalinks,
    reactions,
    saved,
    stances,
    verdicts,
    visits,
)

app_name = "comments"
urlpatterns = [
    path("posts/<unicode_slug:slug>/answer/", answers.answer, name="answer"),
    path("posts/<unicode_slug:slug>/answer/withdrawal/", answers.withdraw, name="withdrawal"),
    path("posts/<unicode_slug:slug>/participants.json", participants.as_json, name="participants"),
    path("posts/<unicode_slug:slug>/stances/", stances.stances, name="stances"),
    path("posts/<unicode_slug:slug>/stances.csv", stances.as_csv, name="stances-csv"),
    path("posts/<unicode_slug:slug>/stances.json", stances.as_json, name="stances-json"),
    path("posts/<unicode_slug:slug>/data.zip", datasets.archive, name="data"),
    path("posts/<unicode_slug:slug>/closing/", closings.closing, name="closing"),
    path("posts/<unicode_slug:slug>/closing/edit/", closings.edit, name="closing-edit"),
    path("posts/<unicode_slug:slug>/closing/verdict/", closings.verdict, name="closing-verdict"),
    path(
        "posts/<unicode_slug:slug>/closing/verdict/withdrawal/",
        closings.withdrawal,
        name="closing-withdrawal",
    ),
    path("posts/<unicode_slug:slug>/visit/", visits.visit, name="visit"),
    path("posts/<unicode_slug:slug>/visit/read/", visits.mark_read, name="visit-read"),
    path(
        "posts/<unicode_slug:slug>/visit/read/undo/",
        visits.mark_read_undo,
        name="visit-read-undo",
    ),
    path("posts/<unicode_slug:slug>/saved/", saved.save_post, name="saved-post"),
    path("posts/<unicode_slug:slug>/saved/removal/", saved.remove_post, name="saved-post-removal"),
    path("comments/<id:pk>/saved/", saved.save_comment, name="saved"),
    path("comments/<id:pk>/saved/removal/", saved.remove_comment, name="saved-removal"),
    path("comments/<id:pk>/", permalinks.permalink, name="permalink"),
    path("comments/<id:pk>/text/", comments.text, name="text"),
    path("comments/<id:pk>/text/fragment/", comments.text_fragment, name="text-fragment"),
    path("comments/<id:pk>/edit/", comments.edit, name="edit"),
    path("comments/<id:pk>/deletion/", comments.delete, name="deletion"),
    path("comments/<id:pk>/well-argued/", reactions.well_argued, name="well-argued"),
    path("comments/<id:pk>/well-argued/split/", reactions.split, name="well-argued-split"),
    path(
        "comments/<id:pk>/well-argued/withdrawal/",
        reactions.withdrawal,
        name="well-argued-withdrawal",
    ),
    path("comments/<id:pk>/verdict/", verdicts.verdict, name="verdict"),
    path("comments/<id:pk>/verdict/withdrawal/", verdicts.withdrawal, name="verdict-withdrawal"),
    path("comments/<id:pk>/changes/", changes_of_mind.of_comment, name="changes"),
    path("posts/<unicode_slug:slug>/changes/", changes_of_mind.of_post, name="post-changes"),
    path("changes/<id:pk>/answer/", changes_of_mind.answer, name="change-answer"),
    path("changes/<id:pk>/revocation/", changes_of_mind.revoke, name="change-revocation"),
    path("comments/<id:pk>/history/", comments.history, name="history"),
    *me,
    *moderation,
]
