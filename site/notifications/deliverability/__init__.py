"""What becomes of sent mail: bounces and complaints, and the pause of articles that they cause.

- `models`: events, mails counted by day, and pauses.
- `events`: record a hard bounce or a complaint, which stops the address, and count sent mails.
- `providers`: whose webhooks tell of them; `webhooks`: read such a one, with django-anymail.
- `figures`: what became of the mails of the last days, and whether that is too bad to go on.
- `pausing`: whether articles are paused; everything that sends them asks.
- `actions`: pause and go on, by hand or by the figures; admins are notified.
- `kinds`: the notification that tells them.
- `health`: the line at `/readyz`, and a check of `manage.py check`.
- `views`: the page of the admins, and the address of the webhooks.
"""
