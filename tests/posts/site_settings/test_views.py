"""Test the page of the site profile: saving, refusals, two admins at once, going back."""

from typing import Any, ClassVar

from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from publication import current
from publication.models import SiteProfile
from tests.factories import make_comment, make_post, make_question, make_user

URL, UNDO, PREVIEW = "/settings/site/", "/settings/site/undo/", "/settings/site/preview/"
LONG = "x" * 300


class SettingsCase(TestCase):
    """An admin at the settings of the site."""

    admin: ClassVar[User]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the admin."""
        cls.admin = make_user("ines", Role.ADMIN)

    def setUp(self) -> None:
        """Sign the admin in."""
        self.client.force_login(self.admin)

    def form(self, **changes: Any) -> dict[str, Any]:
        """Return what the page would send now, with `changes`."""
        form = self.client.get(URL).context["form"]
        sent = {field.name: field.value() for field in form}
        return {name: value for name, value in (sent | changes).items() if value is not False}

    def save(self, **changes: Any) -> Any:
        """Send the form with `changes`."""
        return self.client.post(URL, self.form(**changes))

    def names(self) -> list[str]:
        """Return the names of all versions, the first one first."""
        return list(SiteProfile.objects.order_by("number").values_list("name", flat=True))


class SavingTests(SettingsCase):
    """What is saved."""

    def test_everybody_sees_a_change_at_once(self) -> None:
        self.client.logout()
        self.assertContains(self.client.get("/"), "Made with Counterpoint")
        self.client.force_login(self.admin)
        answer = self.save(
            name="The Rota",
            tagline="Essays on <running> things",
            contact="editors@rota.example",
            menu="Our workshop https://workshop.example/",
            footer="Rules /rules/\nWrite mailto:a@rota.example",
            made_with=False,
            time_zone="Europe/Dublin",
        )
        self.assertRedirects(answer, URL)
        self.client.logout()
        page = self.client.get("/")
        self.assertContains(page, "Essays on &lt;running&gt; things · The Rota</title>")
        self.assertContains(page, '<a href="https://workshop.example/">Our workshop</a>')
        self.assertContains(page, 'href="mailto:editors@rota.example"')
        self.assertNotContains(page, "Counterpoint")
        saved = SiteProfile.objects.get()
        self.assertEqual((saved.number, saved.created_by), (1, self.admin))

    def test_menu_and_foot_may_be_empty(self) -> None:
        self.assertRedirects(self.save(menu="", footer="", tagline="", description=""), URL)
        self.assertNotContains(self.client.get("/about/"), 'href="/feeds/posts/">RSS')

    def test_the_same_form_twice_makes_one_version(self) -> None:
        sent = self.form(name="The Rota")
        for _time in range(2):
            self.assertRedirects(self.client.post(URL, sent), URL)
        self.assertEqual(self.names(), ["The Rota"])

    def test_what_cannot_be_saved_is_refused_with_the_reason_and_all_that_was_typed(self) -> None:
        wrong = {
            "name": ((LONG, "characters too long"), ("", "give the site a name")),
            "contact": (("nobody", "valid email"),),
            "menu": (("Free javascript:alert(1)", "“Free javascript:alert(1)” is not a link"),),
            "footer": (("Free //evil.example", "is not a link"),),
            "language": (("tlh", "not one of the available"),),
            "time_zone": (("Europe/Nowhere", "not one of the time zones"),),
        }
        for field, values in wrong.items():
            for value, said in values:
                with self.subTest(field=field, value=value):
                    answer = self.save(**{field: value, "tagline": "Kept while refused"})
                    self.assertContains(answer, said, status_code=422)
                    self.assertContains(answer, "Kept while refused", status_code=422)
        self.assertEqual(self.names(), [])

    def test_time_zones_are_listed_by_city_and_an_old_name_stays(self) -> None:
        page = self.client.get(URL).text
        self.assertRegex(page, r'<optgroup label="Europe">\s*<option value="Europe/Amsterdam">Amst')
        self.assertIn(">Buenos Aires, Argentina (UTC-03:00)</option>", page)
        self.assertNotIn('"US/Pacific"', page)
        self.save(time_zone="US/Pacific")
        self.assertContains(self.client.get(URL), '<option value="US/Pacific" selected>')

    @override_settings(PROFILE_FROM_ENVIRONMENT={"name": ("SITE_NAME", "From outside")})
    def test_what_the_environment_sets_is_shown_and_not_changed(self) -> None:
        current.know(None)
        page = self.client.get(URL)
        self.assertContains(page, "<code>SITE_NAME</code>")
        self.assertNotContains(page, 'name="name"')
        self.client.post(URL, self.form(name="Mine", tagline="Mine"))
        saved = SiteProfile.objects.get()
        self.assertEqual((saved.name, saved.tagline), ("Counterpoint", "Mine"))

    def test_only_admins_and_only_by_a_form(self) -> None:
        self.assertEqual(self.client.get(UNDO).status_code, 405)
        self.client.force_login(make_user("june", Role.MODERATOR, Role.AUTHOR))
        for address in (URL, UNDO):
            self.assertEqual(self.client.post(address, {"name": "Mine"}).status_code, 404)
        self.client.logout()
        for address in (URL, UNDO):
            answer = self.client.post(address, {"name": "Mine"})
            self.assertIn(reverse("account_login"), answer["Location"])
        self.assertEqual(self.names(), [])


class TwoAdminsTests(SettingsCase):
    """Two admins who save at once, and going back."""

    def test_the_second_sees_both_versions_and_decides(self) -> None:
        mine = self.form(name="Mine", menu="Mine /mine/", made_with=False)
        self.save(name="Theirs", description="Theirs, too")
        answer = self.client.post(URL, mine)
        for shown in ("Mine /mine/", "Theirs", "Theirs, too", "was saved by <bdi>ines</bdi>"):
            self.assertContains(answer, shown, status_code=409)
        self.assertEqual(self.names(), ["Theirs"])
        again = {**mine, "based_on": answer.context["form"]["based_on"].value()}
        self.assertRedirects(self.client.post(URL, again), URL)
        self.assertEqual(self.names(), ["Theirs", "Mine"])

    def test_undo_makes_a_new_version_of_the_one_before(self) -> None:
        self.save(name="First", tagline="One")
        self.save(name="Second")
        page = self.client.get(URL)
        self.assertContains(page, 'name="number" value="1"')
        self.client.post(UNDO, {"number": 1, "based_on": 2})
        self.assertEqual(self.names(), ["First", "Second", "First"])
        self.assertContains(self.client.get("/"), "First")
        overtaken = self.client.post(UNDO, {"number": 0, "based_on": 2})
        self.assertContains(overtaken, "Somebody else saved these settings", status_code=409)
        self.client.post(UNDO, {"number": 0, "based_on": 3})
        self.assertEqual(self.names()[-1], "Counterpoint")
        self.assertEqual(self.client.post(UNDO, {"number": "x"}).status_code, 404)


class PagesTests(SettingsCase):
    """The pages that a publication has about itself."""

    def test_each_begins_with_a_text_that_follows_the_name(self) -> None:
        self.save(name="*The* Rota", contact="editors@rota.example")
        self.client.logout()
        for page, words in {
            "about": "*The* Rota publishes articles",
            "rules": "argue with the answer",
            "privacy": "*The* Rota without an account",
            "imprint": "who publishes *The* Rota",
        }.items():
            with self.subTest(page):
                shown = self.client.get(f"/{page}/")
                self.assertContains(shown, words)
                self.assertContains(shown, "<h1>", count=1)
                self.assertNotContains(shown, "$")

    def test_an_edited_page_is_shown_and_an_emptied_one_has_its_first_text_again(self) -> None:
        self.save(rules="Be **kind**. <script>alert(1)</script>")
        shown = self.client.get("/rules/")
        self.assertContains(shown, "<strong>kind</strong>")
        self.assertNotContains(shown, "<script>alert")
        self.assertEqual(SiteProfile.objects.get().about, "")
        self.save(rules="")
        self.assertContains(self.client.get("/rules/"), "argue with the answer")

    def test_a_page_that_cannot_be_made_is_refused(self) -> None:
        answer = self.save(imprint=">" * 500 + " deep")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("imprint", answer.context["form"].errors)
        self.assertEqual(self.names(), [])


class LookTests(SettingsCase):
    """Colours, and the preview of values that are not saved."""

    def test_colours_are_saved_unless_one_cannot_be_read_or_told_apart(self) -> None:
        self.assertRedirects(self.save(**{"palette-day-accent": "#004400"}), URL)
        self.assertEqual(SiteProfile.objects.get().palette, {"day": {"accent": "#004400"}})
        wrong = {
            "#e5823f": "The nearest colour that works is #",
            "#00735b": "cannot tell it from",
            "red; } body { display: none": "Write a colour like",
            "#004400\n": "Write a colour like",
        }
        for colour, said in wrong.items():
            with self.subTest(colour):
                answer = self.save(**{"palette-day-slate": colour})
                self.assertContains(answer, said, status_code=422)
        self.assertEqual(SiteProfile.objects.count(), 1)

    def test_a_preview_shows_what_is_not_saved_with_and_without_scripts(self) -> None:
        author = make_user("ada", Role.AUTHOR)
        make_question(make_post(author, published_at=timezone.now(), title="On rotas"))
        sent = self.form(name="The Rota", menu="Free javascript:alert(1)")
        sent["palette-night-accent"] = "#ffcc00"
        whole = self.client.post(PREVIEW, sent)
        part = self.client.post(PREVIEW, sent, headers={"hx-request": "true"})
        for answer in (whole, part):
            self.assertContains(answer, '<span class="brand__name">The Rota</span>')
            self.assertContains(answer, "Your code to sign in to The Rota")
            self.assertContains(answer, "On rotas")
        self.assertContains(whole, 'value="The Rota"')
        self.assertNotContains(part, "<h1")
        self.assertNotContains(part, "javascript:alert")
        sheet = self.client.get(part.context["preview"].look)
        self.assertContains(sheet, ".look--night { color-scheme: dark;")
        self.assertContains(sheet, "--accent: #ffcc00;")
        self.assertEqual(SiteProfile.objects.count(), 0)
        self.assertContains(self.client.get("/"), "Counterpoint</title>")
        self.assertEqual(self.client.get(f"{PREVIEW}forged.css").status_code, 404)
        self.assertRedirects(self.client.get(PREVIEW), URL)
        self.client.force_login(author)
        self.assertEqual(self.client.post(PREVIEW, sent).status_code, 404)


class QuestionsTests(SettingsCase):
    """The answers with which a new question begins."""

    def test_a_new_question_starts_with_the_answers_of_the_site(self) -> None:
        refused = self.save(answers="own", own_answers="Only one", tagline="Kept")
        self.assertContains(refused, "two to five answers", status_code=422)
        self.assertContains(refused, "Only one", status_code=422)
        refused = self.save(answers="own", own_answers="")
        self.assertContains(refused, "at least two", status_code=422)
        self.assertEqual(self.names(), [])
        mine = self.form(answers="agreement", orders=[])
        self.assertRedirects(self.save(answers="own", own_answers="Worth it: it pays\nNot"), URL)
        post = make_post(self.admin, published_at=None)
        page = self.client.get(reverse("posts:studio-question", args=[post.pk]))
        self.assertContains(page, 'value="Worth it"')
        self.assertContains(page, 'value="it pays"')
        self.assertNotContains(page, 'value="Overlap"')
        overtaken = self.client.post(URL, mine)
        for shown in (
            "not offered",
            "Newest, Most replied",
            "Agree, partly, disagree",
            "Answers of your own",
            "Worth it: it pays",
        ):
            self.assertContains(overtaken, shown, status_code=409)
        self.client.post(UNDO, {"number": 0, "based_on": 1})
        page = self.client.get(reverse("posts:studio-question", args=[post.pk]))
        self.assertContains(page, 'value="Overlap"')


class JoiningTests(SettingsCase):
    """How many first comments of a newcomer are held."""

    def test_a_form_that_knows_nothing_of_joining_keeps_what_is_saved(self) -> None:
        wrong = self.save(domains_refused="spam.example\nno domain")
        self.assertContains(wrong, "“no domain” is not a domain", status_code=422)
        self.save(signing_up="closed", domains_refused="Spam.Example", orders=["replies"])
        known = {"based_on": 1, "name": "Mine", "language": "en", "time_zone": "UTC"}
        self.assertRedirects(self.client.post(URL, {**known, "typefaces": "reading"}), URL)
        saved = SiteProfile.objects.get(name="Mine")
        self.assertEqual((saved.signing_up, saved.domains_refused), ("closed", ["spam.example"]))
        self.assertEqual(saved.orders_left_out, ["common", "newest", "divisive"])
        self.client.post(UNDO, {"number": 0, "based_on": 2})
        self.assertEqual(SiteProfile.objects.get(number=3).signing_up, "open")

    def test_comments_of_newcomers_are_held_as_the_site_says(self) -> None:
        post = make_post(self.admin)
        newcomer = make_user("nell")
        self.assertEqual(self.save(newcomer_comments=51).status_code, 422)
        states = [make_comment(post, newcomer).held_reason]
        self.assertRedirects(self.save(newcomer_comments=0), URL)
        states.append(make_comment(post, newcomer).held_reason)
        self.assertEqual(states, ["newcomer", ""])

    @override_settings(PROFILE_FROM_ENVIRONMENT={"newcomer_comments": ("NEWCOMER_COMMENTS", 0)})
    def test_what_the_environment_holds_wins(self) -> None:
        current.know(None)
        page = self.client.get(URL)
        self.assertContains(page, "<dd>0 <code>NEWCOMER_COMMENTS</code>")
        self.assertNotContains(page, 'name="newcomer_comments"')
        self.assertRedirects(self.save(name="Mine"), URL)
        self.assertEqual(current.current().newcomer_comments, 0)
        self.assertEqual(SiteProfile.objects.get().newcomer_comments, 2)


class OrdersTests(SettingsCase):
    """Which orders of comments readers can choose."""

    def test_an_order_left_out_is_in_no_menu_and_its_address_shows_the_default(self) -> None:
        post = make_post(self.admin)
        make_question(post)
        for body in ("The first of all reasons.", "The second of all reasons."):
            make_comment(post, self.admin, body=body)
        visitor, url = Client(), post.get_absolute_url()
        first, newest = visitor.get(url).text, visitor.get(url, {"sort": "newest"}).text
        self.assertIn("sort=newest", first)
        self.assertGreater(newest.index("The first of"), newest.index("The second of"))
        orders = [key for key in self.form()["orders"] if key not in ("newest", "divisive")]
        self.assertRedirects(self.save(orders=orders), URL)
        self.assertEqual(SiteProfile.objects.get().orders_left_out, ["newest", "divisive"])
        for query in ({}, {"sort": "newest"}, {"sort": "newest", "after": "t.1.1"}):
            page = visitor.get(url, query)
            self.assertNotContains(page, "sort=newest")
            self.assertContains(page, "sort=replies")
            self.assertLess(page.text.index("The first of"), page.text.index("The second of"))
        self.assertEqual(visitor.get(url, {"sort": "nonsense"}).status_code, 404)
        self.assertEqual(visitor.get(url, {"sort": "oldest"}).status_code, 200)
        self.assertEqual(self.save(orders=["oldest"]).status_code, 422)
        self.assertRedirects(self.save(orders=[], tagline="None of them"), URL)
        self.assertNotContains(visitor.get(url), "sort=replies")
