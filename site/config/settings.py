"""Settings, from environment variables only. Safe by default: `DEBUG` is off unless set."""

from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from accounts.passwords.breached import why_unusable
from core import env

from . import databases, profile
from .mail import (  # noqa: F401
    ANYMAIL,
    EMAIL_BACKEND,
    EMAIL_DELIVERY_BACKEND,
    EMAIL_HOST,
    EMAIL_HOST_PASSWORD,
    EMAIL_HOST_USER,
    EMAIL_PORT,
    EMAIL_PROVIDER,
    EMAIL_TIMEOUT,
    EMAIL_USE_SSL,
    EMAIL_USE_TLS,
)
from .private import database_file, private_folder
from .rates import ACCOUNT_RATE_LIMITS  # noqa: F401
from .signing_in import ACCOUNT_FORMS, AUTH_PASSWORD_VALIDATORS, MFA_FORMS  # noqa: F401

BASE_DIR = Path(__file__).resolve().parents[2]

# --- The site and its secrets ------------------------------------------------------------------

DEBUG = env.flag("DEBUG", default=False)
PORT = env.whole_number("PORT", default=8000, minimum=1)
SITE_URL = env.site_url("SITE_URL", default=f"http://localhost:{PORT}")
HTTPS = SITE_URL.startswith("https://")
DATA_DIR = Path(env.text("DATA_DIR", "var"))
if not DATA_DIR.is_absolute():
    DATA_DIR = BASE_DIR / DATA_DIR
DATA_DIR.mkdir(parents=True, exist_ok=True)
# Database and keys; the web server reads static files beside it and cannot enter.
PRIVATE_DIR = private_folder(DATA_DIR)

# The key of the hashes of erased handles: made on first use, and part of each backup.
HANDLE_KEY_FILE = PRIVATE_DIR / "handle.key"

SECRET_KEY = env.secret_key("SECRET_KEY", debug=DEBUG)
# What they signed stays valid; new signatures are made with SECRET_KEY.
SECRET_KEY_FALLBACKS = env.secret_keys("SECRET_KEY_FALLBACKS", debug=DEBUG)
ALLOWED_HOSTS = env.comma_separated("ALLOWED_HOSTS") or (
    ["localhost", "127.0.0.1", "[::1]"] if DEBUG else []
)
if not ALLOWED_HOSTS:
    env.refuse(
        "ALLOWED_HOSTS", "is missing. Set it to the names of your site, with commas between."
    )
if "*" in ALLOWED_HOSTS:
    env.refuse(
        "ALLOWED_HOSTS",
        "must name your site. With a star, any other name would be accepted for it.",
    )
DEMO_PASSWORD = env.text("DEMO_PASSWORD")

# --- Apps and middleware -----------------------------------------------------------------------

INSTALLED_APPS = [
    # While developing, browsers ask again for each file. Django's own server lets them keep it.
    *(["whitenoise.runserver_nostatic"] if DEBUG else []),
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "markdownx",
    "core",
    "pictures",
    "publication",
    "accounts",
    "notifications",
    "posts",
    "comments",
]

MIDDLEWARE = [
    "core.caching.pages.public_pages",
    "core.db.sqlite_serial.serialise_requests",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.security_headers",
    "core.middleware.refuse_large_bodies",
    "core.middleware.refuse_other_charsets",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.separate_public_and_personal",
    "core.middleware.ConditionalGet",
    "publication.middleware.in_zone_and_language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.db.replicas.read_from_replica",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.end_old_sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.explain_refused_methods",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
LOADERS = ["core.templating.loaders.FileLoader", "core.templating.loaders.AppLoader"]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", LOADERS)],
            # Its tag for the hidden fields of forms takes the place of Django's.
            "builtins": [
                "core.templatetags.core_forms",
                "publication.templatetags.publication_tags",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.site",
                "notifications.context.unread_notifications",
                "comments.moderation.context.cases_waiting",
            ],
        },
    },
]

# --- Databases, cache, queue and files ---------------------------------------------------------

_sqlite = "" if env.text("DATABASE_URL") else f"sqlite:///{database_file(DATA_DIR)}"
_database = env.database("DATABASE_URL", default=_sqlite)
ON_POSTGRESQL = _database["ENGINE"] == "django.db.backends.postgresql"
# A pooler assigns a connection for one transaction only, so nothing that outlives one can be used,
# and timeouts are set for the role instead (deploy/README.md).
BEHIND_POOLER = env.flag("DATABASE_POOLER", default=False)

if ON_POSTGRESQL:
    _database = databases.on_postgresql(_database, pooled=BEHIND_POOLER)
else:
    _database = databases.on_sqlite(_database)
DATABASES = {"default": _database}

