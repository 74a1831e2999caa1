"""Addresses of a person's own pages and of profiles; `comments.urls` includes them."""

from django.urls import path

from . import saved, settings, views, visits
from .drafts import views as drafts
from .inbox import feed, unsent
from .inbox import views as inbox

urlpatterns = [
    path("me/", inbox.start, name="me-start"),
    path("me/notifications/", inbox.inbox, name="me"),
    path("me/notifications/read/", inbox.read, name="me-read"),
    path("me/notifications/read/undo/", inbox.read_undo, name="me-read-undo"),
    path("me/notifications/not-sent/", unsent.unsent, name="unsent"),
    path("me/notifications/feed/", feed.feed_address, name="feed-address"),
    path("me/notifications/feed/revocation/", feed.feed_revocation, name="feed-revocation"),
    path("feeds/notifications/<str:token>/", feed.private_feed, name="private-feed"),
    path("me/drafts/", drafts.own_drafts, name="my-drafts"),
    path("me/drafts/save/", drafts.save, name="draft"),
    path("me/drafts/removal/", drafts.throw_away, name="draft-removal"),
    path("me/drafts/removal/undo/", drafts.bring_back, name="draft-removal-undo"),
    path("posts/<unicode_slug:slug>/drafts/", drafts.of_post, name="post-drafts"),
    path("me/comments/", views.my_comments, name="my-comments"),
    path("me/saved/", saved.saved, name="my-saved"),
    path("me/saved/removal/", saved.remove, name="my-saved-removal"),
    path("me/saved/removal/undo/", saved.put_back, name="my-saved-removal-undo"),
    path("me/visits/", visits.join, name="my-visits"),
    path("me/settings/", settings.show, name="my-settings"),
    path("me/nudge/dismissal/", settings.dismiss_nudge, name="nudge-dismissal"),
    path("me/nudge/dismissal/undo/", settings.welcome_nudge, name="nudge-dismissal-undo"),
    path("me/export/", views.export, name="export"),
    path("me/erasure/", views.erase, name="erasure"),
    path("me/erasure/done/", views.erased, name="erased"),
    path("@<str:handle>/", views.profile, name="profile"),
]
