"""Add rows for every page of the gallery to the demonstration; runs inside the site."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

from accounts import drafts
from accounts.drafts import FormPlace
from accounts.models import Admission, Role, User
from comments.actions import changes_of_mind
from comments.actions.changes_of_mind import Credit
from comments.actions.comments import Draft, answer_question, post_comment
from comments.actions.edits import edit_comment
from comments.me.erasure import erase
from comments.models import ChangeKind, Comment
from comments.models.moderation import Reason
from comments.moderation import actions as moderating
from comments.reading import saving, visits
from core.jobs import queue
from core.jobs.retries import PermanentError
from notifications.following import actions as following
from notifications.following import links as follow_links
from notifications.mail import deliver
from notifications.mailing import scopes
from notifications.mailing.scopes import MailLink
from notifications.models import Subscription
from notifications.subscribers import importing, offered, reading
from notifications.targets import Key
from posts.actions import (
    Opening,
    carry_question,
    place_post,
    publish,
    save_draft,
    seal_answer,
    throw_away,
)
from posts.models import Part, Post, Promise, Question, SavedKind, Stance
from posts.studio.preview import preview_url

SLUG = "management-and-leadership"
SECOND = "the-two-duties"
LONG = "Unbroken" * 40
REPLIES = "group:replies"
OWN = (
    f"My own.\n\n{LONG}\n\n> Quoted\n\n- one\n- two\n\n`code`\n\n"
    f"| a | b |\n|---|---|\n| {LONG} | 1 |"
)
Ids = dict[str, int | str]


@dataclass(frozen=True)
class Scene:
    """The demonstration's post and people, and the time at which all rows are written."""

    now: datetime
    post: Post
    reader: User
    author: User

    def stance(self, key: str) -> Stance:
        """Return the stance `key` of the post's question."""
        return self.post.question.stances.get(key=key)

    def published(self, **more: object) -> Comment:
        """Return the first published comment of the post that matches `more`."""
        return Comment.objects.filter(post=self.post, state="published", **more)[:1].get()


def furnish() -> None:
    """Write all rows, and print as JSON the ids that the addresses of the pages need."""
    people = (User.objects.get(handle=handle) for handle in ("reader", "author"))
    scene = Scene(timezone.now(), Post.objects.get(slug=SLUG), *people)
    ids: Ids = {"post": scene.post.pk}
    ids |= write_comments(scene)
    ids |= write_for_moderators(scene)
    queue_mail()
    ids |= write_in_studio(scene)
    again = carry(scene)
    ids |= {"again": again.pk, "again_slug": again.slug}
    answer_both(scene, again)
    read_and_save(scene)
    ids |= follow(scene)
    ids |= bring_subscribers(scene)
    ids |= change_minds(scene, Comment.objects.get(pk=ids["root"]))
    add_factors(User.objects.get(handle="both-2"))
    make_person("staff", is_demo=False).role_grants.create(role=Role.MODERATOR)
    ids |= {"mail_link": scopes.token_of(MailLink(User.objects.get(handle="reader").pk, REPLIES))}
    print(json.dumps(ids))


def make_person(handle: str, **fields: object) -> User:
    """Return a new person who is no newcomer, unless `fields` differ."""
    known = {"is_demo": True, "email": f"{handle}@example.org", "password": make_password(None)}
    return User.objects.create(handle=handle, **{**known, **fields})


def bring_subscribers(scene: Scene) -> Ids:
    """Bring a list of addresses with good and bad rows, which is not imported yet."""
    followed = offered.find("author", Key(scene.author.pk))
    assert followed is not None
    rows = reading.read(f"email\npat@example.org\n{LONG}\npat@example.org".encode())
    admin = User.objects.get(handle="admin")
    made = importing.try_out(rows, followed, form_key=uuid4(), by=admin, now=scene.now)
    return {"subscribers": made.pk}


