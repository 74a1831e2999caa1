"""The exception for a backup that cannot be made or restored."""


class BackupRefused(Exception):
    """A backup or restore is refused, with a sentence for the operator; nothing has changed."""
