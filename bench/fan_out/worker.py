"""Run a worker whose jobs another takes over within seconds: `python -m bench.fan_out.worker`."""

import django

from ..mail_kill import worker

LEASE, BEAT = 6, 2  # seconds; a batch of followers takes a fraction of one


def main() -> None:
    """Run the worker until it is killed."""
    django.setup()
    from core import limits

    limits.JOB_LEASE, limits.JOB_BEAT = LEASE, BEAT
    worker.main()


if __name__ == "__main__":
    main()
