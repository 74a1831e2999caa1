"""What the ORM lacks: prepared SQL, bulk inserts, retried transactions, triggers, replicas."""
