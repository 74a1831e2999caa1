"""Following: what people ask to be told of, with an account or by e-mail alone.

`notifications.targets` has the types of what can be followed, which apps register.

- `actions`: begin and end following, with an account.
- `by_mail`, `links`: an address without an account asks, confirms, sees and ends what it follows.
- `joining`: an account takes over what its confirmed address follows.
- `telling`: tell the followers of an event, in batches.
- `letters`: what writes the mail of an article, as apps register it.
- `listing`: what one follows, with titles.
- `views`, `mail_views`, `buttons`: the pages, and the button on all others.
"""
