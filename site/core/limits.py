"""The numbers of the product, each with its reason. The environment may set others.

Times are in seconds. Look them up as `limits.NAME` when they are needed, so that a test can set
them. The sources of most are the practices of 14 comment platforms.
"""

from .env import rates, whole_number

# Two characters are the shortest answer there is ("No"); 10,000 is a long essay of a comment.
COMMENT_MIN = whole_number("COMMENT_MIN", 2)
COMMENT_MAX = whole_number("COMMENT_MAX", 10_000)
# An article of 20,000 words in the longest of languages.
POST_MAX = whole_number("POST_MAX", 200_000)

# Lines shorter than 20 characters are hard to read: so many levels are indented, then a link.
INDENT_WIDE = 5
INDENT_PHONE = 3

# A page is read in one sitting; more is a link away.
THREADS_PER_PAGE = whole_number("THREADS_PER_PAGE", 20)
COMMENTS_PER_PAGE = whole_number("COMMENTS_PER_PAGE", 50)
COMMENTS_PER_PAGE_MAX = 100
# Characters of HTML from which a comment is folded, and of the text it then begins with: a minute
# to read, and never so much that what is left out is hardly worth the press.
FOLDED_FROM = 2_000
FOLDED_TO = 1_200
# Characters of the comments of a page, and of one without its text: with the article around them a
# first visit stays within 64 kB of HTML. Longer comments make a page of fewer. A card takes 895 to
# 1,012 (`make bench ARGS="--only weight"`), the more the deeper it stands and the longer its id is.
PAGE_BYTES = 49_000
CARD_BYTES = 1_000

# Slips are found at once; who answers must be able to trust what they answered.
EDIT_WINDOW = whole_number("EDIT_WINDOW", 15 * 60)
EDIT_SILENT_WINDOW = whole_number("EDIT_SILENT_WINDOW", 5 * 60)
EDIT_SILENT_CHARACTERS = whole_number("EDIT_SILENT_CHARACTERS", 100)
EDIT_HISTORY_WINDOW = whole_number("EDIT_HISTORY_WINDOW", 24 * 60 * 60)

# Spam shows itself in the first two comments. 0 turns holding off.
NEWCOMER_COMMENTS = whole_number("NEWCOMER_COMMENTS", 2)
NEWCOMER_LINKS = whole_number("NEWCOMER_LINKS", 2)

# (comments, seconds): nobody thinks, types and answers faster than this.
RATE_NEWCOMER = rates("RATE_NEWCOMER", "1/30,10/86400")
RATE_READER = rates("RATE_READER", "1/5,6/600")

# Reading a page of fifty comments takes ten minutes; whoever presses more than sixty reads none.
# What was taken back and pressed again counts again.
RATE_REACTIONS = rates("RATE_REACTIONS", "60/600")

# The same words again within this time are a second click, not a second comment.
SAME_COMMENT_WINDOW = whole_number("SAME_COMMENT_WINDOW", 6 * 60)

# Below 5 answers a total names people; below 20 a percentage lies.
TOTALS_DOTS_FROM = 5
TOTALS_BAR_FROM = 20

# A day, so that nobody presses what many have pressed because many have pressed it.
TALLY_AFTER = whole_number("TALLY_AFTER", 24 * 60 * 60)

# Of fewer comments from other answers it says nothing that a reader marked none. Whoever marks as
# many as readers usually do (`BRIDGE_BASE_RATE`) is not reminded at all.
NUDGE_FROM = whole_number("NUDGE_FROM", 3, minimum=1)

# What moved somebody, in their own words: a sentence at least, and no second comment.
CHANGE_WORDS_MIN = 50
CHANGE_WORDS_MAX = 280
# Second thoughts come within a day; after that it has become history.
CHANGE_REVOKE_WINDOW = whole_number("CHANGE_REVOKE_WINDOW", 24 * 60 * 60)
# Who is credited may be away for a holiday; whoever says nothing for two weeks will not.
CHANGE_UNCONFIRMED_AFTER = whole_number("CHANGE_UNCONFIRMED_AFTER", 14 * 24 * 60 * 60)

# A closing summary: a paragraph at least, four pages at most, or nobody reads it before judging it.
CLOSING_MIN = whole_number("CLOSING_MIN", 100)
CLOSING_MAX = whole_number("CLOSING_MAX", 10_000)
# Comments cited for each answer: more is a list, no summary.
CLOSING_CITATIONS = whole_number("CLOSING_CITATIONS", 5, minimum=1)

SESSION_ABSOLUTE = whole_number("SESSION_ABSOLUTE", 90 * 24 * 60 * 60)
SESSION_STAFF = whole_number("SESSION_STAFF", 12 * 60 * 60)

# Handles are how people know each other; changing them is rare, taking them over never quick.
HANDLE_CHANGE_DAYS = whole_number("HANDLE_CHANGE_DAYS", 30)
HANDLE_RESERVED_DAYS = whole_number("HANDLE_RESERVED_DAYS", 365)

# Who reports more in a day than anyone can read with care is better off writing to us.
FLAGS_PER_DAY = whole_number("FLAGS_PER_DAY", 20)
# What a moderator decides in one sitting, and how long the way back stays in sight (seconds).
QUEUE_PAGE = whole_number("QUEUE_PAGE", 25)
UNDO_OFFER = whole_number("UNDO_OFFER", 10 * 60)
# Each suspension is longer than the one before: the ladder of Discourse, in days.
SUSPENSION_LADDER = (1, 3, 7, 30)

# Work that waits in the queue. A failed job is tried again after 10 seconds, then after twice as
# long each time, up to an hour: sixteen attempts outlast a mail server's bad night (seven hours).
JOB_ATTEMPTS = whole_number("JOB_ATTEMPTS", 16, minimum=1)
JOB_FIRST_DELAY = 10
JOB_LONGEST_DELAY = 60 * 60
# A quarter earlier or later, so that what failed together does not come back together.
JOB_JITTER = 0.25
# A worker that has said nothing for a minute is dead; it says something four times as often.
JOB_LEASE = 60
JOB_BEAT = 15
# Whatever runs longer than this hangs: its worker stops speaking for it.
JOB_LONGEST = 60 * 60
# A job that has been due this long means that nobody does the work.
JOB_STUCK = 2 * 60
# Days. Failed jobs wait for somebody to try them again, but they hold the text of a mail.
JOB_DONE_DAYS = whole_number("JOB_DONE_DAYS", 1)
JOB_FAILED_DAYS = whole_number("JOB_FAILED_DAYS", 7)
