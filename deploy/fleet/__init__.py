"""Run the production set-up on one machine, for tests: `python -m deploy.fleet`.

It consists of nginx with the documented configuration, two application hosts, a worker, pgbouncer,
a PostgreSQL primary with a streaming replica, and Redis. A server that ends is restarted after two
seconds, as by systemd.
"""
