"""Mail about notifications: what is sent to whom, when, and how it ends.

An event adds a row to the outbox, in its own transaction. The worker does the rest:

- `outbox`: the writes. Queue a row; plan, claim and record mails; delete old rows.
- `ways`: when a person wants mail about what: a default of each group, and their own choices.
- `schedule`: the moments of daily and weekly mails, in a time zone.
- `planning`: decide what becomes of the due rows of one receiver: sent, postponed, or dropped.
- `receivers`: to whom a row goes, a person or an address without an account, and whether it may.
- `reading`: load what the rows say, at the time of sending, as far as the receiver may read it.
- `composing`: make one mail of rows, with its headers; `wording`: its subject, heading and lines.
- `sending`: the job that sends what is due: claim, send, record.
- `scopes`: what a link in a mail ends or changes, signed; `stopping`: its page.
- `settings`: the page on which a person chooses ways.
- `health`: whether the outbox is stuck.

A row is `waiting` until it is due, then `ready` as a part of a mail, and at last `sent` or
`dropped`. The words of a mail are nowhere stored: they are read when it is sent, so those of a
removed comment are never sent. A worker that dies loses nothing: its mail is claimed again after a
while, under the same Message-ID. Only the one it was sending may arrive twice.

For another kind of mail, such as a newsletter: add rows with `outbox.queue` or `queue_all`, with a
kind and a scope of your own, and register a loader for the kind (`notifications.kinds`).
"""