def write_comments(scene: Scene) -> Ids:
    """Write a comment that was edited, one with every kind of text, and a steelman."""
    now, post, reader, stance = scene.now, scene.post, scene.reader, scene.stance("overlap")
    root = scene.published(depth=0)
    draft = Draft(reader, post, "An **old** reason.", stance=stance)
    old = post_comment(draft, now=now - timedelta(hours=3)).comment
    edit_comment(old, by=reader, body="A *newer* reason.", now=now - timedelta(hours=2))
    draft = Draft(reader, post, OWN, parent=root, stance=stance)
    own = post_comment(draft, now=now - timedelta(minutes=1)).comment
    post_comment(Draft(scene.author, post, "A reply to you.", parent=own), now=now)
    different = Comment.objects.filter(post=post, state="published", stance__key="different")
    last = different.exclude(author__handle="author").last()
    assert last is not None
    draft = Draft(last.author, post, f"The best reason. {LONG}", argues_for=scene.stance("same"))
    steelman = post_comment(draft, now=now).comment
    answer = f"/posts/{SLUG}/answer/"
    for place in (FormPlace(answer, str(steelman.pk)), FormPlace("/posts/nowhere/answer/")):
        drafts.save(reader.pk, place, {"body": [f"Half a thought. {LONG}"]})
    return {"root": root.pk, "old": old.pk, "own": own.pk, "steelman": steelman.pk}


def read_and_save(scene: Scene) -> None:
    """Let the reader have visited the discussion long ago, and have saved of every type."""
    visits.read_up_to(scene.post, 3, by=scene.reader, now=scene.now - timedelta(days=1))
    saving.save(SavedKind.POST, scene.post.pk, on=scene.post, by=scene.reader)
    flagged = Comment.objects.filter(author=scene.reader, state="removed")
    for comment in (scene.published(depth=0), flagged[:1].get()):
        saving.save(SavedKind.COMMENT, comment.pk, on=scene.post, by=scene.reader)


def write_for_moderators(scene: Scene) -> Ids:
    """Write a held and a flagged comment, and people who are suspended or not admitted."""
    newcomer = make_person("w" * 30, email="new@example.org", name="A Name " * 11, is_demo=False)
    draft = Draft(newcomer, scene.post, f"Held. {LONG}", stance=scene.stance("overlap"))
    held = post_comment(draft, now=scene.now).comment
    flagged = scene.published(depth=1)
    moderating.raise_flag(flagged, by=scene.reader, reason=Reason.values[0], note="Please look.")
    edit_comment(flagged, by=flagged.author, body=f"{flagged.body} Or so. {LONG}", now=scene.now)
    make_person("waiting", name="A Name " * 11, admission=Admission.WAITING)
    make_person("declined", admission=Admission.DECLINED)
    make_person("suspended", suspended_until=scene.now + timedelta(days=3))
    draft = Draft(scene.reader, scene.post, f"Off. {LONG}", stance=scene.stance("overlap"))
    removed = post_comment(draft, now=scene.now - timedelta(hours=8)).comment
    admin = User.objects.get(handle="admin")
    moderating.remove(removed, by=admin, reason="off_topic", note="Elsewhere, please.")
    erased = make_person("leaving")
    erase(erased, delete_texts=True)
    erased.refresh_from_db()
    return {
        "held": held.pk,
        "flagged": flagged.pk,
        "removed": removed.pk,
        "erased": erased.handle,
    }


def follow(scene: Scene) -> Ids:
    """Let the reader and an address follow all that there is on the page of the article."""
    promise = Promise.objects.filter(post=scene.post)[0]
    for name, pk in (("post", scene.post.pk), ("author", scene.author.pk), ("promise", promise.pk)):
        following.follow(scene.reader, name, Key(pk))
    what = {"address": "pat@example.org", "target": "post", "target_id": scene.post.pk}
    confirmed = Subscription.objects.create(confirmed_at=scene.now, **what)
    asked = {"token_hash": follow_links.hash_of("mailed"), "mailed_at": scene.now}
    Subscription.objects.create(**{**what, "target": "promise", "target_id": promise.pk}, **asked)
    return {"mailed": "mailed", "followed_by_mail": follow_links.to_list(confirmed)}


