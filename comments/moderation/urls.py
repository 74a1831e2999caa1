"""Addresses of moderation; `comments.urls` includes them in its namespace."""

from django.urls import path

from .views import changes, decisions, desk, flags, jobs, log, people, threads

urlpatterns = [
    path("moderation/", desk.desk, name="moderation"),
    path("moderation/comments/<int:pk>/", desk.case, name="moderation-case"),
    path("moderation/log/", log.log, name="log"),
    path("moderation/people/", people.people, name="people"),
    path("moderation/jobs/", jobs.jobs, name="jobs"),
    path("moderation/jobs/<uuid:pk>/attempt/", jobs.attempt, name="job-attempt"),
    path("comments/<int:pk>/flags/", flags.flags, name="flags"),
    path("comments/<int:pk>/flags/dismissal/", decisions.dismissal, name="dismissal"),
    path(
        "comments/<int:pk>/flags/dismissal/undo/", decisions.dismissal_undo, name="dismissal-undo"
    ),
    path("comments/<int:pk>/approval/", decisions.approval, name="approval"),
    path("comments/<int:pk>/approval/undo/", decisions.approval_undo, name="approval-undo"),
    path("comments/<int:pk>/removal/", decisions.removal, name="removal"),
    path("comments/<int:pk>/removal/undo/", decisions.restoration, name="restoration"),
    path("comments/<int:pk>/lock/", threads.lock, name="lock"),
    path("comments/<int:pk>/lock/undo/", threads.unlock, name="unlock"),
    path("comments/<int:pk>/thread/", threads.detachment, name="detachment"),
    path("comments/<int:pk>/stance/", decisions.retag, name="retag"),
    path("changes/<int:pk>/removal/", changes.removal, name="change-removal"),
    path("changes/<int:pk>/removal/undo/", changes.restoration, name="change-restoration"),
    path("@<str:handle>/suspension/", people.suspension, name="suspension"),
    path("@<str:handle>/suspension/undo/", people.suspension_end, name="suspension-end"),
    path("@<str:handle>/roles/", people.roles, name="roles"),
]
