"""The limits of the product, each with its reason; the environment can change some of them.

Times are in seconds. Read them as `limits.NAME` at the time of use, so that a test can set them.
Most follow the practice of 14 comment platforms.
"""

from .env import rates, whole_number

# Characters. The shortest answer is "No"; 10,000 are a long essay of a comment.
COMMENT_MIN = whole_number("COMMENT_MIN", 2)
COMMENT_MAX = whole_number("COMMENT_MAX", 10_000)
# Characters; an article of 20,000 words in a language with long words.
POST_MAX = whole_number("POST_MAX", 200_000)

# Levels of replies that are indented; deeper ones are behind a link. More levels would make lines
# shorter than 20 characters, which are hard to read.
INDENT_WIDE = 5
INDENT_PHONE = 3

# What is read in one sitting; the rest follows on the next page.
THREADS_PER_PAGE = whole_number("THREADS_PER_PAGE", 20)
COMMENTS_PER_PAGE = whole_number("COMMENTS_PER_PAGE", 50)
COMMENTS_PER_PAGE_MAX = 100
# Characters of HTML above which a comment is folded, and characters of text shown of it then: a
# minute's reading, with enough left out to be worth the click.
FOLDED_FROM = 2_000
FOLDED_TO = 1_200
# Characters of HTML for the comments of a page, and for one card without its text: with the article
# a first visit stays within 64 kB. Longer comments make a page of fewer. A card takes 895 to 1,012
# (`make bench ARGS="--only weight"`), depending on its depth and the length of its id.
PAGE_BYTES = 49_000
CARD_BYTES = 1_000

# Mistakes are found at once, and a reply must not find its parent changed later.
EDIT_WINDOW = whole_number("EDIT_WINDOW", 15 * 60)
EDIT_SILENT_WINDOW = whole_number("EDIT_SILENT_WINDOW", 5 * 60)
EDIT_SILENT_CHARACTERS = whole_number("EDIT_SILENT_CHARACTERS", 100)
EDIT_HISTORY_WINDOW = whole_number("EDIT_HISTORY_WINDOW", 24 * 60 * 60)

# A newcomer's comments are held until so many were published, as the site profile says: two, since
# spam shows in the first two, and no more than a moderator would still read one by one.
NEWCOMER_COMMENTS, NEWCOMER_COMMENTS_MAX = 2, 50
# Above so many links in a comment that is held, the links are given as the reason.
NEWCOMER_LINKS = whole_number("NEWCOMER_LINKS", 2)

# People who are told that a comment mentions them, and those whom one of a newcomer tells: a
# conversation has few, and calling many together is what spam does.
MENTIONS_TOLD = whole_number("MENTIONS_TOLD", 5)
MENTIONS_TOLD_BY_NEWCOMER = whole_number("MENTIONS_TOLD_BY_NEWCOMER", 2)
# Different handles of a comment that are looked up to be linked: far more than a comment names.
MENTIONS_LINKED = 100
# People who are offered while somebody types a handle: as many as are seen at once on a phone.
PEOPLE_OFFERED = 6

# (comments, seconds): nobody writes replies faster than this.
RATE_NEWCOMER = rates("RATE_NEWCOMER", "1/30,10/86400")
RATE_READER = rates("RATE_READER", "1/5,6/600")

# (reactions, seconds): reading a page of fifty comments takes ten minutes. A reaction that is taken
# back and given again counts twice.
RATE_REACTIONS = rates("RATE_REACTIONS", "60/600")

# (questions, seconds) for names while somebody types: one for each pause, and nobody types so many.
RATE_LOOKUPS = rates("RATE_LOOKUPS", "60/60")

# The same text within this time is a second click, not a second comment.
SAME_COMMENT_WINDOW = whole_number("SAME_COMMENT_WINDOW", 6 * 60)

# Answers. Below 5 a total would identify people, below 20 a percentage would mislead.
TOTALS_DOTS_FROM = 5
TOTALS_BAR_FROM = 20

# Age of a comment at which its reactions are shown: a day, so that early counts do not attract
# more of the same.
TALLY_AFTER = whole_number("TALLY_AFTER", 24 * 60 * 60)

# Comments with other answers that a reader has seen without marking one; of fewer it means nothing.
# Readers who mark as many as is usual (`BRIDGE_BASE_RATE`) are not reminded.
NUDGE_FROM = whole_number("NUDGE_FROM", 3, minimum=1)

# Characters of the reason for a change of mind: a sentence at least, and less than a comment.
CHANGE_WORDS_MIN = 50
CHANGE_WORDS_MAX = 280
# A change of mind is revoked within a day or stays in the history.
CHANGE_REVOKE_WINDOW = whole_number("CHANGE_REVOKE_WINDOW", 24 * 60 * 60)
# A credited person may be on holiday; after two weeks without a response none will come.
CHANGE_UNCONFIRMED_AFTER = whole_number("CHANGE_UNCONFIRMED_AFTER", 14 * 24 * 60 * 60)

