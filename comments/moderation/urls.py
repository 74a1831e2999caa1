"""Addresses of moderation; `comments.urls` includes them in its namespace."""

from django.urls import path

from .views import (
    admissions,
    changes,
    decisions,
    desk,
    discussions,
    flags,
    jobs,
    log,
    people,
    threads,
)

urlpatterns = [
    path("moderation/", desk.desk, name="moderation"),
    path("moderation/comments/<id:pk>/", desk.case, name="moderation-case"),
    path("moderation/log/", log.log, name="log"),
    path("moderation/people/", people.people, name="people"),
    path("moderation/requests/", admissions.requests, name="requests"),
    path("moderation/jobs/", jobs.jobs, name="jobs"),
    path("moderation/jobs/<uuid:pk>/attempt/", jobs.attempt, name="job-attempt"),
    path("comments/<id:pk>/flags/", flags.flags, name="flags"),
    path("comments/<id:pk>/flags/dismissal/", decisions.dismissal, name="dismissal"),
    path("comments/<id:pk>/flags/dismissal/undo/", decisions.dismissal_undo, name="dismissal-undo"),
    path("comments/<id:pk>/approval/", decisions.approval, name="approval"),
    path("comments/<id:pk>/approval/undo/", decisions.approval_undo, name="approval-undo"),
    path("comments/<id:pk>/removal/", decisions.removal, name="removal"),
    path("comments/<id:pk>/removal/undo/", decisions.restoration, name="restoration"),
    path("comments/<id:pk>/lock/", threads.lock, name="lock"),
    path("comments/<id:pk>/lock/undo/", threads.unlock, name="unlock"),
    path("comments/<id:pk>/thread/", threads.detachment, name="detachment"),
    path("posts/<unicode_slug:slug>/discussion/close/", discussions.close, name="discussion-close"),
    path(
        "posts/<unicode_slug:slug>/discussion/open/", discussions.open_again, name="discussion-open"
    ),
    path("comments/<id:pk>/stance/", decisions.retag, name="retag"),
    path("changes/<id:pk>/removal/", changes.removal, name="change-removal"),
    path("changes/<id:pk>/removal/undo/", changes.restoration, name="change-restoration"),
    path("@<str:handle>/suspension/", people.suspension, name="suspension"),
    path("@<str:handle>/suspension/undo/", people.suspension_end, name="suspension-end"),
    path("@<str:handle>/admission/", admissions.admission, name="admission"),
    path("@<str:handle>/roles/", people.roles, name="roles"),
]
