"""How often things may be asked for: by address of the network, by receiver and by account."""

from core import env

# By IP address, never by account: guessing a person's password must not lock them out.
SIGN_IN_RATE = env.text("SIGN_IN_RATE", "6/m/ip,30/h/ip")
# By receiver, for all forms together: nobody fills the mailbox of somebody else. Each mail has a
# code, which gives three guesses more.
MAIL_RATE = "3/m/key,20/h/key"
ACCOUNT_RATE_LIMITS = {
    "login": SIGN_IN_RATE,
    "login_failed": SIGN_IN_RATE,
    # Higher: signing up may take several attempts at a handle.
    "signup": "20/m/ip,60/h/ip",
    # Every request sends a mail, so each receiver has a limit as well.
    "request_login_code": f"{SIGN_IN_RATE},{MAIL_RATE}",
    "reset_password": f"{SIGN_IN_RATE},{MAIL_RATE}",
    # A form sent twice at once mails two codes, each for the page it was sent from.
    "confirm_email": MAIL_RATE,
    # For each code: the session counts as well, but requests at the same moment read one count.
    "mailed_code": "3/h/key",
    # What is kept until somebody signs in: of people signed out by address, of accounts by account.
    "kept_form": "10/h/ip",
    "kept_form_of_account": "60/h/key",
    # By address of the network; what is mailed to one receiver, `by_mail` limits besides.
    "follow_by_mail": "10/m/ip,60/h/ip",
    "newsletter_test": "5/h/user",
    # By mailbox, whatever is added to its name: a person tries two of their addresses, no more.
    "mailbox": "3/d/key",
    # A page saves a draft 5 seconds after a change; somebody may write in several.
    "draft": "60/m/key",
    "picture": "60/h/user",
    # Each of these may send mail to the owner, whose mailbox a stolen session must not flood.
    "reauthenticate": "10/m/user,60/h/user",
    "manage_email": "10/m/user,20/h/user",
    "change_password": "5/m/user,10/h/user",
    # By account: of a million codes three are right, and each has to know the password first.
    "second_factor": "5/m/key,20/h/key",
}
