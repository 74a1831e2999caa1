"""Work that nobody waits for: queued in the caller's transaction, done by a worker.

A job is a function under `django_tasks.task`, and `function.enqueue(…)` puts it into the queue: a
row of the same database, gone again if the transaction is rolled back. `manage.py worker` does the
jobs. The library keeps the queue; leases, retries and the reaper are here.

A job may be done twice: when its worker dies after the work and before the note of it. So every
job is written so that doing it again changes nothing. Its arguments are erased once it is done;
what it returns is not kept; of an error its class and its place are, never its words, which may
quote a person's address.
"""