# Characters of a closing summary: a paragraph at least, four pages at most, so that it is read
# before it is judged.
CLOSING_MIN = whole_number("CLOSING_MIN", 100)
CLOSING_MAX = whole_number("CLOSING_MAX", 10_000)
# Comments cited for each answer: more would be a list, not a summary.
CLOSING_CITATIONS = whole_number("CLOSING_CITATIONS", 5, minimum=1)

# A visit to a discussion ends when nothing of it was read for so long: what is new stays marked
# while somebody reloads or turns pages, and after a pause for lunch the next visit begins. Days for
# which visits are remembered: a bit more than a year, for somebody who reads once a year.
VISIT_ENDS = whole_number("VISIT_ENDS", 30 * 60, minimum=1)
VISIT_KEPT_DAYS = whole_number("VISIT_KEPT_DAYS", 400, minimum=1)
# New comments that are counted, and found in branches that are cut: of more, the first.
NEWS_COUNTED = 99
# What one account saves for later: five a week for ten years; more would be a store of its own.
SAVED_MOST = whole_number("SAVED_MOST", 2_500, minimum=1)

SESSION_ABSOLUTE = whole_number("SESSION_ABSOLUTE", 90 * 24 * 60 * 60)
SESSION_STAFF = whole_number("SESSION_STAFF", 12 * 60 * 60)

# Characters of the fields beside the text of a comment that is kept for somebody signed out:
# choices, keys, names. Seconds until it is deleted: who signs up does so at once, or not.
KEPT_OTHER_FIELDS = 2_000
KEPT_FOR_NOBODY = 24 * 60 * 60
# Such forms at one time, of 10 kB each at most: half a gigabyte, however many addresses they come
# from. Beyond it, words are given back to be copied.
KEPT_FOR_NOBODY_MOST = whole_number("KEPT_FOR_NOBODY_MOST", 50_000)
# Drafts of an account, one for each form, and characters in all of them: beyond either the oldest
# go. Characters of one that a page saves while it is written: room to cut a comment or a closing
# down to its limit. Seconds until they are deleted: a holiday. Those deleted at a time, so that the
# worker does not stop.
DRAFTS = whole_number("DRAFTS", 200, minimum=1)
DRAFT_CHARACTERS = 2 * max(COMMENT_MAX, CLOSING_MAX) + KEPT_OTHER_FIELDS
DRAFT_CHARACTERS_IN_ALL = 2_000_000
# Characters of the draft of an article: room to cut one that is a quarter too long.
ARTICLE_DRAFT_CHARACTERS = POST_MAX + POST_MAX // 4 + KEPT_OTHER_FIELDS
KEPT_FOR_ACCOUNT = 30 * 24 * 60 * 60
DRAFTS_DELETED = 1_000
# Characters of the address of a kept form: longer than any of ours, and short enough for an index.
KEPT_PATH = 500

# Seconds until an account whose address nobody has confirmed is deleted and its handle free: who
# signs up does so at once, or not. Accounts deleted in a minute, so that the worker does not stop.
SIGN_UP_KEPT = whole_number("SIGN_UP_KEPT", 24 * 60 * 60)
SIGN_UPS_DELETED = 100

# People that one invitation link lets in, at most a large course, and days for which it works: a
# forgotten link does not stay open.
INVITATION_USES_MAX = 500
INVITATION_DAYS_MAX = 365

# Wrong passwords for one account in an hour, above which its password needs a code by mail besides:
# a person forgets which of a few it was, a program tries thousands.
WRONG_PASSWORDS = whole_number("WRONG_PASSWORDS", 20, minimum=1)

# People know each other by their handles: they change seldom, and a former one stays reserved.
HANDLE_CHANGE_DAYS = whole_number("HANDLE_CHANGE_DAYS", 30)
HANDLE_RESERVED_DAYS = whole_number("HANDLE_RESERVED_DAYS", 365)

# Flags by one person in a day: more cannot be the result of careful reading.
FLAGS_PER_DAY = whole_number("FLAGS_PER_DAY", 20)
# Cases a moderator decides in one sitting, and seconds for which undoing a decision is offered.
QUEUE_PAGE = whole_number("QUEUE_PAGE", 25)
UNDO_OFFER = whole_number("UNDO_OFFER", 10 * 60)
# Days. Each suspension is longer than the one before, as in Discourse.
SUSPENSION_LADDER = (1, 3, 7, 30)

# Things that one account or one address follows: more than anybody reads about, and a list of them
# is still one page. Outdated rows deleted in a minute.
FOLLOWED_MAX = whole_number("FOLLOWED_MAX", 500, minimum=1)
FOLLOWS_DELETED = 1_000
# Things that wait for the confirmation of one address: anybody may ask for them.
FOLLOWS_WAITING = 20
# Seconds between a publication and the telling of it: time to take it back.
TELL_AFTER = whole_number("TELL_AFTER", 10 * 60)