# Apps whose tables may be read from the replica, under the conditions in core.db.replicas.
REPLICA_APPS = {"accounts", "comments", "notifications", "posts"}
if env.text("DATABASE_REPLICA_URL"):
    _replica = env.database("DATABASE_REPLICA_URL", default="")
    if not ON_POSTGRESQL or _replica["ENGINE"] != _database["ENGINE"]:
        env.refuse("DATABASE_REPLICA_URL", "and DATABASE_URL must both start with postgres://.")
    DATABASES["replica"] = databases.on_postgresql(_replica) | {"TEST": {"MIRROR": "default"}}
    DATABASES["replica"]["OPTIONS"]["connect_timeout"] = 1  # seconds; the primary answers instead
    DATABASE_ROUTERS = ["core.db.replicas.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.redis_url("REDIS_URL")
CACHE_TABLE = "cache"
_DATABASE_CACHE = {
    "BACKEND": "django.core.cache.backends.db.DatabaseCache",
    "LOCATION": CACHE_TABLE,
    # With the default of 300 entries, one busy minute would evict the sign-in limits.
    "OPTIONS": {"MAX_ENTRIES": 100_000},
}
CACHES: dict[str, dict[str, Any]] = {"default": _DATABASE_CACHE}
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "core.caching.redis_fallback.RedisCacheWithFallback",
            "LOCATION": REDIS_URL,
        },
        "database": _DATABASE_CACHE,
    }

# The queue is a table: a job is stored with its transaction, and no other service is needed.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.storage.HashedStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"

# --- Public pages ------------------------------------------------------------------------------

# The paths of pages that are cached in the process, and the function for their current versions.
PUBLIC_PAGES = (
    r"/|/(?:about|rules|privacy|imprint)/|/series/(?:[\w-]+/)?"
    r"|/posts/[\w-]+/(?:stances/|closing/|data\.zip)?"
)
PUBLIC_PAGE_VERSIONS = "posts.pages.page_versions.current_versions"
# Middleware for building a cached page; the rest of MIDDLEWARE is for signed-in people.
PUBLIC_PAGE_MIDDLEWARE = [
    "core.db.sqlite_serial.serialise_requests",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.security_headers",
    "core.middleware.separate_public_and_personal",
]
# What has no cookie's answer: pictures, style sheets of the site's look, its manifest.
SAME_FOR_EVERYBODY = r"/(?:media|look)/.+|/manifest\.webmanifest"
# A write shows within one second; the proxy may keep a page for half of that.
PUBLIC_PAGE_CHECK_SECONDS = 0.4
# The same for the site profile on all other pages.
PROFILE_CHECK_SECONDS = PUBLIC_PAGE_CHECK_SECONDS
# Bytes in each process: some 500 compressed pages of 15 kB.
PUBLIC_PAGE_MEMORY = 8 * 1024 * 1024

# --- People ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
BREACHED_PASSWORDS = env.file("BREACHED_PASSWORDS", why_unusable)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
# The handle is made from the name that the form asks for besides; a code does for a password.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
# Within the rate of mail. A code to sign in is asked for anew on the page to sign in.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# After the code of an added address, back to the addresses.
ACCOUNT_EMAIL_CONFIRMATION_AUTHENTICATED_REDIRECT_URL = "/accounts/email/"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Seconds. A mail may take minutes to arrive, and a code is good for three guesses in its session.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.passwords.tokens.ResetTokens"  # noqa: S105 (a path)
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = None
# A session left open somewhere must not be enough to take an account over.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # seconds for which one answer holds
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# The number of our own proxies, whose X-Forwarded-For entries are trusted.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole_number("TRUSTED_PROXIES", default=0)

# Moderators and admins need a second factor, a week after the grant.
REQUIRE_STAFF_MFA = env.flag("REQUIRE_STAFF_MFA", default=True)
MFA_ADAPTER = "accounts.second_factor.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Steps of half a minute: clocks of phones differ, and typing takes time.
MFA_TOTP_TOLERANCE = 1

# --- Sessions and cookies ----------------------------------------------------------------------

COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}counterpoint"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Forms carry the token; no script reads the cookie.
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60  # seconds without a visit; see accounts.middleware
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_FAILURE_VIEW = "accounts.sent_twice.without_token"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Mail: the server is in `config.mail` ------------------------------------------------------

# Without a name, mails are sent in that of the site profile (`accounts.adapter`).
DEFAULT_FROM_EMAIL = env.text("FROM_EMAIL", f"hello@{urlsplit(SITE_URL).hostname}")

# Where faults of the site are reported; `security.txt` has it.
SECURITY_CONTACT = env.text("SECURITY_CONTACT", f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")
if not SECURITY_CONTACT.startswith(("mailto:", "https://", "tel:")):
    env.refuse("SECURITY_CONTACT", "must begin with mailto:, https:// or tel:.")

# --- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Those into which every sentence is translated; the site profile chooses among them.
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True

# --- What the environment sets of the site profile --------------------------------------------

PROFILE_FROM_ENVIRONMENT = profile.from_environment([code for code, _name in LANGUAGES])

# --- Markdown preview --------------------------------------------------------------------------

# `markdownx.urls` lets anyone upload, so it is not included; posts.studio has the preview.
MARKDOWNX_MARKDOWNIFY_FUNCTION = "posts.studio.preview.render_preview"
MARKDOWNX_URLS_PATH = "/studio/preview/"
MARKDOWNX_UPLOAD_URLS_PATH = "/studio/preview/"

# --- Security ----------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Bytes: the longest post has 200,000 characters, and a form encodes one in up to nine (%E4%BD%A0).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# The paths of forms with pictures, which are larger (`limits.UPLOAD_BYTES`).
UPLOAD_PATHS = r"/settings/site/(?:preview/)?|/studio/pictures/"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        **({"upgrade-insecure-requests": True} if HTTPS else {}),
    }
}

# --- Logs --------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "core.logs.OneLineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Lines of `make run`, which have addresses as well.
        "django.server": {"handlers": [], "propagate": True},
    },
}
