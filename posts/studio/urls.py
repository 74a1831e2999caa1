"""Route the addresses of the studio."""

from django.urls import URLPattern, path

from .views import bin as bin_views
from .views import (
    newsletter,
    overview,
    parts,
    pictures,
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
    path("pictures/", pictures.upload, name="studio-pictures"),
    path("posts/new/", posts.create, name="studio-post-create"),
    path("posts/<id:pk>/", posts.edit, name="studio-post"),
    path("posts/<id:pk>/publication/", publication.publish_saved, name="studio-publication"),
    path("posts/<id:pk>/publication/undo/", publication.undo, name="studio-publication-undo"),
    path("posts/<id:pk>/e-mail/", newsletter.page, name="studio-newsletter"),
    path("posts/<id:pk>/e-mail/mail.html", newsletter.mail, name="studio-newsletter-mail"),
    path("posts/<id:pk>/e-mail/test/", newsletter.test, name="studio-newsletter-test"),
    path("bin/", bin_views.listed, name="studio-bin"),
    path("posts/<id:pk>/bin/", bin_views.throw, name="studio-binning"),
    path("posts/<id:pk>/bin/undo/", bin_views.restore, name="studio-binning-undo"),
    path("posts/<id:pk>/question/", question.edit, name="studio-question"),
    path("posts/<id:pk>/question/removal/", question.remove, name="studio-question-removal"),
    path("posts/<id:pk>/sealed-answer/", sealed_answer.edit, name="studio-sealed-answer"),
    path(
        "posts/<id:pk>/sealed-answer/removal/",
        sealed_answer.remove,
        name="studio-sealed-answer-removal",
    ),
    path("posts/<id:pk>/question/carrying/", question.carry, name="studio-question-carrying"),
    path("posts/<id:pk>/promises/", promises.edit, name="studio-promises"),
    path("posts/<id:pk>/promises/<id:promise_pk>/", promises.change, name="studio-promise"),
    path(
        "posts/<id:pk>/promises/<id:promise_pk>/removal/",
        promises.remove,
        name="studio-promise-removal",
    ),
    path("series/new/", series.create, name="studio-series-create"),
    path("series/<id:pk>/", series.edit, name="studio-series"),
    path("series/<id:pk>/parts/", parts.add, name="studio-parts"),
    path("series/<id:pk>/parts/<id:part_pk>/", parts.change, name="studio-part"),
    path("series/<id:pk>/parts/<id:part_pk>/move/", parts.move, name="studio-part-move"),
    path("series/<id:pk>/parts/<id:part_pk>/removal/", parts.remove, name="studio-part-removal"),
]
