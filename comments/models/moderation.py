"""Readers' flags, the moderation log, and moderators' notes."""

from hashlib import sha256
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.models import Post


def text_hash(text: str) -> str:
    """Return the SHA-256 of `text`, as 64 hexadecimal digits: the log names texts by it."""
    return sha256(text.encode()).hexdigest()


# Characters of a sentence to readers: enough to say something, and to be read in passing.
SENTENCE_SHORTEST, SENTENCE_LONGEST = 10, 200


class Reason(models.TextChoices):
    """Reasons for flagging or removing what somebody wrote; labels follow "it".

    Older rows of the log have them as reasons for suspending a person, too.
    """

    ATTACK = "attack", _("attacks a person, not an argument")
    HARASSMENT = "harassment", _("harasses somebody")
    HATE = "hate", _("attacks people for who they are")
    SPAM = "spam", _("is spam or advertising")
    OFF_TOPIC = "off_topic", _("is off topic")
    PRIVATE = "private", _("shares private information")
    ILLEGAL = "illegal", _("is against the law")
    OTHER = "other", _("does not belong here for another reason")


class PersonReason(models.TextChoices):
    """Reasons for suspending or banning a person; labels follow "they" and "you"."""

    ATTACKS = "attacks", _("attacked people again and again, not arguments")
    HARASSING = "harassing", _("harassed somebody")
    HATEFUL = "hateful", _("spread hate against people for who they are")
    ADVERTISING = "advertising", _("came to advertise")
    DISRUPTING = "disrupting", _("kept disrupting discussions")
    DECEIVING = "deceiving", _("pretended to be somebody else, or several people")
    EXPOSING = "exposing", _("shared private information about others")
    UNLAWFUL = "unlawful", _("broke the law")
    OTHER_CONDUCT = "other_conduct", _("did something else that has no place here")


class ThreadReason(models.TextChoices):
    """Reasons for locking a thread; labels follow "it"."""

    HEATED = "heated", _("has become a quarrel")
    CIRCLING = "circling", _("repeats what has been said")
    STRAYED = "strayed", _("is no longer about the article’s question")
    BESIEGED = "besieged", _("attracts spam or attacks from outside")
    REVIEWED = "reviewed", _("is being looked at by the moderators")
    OTHER_THREAD = "other_thread", _("needs a pause for another reason")


class DiscussionReason(models.TextChoices):
    """Reasons for closing a discussion; labels follow "it". Most are those for locking a thread."""

    SUMMED_UP = "summed_up", _("has been summed up")
    FINISHED = "finished", _("has run its course")
    HEATED = ThreadReason.HEATED.value, ThreadReason.HEATED.label
    CIRCLING = ThreadReason.CIRCLING.value, ThreadReason.CIRCLING.label
    STRAYED = ThreadReason.STRAYED.value, ThreadReason.STRAYED.label
    BESIEGED = ThreadReason.BESIEGED.value, ThreadReason.BESIEGED.label
    REVIEWED = ThreadReason.REVIEWED.value, ThreadReason.REVIEWED.label
    OTHER_THREAD = ThreadReason.OTHER_THREAD.value, ThreadReason.OTHER_THREAD.label


class EndReason(models.TextChoices):
    """Reasons for ending a lock, a closure or a suspension; labels are clauses after "because"."""

    MISTAKE = "mistake", _("it was a mistake")
    SETTLED = "settled", _("the problem is solved")
    APPEALED = "appealed", _("they asked us to look again, and were right")
    OTHER_END = "other_end", _("there is another reason")
    # Nobody chooses this: it is what an undo says.
    UNDONE = "undone", _("it was undone")


# The reasons that say nothing without words of one's own.
UNEXPLAINED = frozenset(
    {
        Reason.OTHER,
        PersonReason.OTHER_CONDUCT,
        ThreadReason.OTHER_THREAD,
        EndReason.OTHER_END,
    }
)


