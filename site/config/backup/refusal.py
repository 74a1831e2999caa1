"""Why a backup cannot be made or restored, in a sentence for the operator."""


class BackupRefused(Exception):
    """Something that is not done. Whatever had been begun is undone when it is raised."""
