"""The condition under which reactions and verdicts count: a reader neither banned nor erased."""

from django.db.models import Q

COUNTED = Q(reader__banned_at__isnull=True, reader__erased_at__isnull=True)
