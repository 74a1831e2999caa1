"""Test visits that are told at the same time, from two devices."""

from datetime import timedelta
from functools import partial

from django.test import TransactionTestCase
from django.utils import timezone

from accounts.models import Role
from comments.reading import saving, visits
from posts.models import Post, SavedItem, SavedKind, Visit
from tests.at_once import at_once
from tests.factories import make_comment, make_post, make_user


class AtOnceTests(TransactionTestCase):
    """Several writers with separate connections."""

    def setUp(self) -> None:
        made = make_post(make_user("ada", Role.AUTHOR))
        writer = make_user(is_demo=True)
        for _comment in range(4):
            make_comment(made, writer)
        self.post = Post.objects.get(pk=made.pk)
        self.reader = make_user("robin")

    def test_one_row_is_left_and_the_latest_version(self) -> None:
        read = partial(visits.read_up_to, self.post, by=self.reader)
        results = at_once(*(partial(read, version) for version in (3, 4, 2, 1)))
        self.assertEqual(results, [None] * 4)
        self.assertEqual(Visit.objects.get().seen, 4)

    def test_saving_at_once_saves_once(self) -> None:
        save = partial(saving.save, SavedKind.POST, self.post.pk, on=self.post, by=self.reader)
        self.assertEqual(at_once(save, save, save), [None] * 3)
        self.assertEqual(SavedItem.objects.count(), 1)

    def test_a_later_visit_is_not_dated_back(self) -> None:
        now = timezone.now()
        visits.read_up_to(self.post, 4, by=self.reader, now=now)
        visits.mark_all_read(self.post, 4, by=self.reader, now=now - timedelta(days=365))
        self.assertEqual(Visit.objects.get().seen_at, now)