class Action(models.TextChoices):
    """Actions of moderators and admins."""

    APPROVE = "approve", _("approved")
    REMOVE = "remove", _("removed")
    REMOVE_BRANCH = "remove_branch", _("removed with all replies to it")
    RESTORE = "restore", _("restored")
    DISMISS = "dismiss", _("dismissed reports")
    REOPEN = "reopen", _("put back in the queue")
    LOCK = "lock", _("locked a thread")
    UNLOCK = "unlock", _("unlocked a thread")
    CLOSE = "close", _("closed a discussion")
    OPEN = "open", _("opened a discussion again")
    DETACH = "detach", _("made a thread of its own")
    RETAG = "retag", _("changed the answer")
    REMOVE_CHANGE = "remove_change", _("removed a change of mind")
    RESTORE_CHANGE = "restore_change", _("restored a change of mind")
    SUSPEND = "suspend", _("suspended")
    BAN = "ban", _("banned")
    LIFT = "lift", _("lifted a suspension")
    ADMIT = "admit", _("approved an account")
    DECLINE = "decline", _("declined an account")
    GRANT = "grant", _("granted a role")
    REVOKE = "revoke", _("revoked a role")


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Queries of the moderation log."""

    def whole(self) -> "DecisionQuerySet":
        """Return the decisions that moderators made, without their parts about single replies."""
        return self.filter(part_of__isnull=True)


class Decision(models.Model):
    """One row of the moderation log: codes, states and hashes, no free text about people.

    The database refuses UPDATE, DELETE and TRUNCATE (`comments.db_triggers`).
    """

    action = models.CharField(max_length=16, choices=Action.choices)
    # Null for a role granted or revoked on the command line, where nobody is signed in.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    comment = models.ForeignKey(
        "comments.Comment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    change = models.ForeignKey(
        "comments.ChangeOfMind",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions_about",
    )
    # The article whose whole discussion was decided about.
    post = models.ForeignKey(
        Post, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    # A code of the enumeration for its subject; the states are codes, too (`moderation.states`).
    reason = models.CharField(max_length=32, blank=True)
    state_before = models.CharField(max_length=32, blank=True)
    state_after = models.CharField(max_length=32, blank=True)
    body_sha256 = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    # For a row about one reply: the decision about the whole branch.
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    decided_at = models.DateTimeField(default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="decision_known",
                condition=Q(action__in=[value for value, _label in Action.choices]),
            ),
            models.CheckConstraint(
                name="decision_about_something",
                condition=Q(comment__isnull=False)
                | Q(person__isnull=False)
                | Q(change__isnull=False)
                | Q(post__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_on_discussion_has_post",
                condition=Q(action__in=["close", "open"], post__isnull=False)
                | ~Q(action__in=["close", "open"]) & Q(post__isnull=True),
            ),
            models.CheckConstraint(
                name="decision_removal_has_reason",
                condition=~Q(
                    action__in=[
                        *("remove", "remove_branch", "remove_change"),
                        *("suspend", "ban", "close"),
                    ]
                )
                | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="decision_by_somebody",
                condition=Q(by__isnull=False) | Q(action__in=["grant", "revoke"]),
            ),
            # Locks logged before they had reasons have the state of the comment.
            models.CheckConstraint(
                name="decision_lock_has_reason",
                condition=~Q(action="lock", state_after="locked") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="decision_part_is_about_comment",
                condition=Q(part_of__isnull=True)
                | Q(comment__isnull=False, action__in=["remove", "restore"]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["by", "id"], condition=Q(part_of__isnull=True), name="decision_own"
            ),
            models.Index(fields=["id"], condition=Q(part_of__isnull=True), name="decision_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.by_id or 'the command line'}"


class DecisionNote(models.Model):
    """A moderator's note to the person concerned; a table of its own, so that it can be erased."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="note")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text


class SentenceToReaders(models.Model):
    """Why a discussion was closed or a thread locked for "another reason", as readers read it."""

    decision = models.OneToOneField(
        Decision, on_delete=models.CASCADE, related_name="sentence_to_readers"
    )
    text = models.CharField(max_length=SENTENCE_LONGEST)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="sentence_to_readers_says_something", condition=~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return self.text


class FlagQuerySet(models.QuerySet["Flag"]):
    """Queries of flags."""

    def open(self) -> "FlagQuerySet":
        """Return the flags without a decision."""
        return self.filter(decision__isnull=True)

    def with_records(self) -> "FlagQuerySet":
        """Return the flags with how many other comments each reporter reported.

        `others_reported` counts all, `others_removed` those removed for it, `others_waiting` those
        without a decision yet. Of several reports of a comment the last one counts.
        """
        later = Flag.objects.filter(
            reporter=OuterRef("reporter"), comment=OuterRef("comment"), pk__gt=OuterRef("pk")
        )
        others = Flag.objects.filter(~Exists(later), reporter=OuterRef("reporter")).exclude(
            comment=OuterRef("comment")
        )
        removed = others.filter(decision__action__in=[Action.REMOVE, Action.REMOVE_BRANCH])
        return self.annotate(
            others_reported=_counted(others),
            others_removed=_counted(removed),
            others_waiting=_counted(others.open()),
        )


def _counted(flags: models.QuerySet["Flag"]) -> Coalesce:
    """Return the number of `flags`, all by one reporter, as a column."""
    numbers = flags.order_by().values("reporter").annotate(number=Count("pk"))
    return Coalesce(Subquery(numbers.values("number")), 0)


class Flag(models.Model):
    """A reader's report of a comment, open until a moderator decides."""

    comment = models.ForeignKey("comments.Comment", on_delete=models.PROTECT, related_name="flags")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="flags"
    )
    reason = models.CharField(max_length=32, choices=Reason.choices)
    note = models.TextField(blank=True)
    # The number of the text that the reporter read: that of its revision, once it is replaced.
    text_number = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(default=timezone.now)
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="flags"
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment", "reporter"],
                condition=Q(decision__isnull=True),
                name="flag_once_while_open",
            ),
            models.CheckConstraint(
                name="flag_reason_known",
                condition=Q(reason__in=[value for value, _label in Reason.choices]),
            ),
            models.CheckConstraint(name="flag_text_is_numbered", condition=Q(text_number__gte=1)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["comment"], condition=Q(decision__isnull=True), name="flag_open"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} on {self.comment_id}"
