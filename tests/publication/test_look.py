"""Test palettes and the style sheet of a profile."""

from django.test import Client, TestCase

from publication import look, saving
from publication.models import SiteProfile, Typefaces
from publication.palette import contrast_of, nearest_legible, problems_of
from tests.factories import make_user


def problems(**day: str) -> list[tuple[str, str]]:
    """Return scheme and name of each colour that is refused, given some colours by day."""
    palette = look.palette_of(SiteProfile(palette={"day": day}))
    return [(problem.scheme, problem.name) for problem in problems_of(palette)]


def test_what_ships_is_right() -> None:
    assert problems() == []
    for scheme in look.SCHEMES:
        for name in look.ANSWERS:
            shipped = look.shipped()[scheme]
            assert shipped[f"{name}-wash"] == look.wash_of(shipped[name], scheme)


def test_a_pale_colour_is_refused_with_one_that_would_do() -> None:
    assert problems(accent="#e0a030") == [("day", "accent")]
    palette = look.palette_of(SiteProfile(palette={"day": {"orange": "#e5823f"}}))
    (problem,) = problems_of(palette)
    nearest = nearest_legible("#e5823f", "day")
    assert nearest in problem.sentence
    assert contrast_of(nearest, "day") >= 4.5 > contrast_of("#e5823f", "day")
    assert "words in this colour are hard to read" in problem.sentence


def test_answers_that_look_alike_without_one_kind_of_cone_are_refused() -> None:
    """Red and green of one lightness, which most people tell apart at a glance."""
    found = problems_of(look.palette_of(SiteProfile(palette={"day": {"plum": "#8a5a00"}})))
    assert {problem.name for problem in found} >= {"plum"}
    assert any("cannot tell it from Orange" in problem.sentence for problem in found)


class SheetTests(TestCase):
    """The style sheet that pages name."""

    def save(self, **values: object) -> None:
        newest = saving.newest()
        saving.save_profile(values, based_on=newest.number, by=make_user())

    def test_a_site_as_it_ships_has_none(self) -> None:
        self.assertNotContains(Client().get("/about/"), "/look/")
        self.assertEqual(Client().get("/look/.css").status_code, 404)

    def test_its_address_names_its_content_and_holds_for_ever(self) -> None:
        own = {"day": {"accent": "#004400", "blue": "#003388"}}
        self.save(palette=own, typefaces=Typefaces.DEVICE)
        page = Client().get("/about/")
        address = f"/look/{saving.newest().look}.css"
        self.assertContains(page, f'<link rel="stylesheet" href="{address}">')
        self.assertNotContains(page, 'as="font"')
        client = Client()
        client.force_login(make_user())
        client.get("/about/")  # whose answer renews the session
        for each in (Client(), client):
            sheet = each.get(address)
            self.assertContains(sheet, "--accent: #004400; --blue: #003388; --blue-wash: #")
            self.assertContains(sheet, "--serif: Charter")
            self.assertEqual(sheet["Content-Type"], "text/css")
            self.assertEqual(sheet["Cache-Control"], "public, max-age=31536000, immutable")
        self.save(palette={})
        self.assertEqual(Client().get(address).status_code, 200)
        self.assertNotEqual(f"/look/{saving.newest().look}.css", address)
        self.assertEqual(Client().get("/look/0123456789abcdef.css").status_code, 404)
