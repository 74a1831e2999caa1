"""The kinds of notifications that discussions cause; `comments.me.inbox` loads their contents."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from notifications.kinds import Group, NotificationKind, Way, register
from posts.notifications import FOLLOWED

REPLIES = Group(
    "replies",
    _("Replies and mentions"),
    Way.SOON,
    reason=_("You get this because somebody replied to you or mentioned you."),
    count=ngettext_lazy("%(count)d reply or mention", "%(count)d replies and mentions", "count"),
    act=_("Read and reply"),
)
DECISIONS = Group(
    "decisions",
    _("Decisions about what I wrote"),
    Way.SOON,
    about_oneself=True,
    reason=_("You get this because a moderator decided about something you wrote."),
    count=ngettext_lazy("%(count)d decision", "%(count)d decisions", "count"),
)
MINDS = Group(
    "minds",
    _("Changes of mind"),
    hint=_(
        "When your comment changed somebody’s mind, and when a writer who changed yours says "
        "whether you understood them"
    ),
    reason=_("You get this because it is about a change of mind, yours or after your comment."),
)
SUMMARIES = Group(
    "summaries",
    _("Summaries and best reasons"),
    hint=_(
        "When a summary quotes you or asks you to judge it. A best reason is a comment that makes "
        "the case for an answer that is not its writer’s."
    ),
    reason=_("You get this because it is about a discussion you took part in."),
)
ACCOUNT = Group(
    "account",
    _("My account"),
    Way.SOON,
    about_oneself=True,
    hint=_("Roles, suspensions, your name"),
    reason=_("You get this because it is about your account."),
)

# The types of targets. A comment of somebody else; one's own, in moderators' decisions; a change of
# mind; a closing and a best reason, which are judged; a sealed answer; a suspension and a hidden
# name, by person; a role that was granted, by decision.
_COMMENT, _OWN, _CHANGE = "comment", "own_comment", "change"
_CLOSING, _STEELMAN, _SEALED = "closing", "steelman", "sealed_answer"
_SUSPENSION, _ROLE, _NAME = "suspension", "role", "name"

# Somebody answered, or wrote their handle; the subject is the reply or comment. Who is told of a
# reply need not be told that it names them, so a reply is the stronger reason.
REPLY = NotificationKind("reply", REPLIES, _COMMENT, strength=2, label=_("Replies to me"))
MENTION = NotificationKind("mention", REPLIES, _COMMENT, strength=1, label=_("Mentions of me"))

# A comment where one follows the thread, the answer or the article; it is the subject. Weaker than
# a reply to oneself.
THREAD_REPLY = NotificationKind(
    "thread_reply", FOLLOWED, _COMMENT, strength=-1, label=_("Comments in a thread")
)
ANSWER_COMMENT = NotificationKind(
    "answer_comment", FOLLOWED, _COMMENT, strength=-2, label=_("Comments with an answer")
)
POST_COMMENT = NotificationKind(
    "post_comment", FOLLOWED, _COMMENT, strength=-3, label=_("Comments on an article")
)

# What a moderator decided about one's comment; the subject is the decision.
APPROVED = NotificationKind("approved", DECISIONS, _OWN)
HELD_AGAIN = NotificationKind("held_again", DECISIONS, _OWN)
REMOVED = NotificationKind("removed", DECISIONS, _OWN)
RESTORED = NotificationKind("restored", DECISIONS, _OWN)
RETAGGED = NotificationKind("retagged", DECISIONS, _OWN)
MOVED = NotificationKind("moved", DECISIONS, _OWN)
# The same about what one said changed one's mind.
CREDIT_REMOVED = NotificationKind("credit_removed", DECISIONS, _CHANGE, strength=1)
CREDIT_RESTORED = NotificationKind("credit_restored", DECISIONS, _CHANGE, strength=1)

# A change of mind: one that credits the person, or the answer to their own; it is the subject.
CREDIT = NotificationKind("credit", MINDS, _CHANGE, label=_("I changed how somebody sees it"))
CONFIRMED = NotificationKind("confirmed", MINDS, _CHANGE, label=_("I understood their point"))
DISPUTED = NotificationKind("disputed", MINDS, _CHANGE, label=_("They meant something else"))

# A closing has a newer version than the one they judged, which is the subject; or it cites a
# comment that was edited, whose revision is the subject.
CLOSING_CHANGED = NotificationKind(
    "closing_changed",
    SUMMARIES,
    _CLOSING,
    strength=2,
    label=_("A summary that I judged has changed"),
    act=_("Read it again"),
)
CLOSING_DROPPED = NotificationKind(
    "closing_dropped",
    SUMMARIES,
    _CLOSING,
    strength=2,
    label=_("A comment in a summary that I judged has changed"),
    act=_("Read it again"),
)
# A closing cites them, or waits for the verdict of everybody who gives one of its answers.
CITED = NotificationKind("cited", SUMMARIES, _CLOSING, strength=1, label=_("A summary quotes me"))
CLOSING_WAITS = NotificationKind(
    "closing_waits",
    SUMMARIES,
    _CLOSING,
    label=_("A summary waits for me to judge it"),
    act=_("Say whether it is fair"),
)
# A best reason they judged was edited, the subject is the revision; or theirs is called fair.
VERDICT_DROPPED = NotificationKind(
    "verdict_dropped",
    SUMMARIES,
    _STEELMAN,
    label=_("A best reason that I judged has changed"),
    act=_("Read it again"),
)
JUDGED_FAIR = NotificationKind(
    "judged_fair", SUMMARIES, _STEELMAN, label=_("My best reason is called fair")
)
# Their sealed answer was opened, which is the subject.
UNSEALED = NotificationKind("unsealed", SUMMARIES, _SEALED, label=_("My sealed answer is open"))

# The subject is the decision.
SUSPENDED = NotificationKind("suspended", ACCOUNT, _SUSPENSION, act=_("Read the rules"))
SUSPENSION_ENDED = NotificationKind(
    "suspension_ended", ACCOUNT, _SUSPENSION, act=_("Go back to reading")
)
ROLE_GRANTED = NotificationKind("role_granted", ACCOUNT, _ROLE, act=_("Open your new pages"))
# Their name is hidden, as it looks like a role-holder's; the subject is the decision on that role.
NAME_HIDDEN = NotificationKind("name_hidden", ACCOUNT, _NAME, act=_("Choose another name"))

register(
    *(REPLY, MENTION, THREAD_REPLY, ANSWER_COMMENT, POST_COMMENT),
    *(APPROVED, HELD_AGAIN, REMOVED, RESTORED, RETAGGED, MOVED),
    *(CREDIT_REMOVED, CREDIT_RESTORED, CREDIT, CONFIRMED, DISPUTED),
    *(CLOSING_CHANGED, CLOSING_DROPPED, CITED, CLOSING_WAITS),
    *(VERDICT_DROPPED, JUDGED_FAIR, UNSEALED),
    *(SUSPENDED, SUSPENSION_ENDED, ROLE_GRANTED, NAME_HIDDEN),
)