def queue_mail() -> None:
    """Queue four mails: one failed, one to be tried again, one being sent, one waiting."""
    for error in (PermanentError(), ConnectionRefusedError(), None, None):
        deliver.enqueue({})
        job = queue.claim("worker-" + "x" * 50) if error else None
        if job and error:
            queue.record_failure(job, error)
    queue.claim("worker")


def write_in_studio(scene: Scene) -> Ids:
    """Seal the author's answer to part 2, since that to part 1 is open, and save a draft."""
    opening = Opening(scene.now + timedelta(days=9), 500)
    second = Post.objects.get(slug=SECOND)
    seal_answer(second.question, author=scene.author, stance_key="team", opening=opening)
    title = f"Quite a long title for {'unbroken' * 12}"
    draft = save_draft(None, by=scene.author, title=title, body="# Hi")
    binned = save_draft(None, by=scene.author, title=title, body="# Ho")
    throw_away(binned, by=scene.author)
    part = planned_parts()[0]
    promise = Promise.objects.filter(post=scene.post)[:1].get()
    return {
        "second": second.pk,
        "second_root": Comment.objects.filter(post=second, depth=0)[:1].get().pk,
        "draft": draft.pk,
        "preview": preview_url(draft),
        "series": part.series_id,
        "part": part.pk,
        "promise": promise.pk,
    }


def planned_parts() -> list[Part]:
    """Return the parts of the series that have no post yet."""
    return list(Part.objects.filter(post__isnull=True).order_by("position"))


def carry(scene: Scene) -> Post:
    """Publish a later post of the series that carries the same question; return it."""
    title = "The same question again"
    again = save_draft(None, by=scene.author, title=title, body="# Again")
    publish(again, by=scene.author, at=scene.now)
    place_post(again, planned_parts()[-1])
    carry_question(again, scene.post.question)
    return again


def answer_both(scene: Scene, again: Post) -> None:
    """Answer as seven readers: `different` to the first post, `overlap` to the later one."""
    for number in range(7):
        person = make_person(f"both-{number}")
        for post, key in ((scene.post, "different"), (again, "overlap")):
            question = Question.objects.get(post=post)
            stance = question.stances.get(key=key)
            answer_question(reader=person, question=question, stance=stance)


def add_factors(person: User) -> None:
    """Give `person` an app, recovery codes and a passkey."""
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())  # type: ignore[no-untyped-call]
    WebAuthn.add(person, "My phone", registration_of(key))


def registration_of(key: ES256) -> dict[str, object]:
    """Return what a browser answers when it has made the passkey `key`."""
    name = b"k" * 16
    data = bytes(32) + b"\x45" + bytes(20) + len(name).to_bytes(2) + name + cbor.encode(dict(key))
    attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
    made = b'{"type": "webauthn.create", "challenge": "AAAA", "origin": "http://localhost"}'
    response = {"clientDataJSON": made, "attestationObject": attested}
    return {
        "id": websafe_encode(name),
        "rawId": websafe_encode(name),
        "type": "public-key",
        "response": {part: websafe_encode(value) for part, value in response.items()},
    }


def change_minds(scene: Scene, root: Comment) -> Ids:
    """Write two changes of mind that credit `root`, and remove one of them."""
    words = "Who writes the rota decides more than I thought. " * 2
    changes = []
    for number in (2, 3):
        person = User.objects.get(handle=f"both-{number}")
        was = scene.stance("different")
        credit = Credit(person, scene.post, ChangeKind.SOFTENED, words, was=was, comment=root)
        changes.append(changes_of_mind.give(credit, now=scene.now + timedelta(days=2)))
    admin = User.objects.get(handle="admin")
    moderating.remove_change(changes[1], by=admin, reason="spam")
    return {"change": changes[0].pk, "gone": changes[1].pk}
