"""Tell whether sending of articles is paused; those that wait are sent afterwards."""


def is_paused() -> bool:
    """Return whether articles wait to be sent."""
    return False
