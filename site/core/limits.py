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

# A person's comments are held until so many were published, since spam shows in the first two (0
# holds none); above so many links, the links are given as the reason.
NEWCOMER_COMMENTS = whole_number("NEWCOMER_COMMENTS", 2)
NEWCOMER_LINKS = whole_number("NEWCOMER_LINKS", 2)

# (comments, seconds): nobody writes replies faster than this.
RATE_NEWCOMER = rates("RATE_NEWCOMER", "1/30,10/86400")
RATE_READER = rates("RATE_READER", "1/5,6/600")

# (reactions, seconds): reading a page of fifty comments takes ten minutes. A reaction that is taken
# back and given again counts twice.
RATE_REACTIONS = rates("RATE_REACTIONS", "60/600")

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

SESSION_ABSOLUTE = whole_number("SESSION_ABSOLUTE", 90 * 24 * 60 * 60)
SESSION_STAFF = whole_number("SESSION_STAFF", 12 * 60 * 60)

# Characters of the fields beside the text of a comment that is kept for somebody signed out:
# choices, keys, names. Seconds until it is deleted: who signs up does so at once, or not.
KEPT_OTHER_FIELDS = 2_000
KEPT_FOR_NOBODY = 24 * 60 * 60
# Forms kept for an account whose session ended, the newest of each page, and seconds until they are
# deleted: a holiday.
KEPT_FORMS = 5
KEPT_FOR_ACCOUNT = 30 * 24 * 60 * 60

# Seconds until an account whose address nobody has confirmed is deleted and its handle free: who
# signs up does so at once, or not. Accounts deleted in a minute, so that the worker does not stop.
SIGN_UP_KEPT = whole_number("SIGN_UP_KEPT", 24 * 60 * 60)
SIGN_UPS_DELETED = 100

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

# Characters of the site profile. The name stands in the masthead of a phone, the tagline in one
# line below it, and search engines cut descriptions after 160.
SITE_NAME_MAX, SITE_TAGLINE_MAX, SITE_DESCRIPTION_MAX = 60, 120, 300

# Bytes of an uploaded picture: within what a form may send (`DATA_UPLOAD_MAX_MEMORY_SIZE`), with
# room for its other fields.
PICTURE_BYTES = whole_number("PICTURE_BYTES", 1_900_000, minimum=1)
# Pixels of a side, and of the whole: more than any screen shows, and 100 MB while it is decoded.
PICTURE_SIDE = whole_number("PICTURE_SIDE", 10_000, minimum=1)
PICTURE_PIXELS = whole_number("PICTURE_PIXELS", 25_000_000, minimum=1)
