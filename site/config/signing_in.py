"""List the checks of passwords, and our forms by the names that allauth has for its own."""

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.passwords.validators.UnlikeThePerson",
        "OPTIONS": {"user_attributes": ("handle", "name", "email")},
    },
    # ASVS 5.0 6.2.1 requires 8 characters and recommends 15; 10 is between, without further rules.
    {"NAME": "accounts.passwords.validators.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.passwords.validators.Uncommon"},
    {"NAME": "accounts.passwords.validators.NotANameAlone"},
    {"NAME": "accounts.passwords.validators.NotRepeated"},
    {"NAME": "accounts.passwords.validators.NotBreached"},
]

ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "request_login_code": "accounts.guessing.forms.RequestLoginCodeForm",
    "reset_password": "accounts.guessing.forms.ResetPasswordForm",
    # Its page asks for the present password or a code; asking again here would let one guess.
    "change_password": "accounts.words.forms.SetPasswordForm",
    "set_password": "accounts.words.forms.SetPasswordForm",
    "reset_password_from_key": "accounts.words.forms.ResetPasswordKeyForm",
    "add_email": "accounts.words.forms.AddEmailForm",
    "change_email": "accounts.words.forms.ChangeEmailForm",
    "confirm_email_verification_code": "accounts.words.forms.ConfirmEmailForm",
    "confirm_login_code": "accounts.words.forms.ConfirmLoginForm",
    "reauthenticate": "accounts.words.forms.AskPasswordForm",
    "request_reauthentication_code": "accounts.words.forms.AskForCodeForm",
    "confirm_reauthentication_code": "accounts.words.forms.AskCodeForm",
}

MFA_FORMS = {
    name: f"accounts.second_factor.forms.{form}"
    for name, form in {
        "activate_totp": "ActivateForm",
        "authenticate": "AuthenticateForm",
        "reauthenticate": "ReauthenticateForm",
        "add_webauthn": "AddPasskeyForm",
        "edit_webauthn": "RenamePasskeyForm",
        "authenticate_webauthn": "AuthenticatePasskeyForm",
        "login_webauthn": "SignInPasskeyForm",
        "reauthenticate_webauthn": "ReauthenticatePasskeyForm",
    }.items()
}
