"""Backup and restore: a tar archive of the database, the media files and a manifest of both.

An archive says of every member how long it is and what its SHA-256 is. Restoring unpacks it beside
the site and proves all of that before it touches anything; then the database is replaced in one
transaction, and only where there is nothing to lose.
"""
