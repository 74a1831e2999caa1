"""Settings of the mail server, and of the provider that says what became of mails."""

from core import env

from . import email_provider

_email = env.email("EMAIL_URL", default="console:")
EMAIL_DELIVERY_BACKEND = _email["EMAIL_BACKEND"]
# Mail servers can be slow or down, so a worker delivers to them; other backends are immediate.
EMAIL_BACKEND = (
    "notifications.mail.QueuedBackend"
    if EMAIL_DELIVERY_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    else EMAIL_DELIVERY_BACKEND
)
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 30  # seconds; a shorter timeout would send again what a slow server accepted
# Who may tell by webhooks what became of mails; nobody if empty.
EMAIL_PROVIDER, ANYMAIL = email_provider.from_environment()
