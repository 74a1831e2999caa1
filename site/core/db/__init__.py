"""What the ORM lacks: prepared SQL, bulk inserts, retried transactions, triggers, replicas.

Use `transactions.retried` for every write of several rows. Use the rest only where a measurement
asks for it; the ORM is the default.

- `prepared` compiles a query once for each database and only binds parameters afterwards. For the
  few queries of every page: a page of comment rows takes 0.8 ms instead of the ORM's 6.4, a whole
  personal page 8.3 ms instead of 24.4. It costs freedom: the query must be the same for all
  values, `rows` skips the ORM's converters, and inserts send no signal.
- `bulk` inserts rows by the thousand without model objects: no `save()`, no signals.
- `transactions` runs a write as one transaction, again after a serialization failure or deadlock,
  for 0.75 s of waiting at most. On SQLite, writers queue for one lock.
- `triggers` installs database triggers under names that can be checked.
- `replicas` sends reads to a streaming replica while it lags less than half a second. It costs two
  queries in each process every 0.2 s.
- `sqlite_serial` answers one request at a time in each process on SQLite, where threads would slow
  each other down.
"""
