"""Test the page on which a person chooses what is mailed to them."""

import re
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import limits
from notifications.kinds import Way, groups, groups_for, registered
from notifications.mailing import ways
from notifications.mailing.models import StoppedAddress
from tests.cast import Cast

HERE = "/me/notifications/settings/"


def row(scope: str, was: str, way: str, place: int = 0) -> dict[str, str]:
    """Return the fields of one row of the form."""
    names = {"scope": scope, "was": was, "way": way}
    return {f"mail-{place}-{name}": value for name, value in names.items()}


class SettingsTests(Cast):
    """The reader, signed in."""

    def setUp(self) -> None:
        self.sign_in(self.reader)

    def chosen(self) -> dict[str, str]:
        return ways.choices_of(self.reader)

    def test_every_group_has_a_row_that_shows_what_counts(self) -> None:
        page = self.client.get(HERE).text
        rows = page.count("<fieldset") - page.count('value="kind:')
        assert rows == page.count('value="group:') == len(groups_for(self.reader))
        checked = re.findall(r'value="(\w+)" checked', page)
        assert checked == [str(group.mail) for group in groups_for(self.reader)]

    def test_it_says_when_at_once_is(self) -> None:
        for seconds, said in ((0, ""), (60, "1 minute later"), (600, "10 minutes later")):
            with patch.object(limits, "MAIL_GATHERED", seconds):
                page = self.client.get(HERE)
            self.assertContains(page, "“At once” means about", count=int(bool(said)))
            self.assertContains(page, said)

    def test_quiet_by_default(self) -> None:
        mailed = {group.name for group in groups() if group.mail != Way.NONE}
        assert {"replies", "decisions", "account"} <= mailed
        assert not {"minds", "summaries"} & mailed

    def test_each_kind_of_a_group_has_a_row_folded_until_one_counts(self) -> None:
        """What is decided about oneself is one choice."""
        labelled = {kind for kind in registered() if not kind.group.about_oneself}
        page = self.client.get(HERE).text
        assert set(re.findall(r'value="kind:(\w+)"', page)) == {kind.name for kind in labelled}
        assert len({str(kind.label) for kind in labelled if kind.label}) == len(labelled)
        assert page.count('<details class="mail-ways__kinds">') == 4
        self.client.post(HERE, row("kind:mention", "", "none"))
        assert self.chosen() == {"kind:mention": "none"}
        page = self.client.get(HERE).text
        opened = page.split('<details class="mail-ways__kinds" open>')
        assert len(opened) == 2
        assert "Replies and mentions" in opened[1].split("</summary>")[0]

    def test_a_kind_follows_its_group_again_and_stays_in_sight(self) -> None:
        self.client.post(HERE, row("kind:mention", "", "none"))
        answer = self.client.post(
            HERE, row("kind:mention", "none", ""), headers={"HX-Request": "true"}
        )
        assert self.chosen() == {}
        assert "Mentions of me: As above." in " ".join(answer.text.split())
        assert answer.text.count('<details class="mail-ways__kinds" open>') == 1
        undo = dict(
            re.findall(r'type="hidden" name="(mail-0-\w+)" value="([^"]*)"', answer.text)[:3]
        )
        assert undo == row("kind:mention", "", "none")
        self.client.post(HERE, undo)
        assert self.chosen() == {"kind:mention": "none"}

    def test_a_choice_is_saved_and_undone_without_scripts(self) -> None:
        sent = row("group:replies", "soon", "daily")
        page = self.client.post(HERE, sent, follow=True).text
        assert "Saved. Replies and mentions: Once a day." in page
        assert self.chosen() == {"group:replies": "daily"}
        undo = dict(re.findall(r'type="hidden" name="(mail-0-\w+)" value="([^"]*)"', page)[:3])
        assert undo == row("group:replies", "daily", "soon")
        self.client.post(HERE, undo)
        assert self.chosen() == {"group:replies": "soon"}

    def test_without_scripts_it_says_all_that_was_saved_and_where_nothing_was(self) -> None:
        sent = row("group:replies", "soon", "none") | row("kind:mention", "", "weekly", 1)
        page = self.client.post(HERE, sent | {"time_zone": "Asia/Tokyo"}, follow=True).text
        said = re.findall(r'role="status"[^>]*>([^<]+)', page)
        saved = (
            "Saved. Replies and mentions: Only here. Mentions of me: Once a week. "
            "Time zone: Tokyo (UTC+09:00)."
        )
        assert saved in said, said
        page = self.client.post(HERE, {"time_zone": ""}, follow=True).text
        assert "Saved. Time zone: As the site." in page
        own = f"post:{self.post.pk}"  # chosen by itself, and not followed
        self.client.post(HERE, row(own, "", "soon"))
        page = self.client.post(HERE, row(own, "soon", ""), follow=True).text
        assert f"Saved. {self.post.title}: As usual." in page
        page = self.client.post(HERE, {"time_zone": ""}, follow=True).text
        assert "Nothing has changed." in page
        assert "ways-undo" not in page
        assert "Saved." not in self.client.get(f"{HERE}?undo=group:replies=soon").text

    def test_with_scripts_the_answer_is_the_part_of_the_page(self) -> None:
        sent = row("group:replies", "soon", "weekly")
        answer = self.client.post(HERE, sent, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert "Replies and mentions: Once a week." in " ".join(answer.text.split())
        assert "Undo" in answer.text

    def test_sent_twice_is_saved_once(self) -> None:
        for _time in range(2):
            self.client.post(HERE, row("group:replies", "soon", "none"))
        assert self.chosen() == {"group:replies": "none"}

    def test_another_tab_is_not_overwritten(self) -> None:
        self.client.post(HERE, row("group:replies", "soon", "none"))
        old_page = row("group:replies", "soon", "soon") | row("group:minds", "none", "daily", 1)
        self.client.post(HERE, old_page)
        assert self.chosen() == {"group:replies": "none", "group:minds": "daily"}

    def test_nonsense_changes_nothing(self) -> None:
        for sent in (
            row("group:nothing", "soon", "none"),
            row("group:replies", "soon", "hourly"),
            row("group:replies", "soon", ""),
            row("post:999999", "", "none"),
            row("kind:removed", "", "none"),
            row("kind:nothing", "", "none"),
            row("kind:mention+reply", "", "none"),
            row("kind:mention", "", "hourly"),
            row("way:daily", "", "none"),
            row("\0", "", "none"),
            {"time_zone": "Mars/Olympus"},
            {"time_zone": "../../etc/passwd"},
        ):
            with self.subTest(sent):
                answer = self.client.post(HERE, sent)
                assert answer.status_code == 422
                assert "Nothing was changed" in answer.text
        assert self.chosen() == {}

    def test_one_wrong_row_undoes_the_others(self) -> None:
        sent = row("group:replies", "soon", "none") | row("group:minds", "none", "never", 1)
        assert self.client.post(HERE, sent).status_code == 422
        assert self.chosen() == {}

    def test_a_time_zone(self) -> None:
        page = self.client.post(HERE, {"time_zone": "Europe/Berlin"}, follow=True).text
        self.reader.refresh_from_db()
        assert self.reader.time_zone == "Europe/Berlin"
        assert 'value="Europe/Berlin" selected' in page
        assert '<input type="hidden" name="time_zone" value="">' in page
        self.client.post(HERE, {"time_zone": ""})
        self.reader.refresh_from_db()
        assert self.reader.zone is None

    def test_a_zone_that_no_longer_exists_is_that_of_the_site(self) -> None:
        self.reader.time_zone = "Gone/Away"
        self.reader.save()
        assert self.reader.zone is None
        assert self.client.get(HERE).status_code == 200

    def test_signed_out_one_is_led_to_sign_in_and_the_choice_is_kept(self) -> None:
        for answer in (Client().get(HERE), Client().post(HERE, row("group:minds", "none", "soon"))):
            assert answer.status_code == 302
            assert "/accounts/login/" in answer["Location"]

    def test_other_methods(self) -> None:
        assert self.client.put(HERE).status_code == 405
        assert self.client.get(reverse("notifications:mail-address-again")).status_code == 405

    def test_a_complaint_says_so_and_is_taken_back_by_its_owner_alone(self) -> None:
        address = str(self.reader.email)
        StoppedAddress.objects.create(address=address, cause="complaint")
        page = self.client.get(HERE).text
        assert "was reported as spam" in page
        assert "Send me e-mail again" in page
        self.sign_in(self.stranger)
        self.client.post(reverse("notifications:mail-address-again"))
        assert StoppedAddress.objects.filter(address=address).exists()
        self.sign_in(self.reader)
        for _n in range(2):
            self.client.post(reverse("notifications:mail-address-again"))
        assert not StoppedAddress.objects.exists()

    def test_a_stopped_address_says_so_and_is_tried_again(self) -> None:
        StoppedAddress.objects.create(address="ROBIN@example.org".lower())
        assert "Try it again" in self.client.get(HERE).text
        self.client.post(reverse("notifications:mail-address-again"))
        assert "Try it again" not in self.client.get(HERE).text

    def test_the_queries_do_not_grow_with_the_choices(self) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                self.client.get(HERE)
            return len(found)

        queries()
        before = queries()
        for group in groups():
            ways.choose(self.reader, f"group:{group.name}", Way.DAILY)
        for kind in registered():
            ways.choose(self.reader, f"kind:{kind.name}", Way.DAILY)
        assert queries() == before
