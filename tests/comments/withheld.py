"""Where the texts of comments may show, and which, by route: the table of `test_withholding.py`."""

from collections.abc import Callable

from .planted import STATES

Allowed = Callable[[str, str, str], bool]


MODERATORS = {"moderator", "admin"}
# The states of comments that everyone may read; one is of an erased account that left its texts.
PUBLIC = {"published", "kept"}
# What readers said with a change of mind that a moderator removed, and whose words they are.
REMOVED_CHANGE = {"credit": "stranger", "dispute": "writer"}


def nobody(_text: str, _state: str, _person: str) -> bool:
    """Allow no words: a page without texts of comments."""
    return False


def public(text: str, state: str, _person: str) -> bool:
    """Allow the present text of what is published."""
    return text == "now" and state in PUBLIC


def in_discussion(text: str, state: str, person: str) -> bool:
    """Allow what is published, and to its writer what is held."""
    waits = state in {"held", "reheld"} and person == "writer"
    return public(text, state, person) or (text == "now" and waits)


def may_read(text: str, state: str, person: str) -> bool:
    """Allow what `permissions.can_read` allows: what is one's own, and to moderators everything."""
    if state in REMOVED_CHANGE:
        return person in {REMOVED_CHANGE[state], *MODERATORS}
    if state == "erased":
        return False
    own = person == "writer" and not state.startswith("deleted")
    return text == "now" and (state in PUBLIC or own or person in MODERATORS)


def at_permalink(text: str, state: str, person: str) -> bool:
    """Allow the same, and to its writer what they deleted."""
    deleted = text == "now" and state.startswith("deleted") and person == "writer"
    return deleted or may_read(text, state, person)


def with_history(text: str, state: str, person: str) -> bool:
    """Allow the earlier texts as well: of what is published to all, to moderators of everything."""
    if state == "erased":
        return False
    return state in PUBLIC or person in MODERATORS


def own(_text: str, state: str, person: str) -> bool:
    """Allow a person all that they wrote, also what they deleted."""
    if state in REMOVED_CHANGE:
        return person == REMOVED_CHANGE[state]
    return person == "writer" and state not in {"erased", "kept"}


def removed_change(_text: str, state: str, person: str) -> bool:
    """Allow moderators the words of a change of mind that one of them removed."""
    return state == "credit" and person in MODERATORS


# The marks of the texts of the writer that they have not deleted.
OWN = {f"now{state}" for state in STATES if may_read("now", state, "writer")} - {"nowkept"}

# Where texts may show, and which; a route that is not here has none.
WHERE: dict[str, Allowed] = {
    "posts:home": public,
    "posts:detail": in_discussion,
    "posts:preview": in_discussion,
    "comments:permalink": at_permalink,
    "comments:answer": may_read,
    "comments:text": may_read,
    "comments:text-fragment": may_read,
    "comments:edit": may_read,
    "comments:deletion": may_read,
    "comments:flags": public,
    "comments:well-argued": public,
    "comments:well-argued-split": public,
    "comments:verdict": public,
    "comments:changes": public,
    "comments:history": with_history,
    "comments:closing": public,
    "comments:closing-edit": public,
    "comments:stances": public,
    "comments:me": may_read,
    "comments:my-comments": may_read,
    "comments:my-saved": public,
    "comments:private-feed": public,
    "comments:export": own,
    "comments:profile": public,
    "comments:moderation": may_read,
    "comments:moderation-case": may_read,
    "comments:removal": may_read,
    "comments:change-removal": removed_change,
}
# Routes that show no text of a comment. A new route has to be entered here or above.
WITHOUT = set(
    """
    healthz readyz sitemap robots security-txt people:account people:handle people:restoration
    second-factor:qr
    posts:archive posts:wordings posts:series-list posts:series-detail posts:about posts:feed
    posts:rules posts:privacy posts:imprint posts:site-settings posts:site-settings-undo
    posts:site-setup posts:site-setup-later posts:site-setup-article
    posts:site-setup-reading
    people:invitations people:revocation people:invitation
    deliverability:articles deliverability:pause deliverability:go-on deliverability:webhook
    subscribers:subscribers subscribers:subscribers-export subscribers:import
    subscribers:import-loss subscribers:import-start subscribers:import-removal
    subscribers:followers subscribers:follower-removal
    subscribers:follower-removal-undo
    posts:site-preview posts:site-preview-look publication:look
    publication:manifest pictures:picture
    posts:studio posts:studio-pictures posts:studio-preview posts:studio-post-create
    posts:studio-post
    posts:studio-publication posts:studio-publication-undo posts:studio-question
    posts:studio-bin posts:studio-binning posts:studio-binning-undo
    posts:studio-newsletter posts:studio-newsletter-mail posts:studio-newsletter-test
    posts:studio-question-removal posts:studio-sealed-answer posts:studio-sealed-answer-removal
    posts:studio-question-carrying posts:studio-promises posts:studio-promise
    posts:studio-promise-removal posts:studio-series-create posts:studio-series posts:studio-parts
    posts:studio-part posts:studio-part-move posts:studio-part-removal
    comments:withdrawal comments:data comments:my-drafts comments:draft comments:post-drafts
    comments:draft-removal comments:draft-removal-undo
    comments:stances-csv comments:stances-json comments:participants comments:closing-verdict
    comments:closing-withdrawal comments:well-argued-withdrawal comments:verdict-withdrawal
    comments:post-changes comments:change-answer comments:change-revocation comments:me-read
    comments:me-read-undo comments:me-start comments:unsent comments:my-saved-removal
    comments:my-saved-removal-undo comments:my-visits comments:visit comments:visit-read
    comments:visit-read-undo
    comments:saved comments:saved-removal comments:saved-post comments:saved-post-removal
    comments:feed-address comments:feed-revocation
    comments:my-settings comments:nudge-dismissal comments:nudge-dismissal-undo comments:erasure
    comments:erased comments:log comments:people comments:jobs comments:job-attempt
    comments:dismissal comments:dismissal-undo comments:approval comments:approval-undo
    comments:restoration comments:lock comments:unlock comments:detachment comments:retag
    comments:discussion-close comments:discussion-open
    comments:change-restoration comments:suspension
    notifications:mail-settings notifications:mail-address-again notifications:mail-stop
    comments:suspension-end comments:roles comments:requests comments:admission
    following:asked following:confirm following:by-mail following:follow following:mine
    following:end following:end-undo
    """.split()
)
