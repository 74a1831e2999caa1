"""The constants of common ground, each with its reason. The environment may set others.

They are design choices, modelled on Polis, on Community Notes and on what is known of attacks on
both; none is tuned on data. Times are in seconds. Read them as `constants.NAME` when they are
needed, so that a test can set them.
"""

from core.env import real_number, whole_number

HOUR = 60 * 60
DAY = 24 * HOUR

# How many readers' worth of the usual an estimate begins with: of four readers the first says
# something and does not decide. With 2, and a base rate of a half, it would be Polis' own estimate.
PRIOR_READERS = whole_number("BRIDGE_PRIOR_READERS", 4, minimum=1)
# No answer's readers count for more than three times their usual, either way: with three answers
# one enthusiastic side moves a comment by 1.44 at most.
MOST_RATIO = real_number("BRIDGE_MOST_RATIO", 3.0, minimum=1.01)
# How readily readers of one answer press is learned from them; until twenty of them have had a
# chance, from this guess. Reactions that mean respect run at 10 to 30 in a hundred.
BASE_RATE = real_number("BRIDGE_BASE_RATE", 0.15, minimum=0.01)
BASE_READERS = whole_number("BRIDGE_BASE_READERS", 20, minimum=1)
# A side that presses nothing, or everything, tells nothing: ratios stay finite.
LOWEST_RATE, HIGHEST_RATE = 0.02, 0.90

# An answer speaks once five of its readers had a chance; for fewer, one of them decides.
LIVE_READERS = whole_number("BRIDGE_LIVE_READERS", 5, minimum=1)

# The badge. One other side of eight readers, or two that share them: below, chance gives it away.
BADGE_OTHER_READERS = whole_number("BRIDGE_BADGE_OTHER_READERS", 8, minimum=1)
# One approval on a side is a friend.
BADGE_APPROVALS = whole_number("BRIDGE_BADGE_APPROVALS", 2, minimum=1)
# The evidence that readers of other answers like a comment more than usual, as a ratio of
# likelihoods: by chance alone it ever reaches 12 in one case of twelve at most, and with careful
# rates in one of fifty. It is lost once the evidence is for the usual.
BADGE_EVIDENCE = real_number("BRIDGE_BADGE_EVIDENCE", 12.0, minimum=1.0)
BADGE_KEPT_FROM = 1.0
# "More than usual" is any rate from the usual one to three times that, as far as lift counts;
# nearly everybody at most.
FAVOUR_TIMES, FAVOUR_TOP = 3.0, 0.95
# The largest evidence that is stored: beyond a million all are alike.
EVIDENCE_MOST = 1_000_000.0
# The ends of an interval of 80 %: what Reddit has ranked comments by for years.
BADGE_Z = 1.2816
# Chance alone gives it to one typical comment in fifty, so of three hundred to six; the best three
# have it.
BADGES_MOST = whole_number("BRIDGE_BADGES_MOST", 3)
# Accounts younger than this may not be more than half of the approval of a side with a badge.
YOUNG_ACCOUNT = whole_number("BRIDGE_YOUNG_ACCOUNT", 7 * DAY)
YOUNG_SHARE = 0.5

# "Speaks for": an answer's readers press it more than they usually do, and more than others do,
# each with 90 % certainty (one-sided, as in Polis), and at least three of them.
SPEAKS_Z = 1.2816
SPEAKS_APPROVALS = 3
# "Divides readers": half as much again on one side, two thirds or less on another.
DIVISIVE_HIGH, DIVISIVE_LOW = 1.5, 0.67

# A best reason for an answer its writer does not hold is "fair" once five who hold that answer have
# judged it, the number from which an answer speaks at all, and surely half of all who hold it would
# call it so: the lower end of an interval of 80 %. Four of five are enough, three are not.
FAIR_JUDGES = whole_number("BRIDGE_FAIR_JUDGES", 5, minimum=1)
FAIR_SURELY = real_number("BRIDGE_FAIR_SURELY", 0.50, minimum=0.01)
FAIR_Z = 1.2816

# Who counts. An answer has to have stood for a day before a reaction counts under it, or to be the
# reader's first and older than the comment; an account has to be three days old, or to have
# published a comment.
SETTLED_AFTER = whole_number("BRIDGE_SETTLED_AFTER", DAY)
ACCOUNT_AGE = whole_number("BRIDGE_ACCOUNT_AGE", 3 * DAY)
# For the badge, a switch to another answer has to have stood for a week, and the reader who is back
# by then never left: else readers who want a badge switch sides for a day.
SWITCHED_AFTER = whole_number("BRIDGE_SWITCHED_AFTER", 7 * DAY)
# So many reactions of one reader for one writer under one article count, the earliest.
REACTIONS_PER_WRITER = whole_number("BRIDGE_REACTIONS_PER_WRITER", 3, minimum=1)
# Accounts with at least so many reactions here that agree so far (Jaccard) count as one, if chance
# brings about any such pair among all in less than one discussion of a thousand. However popular a
# comment is, some readers do not press it.
CLUSTER_REACTIONS = 5
CLUSTER_AGREEMENT = 0.8
CLUSTER_CHANCE = 0.001
CLUSTER_CHANCE_MOST = 0.98

# The strongest case for an answer is called so once so many of its own readers approve of it, of
# those with a chance as many as make it live: one approval is a friend. Until then it is "a case".
CASE_APPROVALS = whole_number("BRIDGE_CASE_APPROVALS", 2, minimum=1)

# The first screen. The chance of a comment nobody has read, against one that many have, is 9 to 1,
# and halves towards 1 with every five who had a chance to read it (Polis).
UNHEARD_WEIGHT = 8.0
UNHEARD_HALVES_AFTER = 5.0
# What one sees first.
FIRST_SCREEN = 5

# A closing summary is final once so many readers of every live answer have judged it: one is a
# friend, two are a quarrel. And of them most find it fair: with one more of both kinds added
# (Laplace), two of three are just enough, and two of four are not.
CLOSING_JUDGES = whole_number("CLOSING_JUDGES", 3, minimum=1)
CLOSING_FAIR = real_number("CLOSING_FAIR", 0.6, minimum=0.01)
