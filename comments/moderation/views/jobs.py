"""The page of background jobs, failed, running and waiting; for admins."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult as Job
from django_tasks_db.models import DBTaskResultQuerySet as JobQuerySet

from accounts.guards import admin_required, post_only
from core.db.transactions import retried
from core.jobs import queue, reports

# Jobs in each list, more than anyone reads; the number above it counts them all.
JOBS_SHOWN = 25


@require_safe
@admin_required
def jobs(request: HttpRequest) -> HttpResponse:
    """Show the queue. Arguments of jobs are not loaded, as mails contain sign-in codes."""
    rows = Job.objects.defer("args_kwargs", "return_value", "traceback")
    groups = [
        _group(_("Failed"), rows.failed().order_by("-finished_at")),
        _group(_("Running"), rows.running().order_by("started_at")),
        _group(_("Waiting"), rows.filter(status="READY").order_by("enqueued_at")),
    ]
    context = {
        "queue": reports.queue(),
        "groups": groups,
        "has_jobs": any(group["count"] for group in groups),
    }
    return render(request, "moderation/jobs.html", context)


@post_only
@admin_required
def attempt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a failed job back into the queue; a second time changes nothing."""
    job = get_object_or_404(Job, pk=pk)
    if retried(queue.try_again)(job):
        messages.success(request, _("It waits in the queue again."))
    else:
        messages.success(request, _("That was done already."))
    return redirect("comments:jobs")


def _group(title: str, rows: JobQuerySet) -> dict[str, Any]:
    """Return the context of one list of jobs."""
    count = rows.count()
    return {
        "title": title,
        "count": count,
        "jobs": rows[:JOBS_SHOWN],
        "is_cut": count > JOBS_SHOWN,
    }
