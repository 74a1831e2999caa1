"""Run jobs in the background: queued in the caller's transaction, run by a worker.

Decorate a function with `django_tasks.task` and call `function.enqueue(…)`: that adds a row to the
queue, a table of the same database, unless the transaction is rolled back. `manage.py worker` runs
the jobs. django-tasks-db stores the queue; this package adds leases, retries and the reaper.

A job may run twice: when its worker dies between the work and recording it. So every job must be
idempotent. Its arguments are erased once it is done, and its return value is not stored. Of an
error the class and the traceback are stored, but not the message, which may contain an e-mail
address.
"""
