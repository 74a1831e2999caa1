"""Give the parts of a page the database and the settings of the tests."""

from tests.conftest import *  # noqa: F403
