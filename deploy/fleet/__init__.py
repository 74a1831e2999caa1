"""The production set-up on one machine, for tests: `python -m deploy.fleet`.

nginx with the documented configuration, two application hosts, a worker, pgbouncer, a PostgreSQL
primary and its streaming replica, Redis. What ends is started again after two seconds, as systemd
would.
"""
