"""Test that the outbox is in the download of one's data, and gone after an erasure."""

from django.utils import timezone

from comments.me import erasure
from comments.me.export import export_of
from notifications.kinds import Way
from notifications.mailing import ways
from notifications.mailing.models import MailChoice, Outgoing, StoppedAddress
from notifications.models import Subscription

from .mailbox import Mailbox


class PersonalTests(Mailbox):
    """The reader downloads everything, then leaves."""

    def setUp(self) -> None:
        super().setUp()
        self.reply()
        ways.choose(self.reader, "group:minds", Way.DAILY)
        self.email = self.reader.email or ""
        StoppedAddress.objects.create(address=self.email)
        held = Subscription.objects.create(
            address=self.email,
            target="post",
            target_id=self.post.pk,
            confirmed_at=timezone.now(),
        )
        Outgoing.objects.create(
            subscription=held, address=self.email, kind="x", subject_id=1, scope="follow:1",
            due_at=timezone.now(),
        )  # fmt: skip

    def test_the_download_has_it(self) -> None:
        data = export_of(self.reader)
        told = data["mails_about_notifications"]
        assert [(row["kind"], row["state"]) for row in told] == [
            ("reply", "waiting"),
            ("x", "waiting"),
        ]
        assert data["mail_choices"] == [{"scope": "group:minds", "way": "daily"}]
        assert data["stopped_addresses"][0]["address"] == self.email

    def test_an_erasure_leaves_nothing_and_nothing_is_sent(self) -> None:
        erasure.erase(self.reader, delete_texts=False)
        for model in (Outgoing, MailChoice, StoppedAddress):
            left = model._default_manager.all()
            assert not [row for row in left if self.email in str(vars(row))], model
        assert not Outgoing.objects.filter(person=self.reader).exists()
        assert not [each for each in self.after() if self.email in each.to]
