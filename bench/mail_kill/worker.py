"""Run a worker that another takes over from within seconds: `python -m bench.mail_kill.worker`.

Its leases are short, so that a trial does not wait minutes for each mail that a kill interrupted.
"""

import django

LEASE = 6  # seconds; a mail to the trial's server takes a few milliseconds
INTERVAL = 1.0  # seconds between two rounds of the periodic tasks


def main() -> None:
    """Run the worker until it is killed."""
    django.setup()
    from core import limits
    from core.jobs import periodic
    from core.jobs.worker import JobWorker

    limits.MAIL_LEASE = LEASE
    periodic.INTERVAL = INTERVAL
    JobWorker().run()


if __name__ == "__main__":
    main()
