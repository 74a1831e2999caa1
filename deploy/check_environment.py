"""Look at the variables of a site by the standard library: `make setup` does before it installs.

The settings check all of them again, and more (`site/core/env.py`).
"""

from __future__ import annotations

import os
import re
import sys

# What each variable must look like, and the sentence of the settings for one that does not.
RULES = {
    "DEBUG": (r"(?i)1|0|true|false|yes|no|on|off|y|n|t|f", "must be 1 or 0."),
    "PORT": (r"0*[1-9]\d*", "must be a whole number of at least 1."),
    "SITE_URL": (
        r"(?i)https?://[^\s/?#]+/*",
        "must be an address like https://example.org, without a path.",
    ),
    "DATABASE_URL": (
        r"(?:postgres|postgresql|sqlite)://.*",
        "must start with postgres:// or sqlite:///.",
    ),
    "REDIS_URL": (
        r"(?i)(?:redis|rediss|unix)://.*",
        "must start with redis://, rediss:// or unix://.",
    ),
    "EMAIL_PROVIDER": (
        r"(?i)brevo|mailgun|mailjet|mailtrap|postmark",
        "must be one of brevo, mailgun, mailjet, mailtrap, postmark.",
    ),
    "EMAIL_WEBHOOK_SECRET": (
        r"(?a)[\w.-]+:[\w.-]{32,}",
        "must be a name and a password of at least 32 random letters and digits, with a colon "
        "between.",
    ),
    "TRUSTED_PROXIES": (r"\d+", "must be a whole number of at least 0."),
}


def fault(environment: dict[str, str]) -> str:
    """Return a sentence about the first variable that is wrong, or an empty text."""
    for name, (pattern, sentence) in RULES.items():
        value = environment.get(name, "").strip()
        if value and not re.fullmatch(pattern, value):
            return f"{name} {sentence}"
    is_real = environment.get("DEBUG", "").strip().lower() in {"", "0", "false", "no", "off"}
    required = ["SECRET_KEY", "ALLOWED_HOSTS"] if is_real else []
    required += ["EMAIL_WEBHOOK_SECRET"] if environment.get("EMAIL_PROVIDER", "").strip() else []
    for name in required:
        if not environment.get(name, "").strip():
            return f"{name} is missing."
    return ""


if __name__ == "__main__":
    found = fault(dict(os.environ))
    sys.exit(f"Counterpoint cannot start: {found}" if found else 0)
