"""Sign test clients in as people who have just said again who they are."""

import time
from typing import Any

from django.test import Client

from accounts.models import User

# Where allauth's sessions keep how and when somebody proved who they are, and of whom that is.
RECORDS = "account_authentication_methods"
PERSON = "account_authentication_methods_user"


def reauthenticate(client: Client, person: User, seconds_ago: float = 0) -> None:
    """Let the session of `client` know that `person` gave the password `seconds_ago`."""
    session: Any = client.session
    session[RECORDS] = [
        {"method": "password", "at": time.time() - seconds_ago, "reauthenticated": True}
    ]
    session[PERSON] = str(person.pk)
    session.save()


def client_of(person: User) -> Client:
    """Return a client of `person`, who has just given the password."""
    client = Client()
    client.force_login(person)
    reauthenticate(client, person)
    return client
