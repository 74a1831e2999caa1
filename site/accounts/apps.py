"""Configuration of the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People: accounts, roles, suspension."""

    name = "accounts"
    verbose_name = "people"

    def ready(self) -> None:
        """Declare whose words tables hold, connect signals, register what the worker deletes."""
        from core.jobs.periodic import every_minute
        from pictures import texts

        from . import drafts, handles, personal, sessions  # noqa: F401
        from .admission import gate  # noqa: F401 (it registers its receiver)
        from .guessing import counting
        from .restoring import actions
        from .second_factor import rotation  # noqa: F401 (it registers its receiver)
        from .signing_up import actions as signing_up
        from .signing_up import confirming  # noqa: F401 (it registers its receivers)

        texts.declare("accounts.KeptForm", "typed", is_draft=True)
        for function in (
            sessions.clear_expired,
            drafts.forget_old,
            handles.release,
            actions.purge,
            counting.purge,
            signing_up.purge,
        ):
            every_minute(function)
