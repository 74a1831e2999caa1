"""Route the addresses of the studio."""

from django.urls import URLPattern, path

from .views import (
    overview,
    parts,
    posts,
    preview,
    promises,
    publication,
    question,
    sealed_answer,
    series,
)

urlpatterns: list[URLPattern] = [
    path("", overview.studio, name="studio"),
    path("preview/", preview.live, name="studio-preview"),
    path("posts/new/", posts.create, name="studio-post-create"),
    path("posts/<int:pk>/", posts.edit, name="studio-post"),
    path("posts/<int:pk>/publication/", publication.publish_saved, name="studio-publication"),
    path("posts/<int:pk>/publication/undo/", publication.undo, name="studio-publication-undo"),
    path("posts/<int:pk>/question/", question.edit, name="studio-question"),
    path("posts/<int:pk>/question/removal/", question.remove, name="studio-question-removal"),
    path("posts/<int:pk>/sealed-answer/", sealed_answer.edit, name="studio-sealed-answer"),
    path(
        "posts/<int:pk>/sealed-answer/removal/",
        sealed_answer.remove,
        name="studio-sealed-answer-removal",
    ),
    path("posts/<int:pk>/question/carrying/", question.carry, name="studio-question-carrying"),
    path("posts/<int:pk>/promises/", promises.edit, name="studio-promises"),
    path("posts/<int:pk>/promises/<int:promise_pk>/", promises.change, name="studio-promise"),
    path(
        "posts/<int:pk>/promises/<int:promise_pk>/removal/",
        promises.remove,
        name="studio-promise-removal",
    ),
    path("series/new/", series.create, name="studio-series-create"),
    path("series/<int:pk>/", series.edit, name="studio-series"),
    path("series/<int:pk>/parts/", parts.add, name="studio-parts"),
    path("series/<int:pk>/parts/<int:part_pk>/", parts.change, name="studio-part"),
    path("series/<int:pk>/parts/<int:part_pk>/move/", parts.move, name="studio-part-move"),
    path("series/<int:pk>/parts/<int:part_pk>/removal/", parts.remove, name="studio-part-removal"),
]