# Jobs in the queue. A failed job is retried after 10 seconds, then after twice as long each time,
# up to an hour: sixteen attempts take seven hours, longer than a mail server is down in a night.
JOB_ATTEMPTS = whole_number("JOB_ATTEMPTS", 16, minimum=1)
JOB_FIRST_DELAY = 10
JOB_LONGEST_DELAY = 60 * 60
# A share of the delay, added or subtracted at random: jobs that failed together are not retried
# together.
JOB_JITTER = 0.25
# A worker that has not renewed its lease for a minute counts as dead; it renews it four times in
# that time.
JOB_LEASE = 60
JOB_BEAT = 15
# A job that runs longer hangs; its worker stops renewing the lease.
JOB_LONGEST = 60 * 60
# A job that has been due for this long shows that no worker is running.
JOB_STUCK = 2 * 60
# Days that finished jobs are kept. Failed ones can be retried, but contain the text of a mail.
JOB_DONE_DAYS = whole_number("JOB_DONE_DAYS", 1)
JOB_FAILED_DAYS = whole_number("JOB_FAILED_DAYS", 7)

# Mail about notifications. Seconds for which what happens is gathered into one mail: a conversation
# of a few minutes is one, and what was read in the inbox before then is not sent.
MAIL_GATHERED = whole_number("MAIL_GATHERED", 10 * 60)
# Mails to one person in a day, the daily and the weekly one included, as many platforms do it.
MAILS_PER_DAY = whole_number("MAILS_PER_DAY", 20, minimum=3)
# The hour at which daily and weekly mails are sent, where the person is: before work.
MAIL_HOUR = whole_number("MAIL_HOUR", 8)
# Seconds after which a worker that began to send a mail counts as dead: longer than a slow server
# takes, since another worker then sends it again.
MAIL_LEASE = 3 * 60
# Seconds for which a mail may be due before the outbox counts as stuck: a mail server that is down
# for ten minutes is no fault of ours.
MAIL_STUCK = 15 * 60
# Days that the outbox keeps what was sent, or why not. An event is not sent again within them.
MAIL_RECORD_DAYS = whole_number("MAIL_RECORD_DAYS", 30, minimum=8)

# The mail of articles pauses when, in a week, one of these is passed: complaints and addresses that
# do not exist, in a thousand mails. Large providers put a sender's mail in the spam folder from 3
# complaints on. Fewer mails or events than these say nothing about the rest.
PAUSE_MAILS = whole_number("PAUSE_MAILS", 200, minimum=1)
PAUSE_EVENTS = whole_number("PAUSE_EVENTS", 5, minimum=1)
PAUSE_COMPLAINTS = whole_number("PAUSE_COMPLAINTS", 3)
PAUSE_BOUNCES = whole_number("PAUSE_BOUNCES", 50)

# Rows and bytes of a list of subscribers that is imported at once: the list of most publications,
# and below what a form may have (`DATA_UPLOAD_MAX_MEMORY_SIZE`).
SUBSCRIBER_ROWS = whole_number("SUBSCRIBER_ROWS", 10_000, minimum=1)
SUBSCRIBER_BYTES = whole_number("SUBSCRIBER_BYTES", 1_900_000, minimum=1)

# Characters of the site profile. The name stands in the masthead of a phone, the tagline in one
# line below it, and search engines cut descriptions after 160.
SITE_NAME_MAX, SITE_TAGLINE_MAX, SITE_DESCRIPTION_MAX = 60, 120, 300

# Bytes of an uploaded picture: a photograph for a screen has half as many.
PICTURE_BYTES = whole_number("PICTURE_BYTES", 1_900_000, minimum=1)
# Pixels of a side, and of the whole: more than any screen shows, and 100 MB while it is decoded.
PICTURE_SIDE = whole_number("PICTURE_SIDE", 10_000, minimum=1)
PICTURE_PIXELS = whole_number("PICTURE_PIXELS", 25_000_000, minimum=1)
# Pixels of a side of an icon: those of the largest that a phone shows without enlarging it.
ICON_LEAST = 180
# Bytes of a whole form with pictures: two of them, and the longest text. The proxy takes 8 MiB.
UPLOAD_BYTES = whole_number("UPLOAD_BYTES", 6_000_000, minimum=1)
# Bytes of one account's pictures that no saved text shows: a long article with 30 photographs of
# 3 MB as they are stored. Without it one account could fill the disk, 60 pictures an hour.
PICTURES_UNUSED_BYTES = whole_number("PICTURES_UNUSED_BYTES", 100_000_000, minimum=1)
# Seconds that a stored picture is kept which nothing uses: a form is sent again within a day.
PICTURE_KEPT = whole_number("PICTURE_KEPT", 24 * 60 * 60)
# The same for a picture of an article: a day longer than the draft in which it may stand.
ARTICLE_PICTURE_KEPT = KEPT_FOR_ACCOUNT + 24 * 60 * 60
