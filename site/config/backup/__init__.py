"""Back up and restore the site: a tar archive of database, media files and a manifest.

The manifest has the length and SHA-256 of every member. A restore unpacks the archive beside the
site and verifies it before it changes anything; then it replaces the database in one transaction,
and only if the site is empty.
"""
