"""Whose reactions and verdicts are counted."""

from django.db.models import Q

COUNTED = Q(reader__banned_at__isnull=True, reader__erased_at__isnull=True)
