"""Test which names and handles claim a role, and which only sound as if."""

import pytest
from django.core.exceptions import ValidationError

from accounts import handles
from accounts.models import Role, User
from accounts.naming import rules
from comments.moderation.actions import grant_role
from tests.cast import Cast
from tests.factories import make_user

CLAIMS = (
    # Joined to another word, by a capital or by nothing.
    *("ModeratorJune", "JuneModerator", "TheModerator", "juneModerator", "ADMINJune"),
    *("AdminJune", "SiteAdmin", "StaffJune", "OfficialJune", "mOderatorJune", "JuneADMIN"),
    *("\uff2d\uff4f\uff44eratorJune", "moderatorjune", "junemoderator", "siteadmin", "theadmin"),
    *("superadmin", "adminteam", "officialadmin", "realadministrator", "staffsupport", "modteam"),
    # With digits around it.
    *("Admin1", "admin007", "1admin", "Moderator99", "M0derator2", "Mod1 June", "staff2026"),
    # A short word of its own.
    *("Mod June", "June [mod]", "Mod. June", "June (admins)", "MOD June"),
    # Reserved words alone.
    *("Support Team", "SupportTeam", "supportteam", "The Site Owner", "Head of Support"),
    *("HelpDesk", "Counterpoint Team", "The Editors", "Official News"),
    # In other languages.
    *("Модератор", "модераторша", "Администратор", "Админ Июнь", "Адміністратор", "Moderador"),
    *("Moderadora Ana", "Modératrice", "Modérateur", "Administrateur", "Moderatorin"),
    *("Moderatörü", "Amministratore", "Ylläpitäjä", "Yönetici", "Beheerder", "Správce"),
    *("Administrátor", "Διαχειριστής", "管理员小王", "管理員", "版主", "モデレーター"),
    *("管理人さん", "관리자", "운영자", "मॉडरेटर", "מודרטור", "المشرف", "Quản trị viên"),
)
NAMES = (
    *("Modesto", "Adminton", "Modesty Blaise", "Staffan Berg", "Stafford Moss", "Admir Hodžić"),
    *("Modou Diop", "Modi", "Moda Sato", "Modern Times", "Moderate Voice", "Immoderate Ann"),
    *("Badminton Bob", "Unofficial Robin", "Officina", "Modem", "Model Orator", "Newsome"),
    *("Staffa", "Adam Inger", "Ada Minnow", "Hamad Min", "Rosa Parks", "Armin Admiraal"),
    *("My Blog", "The Real Robin", "True North", "Sara de la Web", "Head Gardener"),
    *("Pervez Musharraf", "مشرف خان", "محمد علي", "Олександр Гриценко", "Модест Мусоргский"),
    *("Адам Минин", "Αδάμ", "山田太郎", "王小明", "이영희", "दीपा रमन", "Postman Pat"),
    *("Helper Hal", "Author Ash", "Teamster Tom", "Rootes", "Webber"),
)
CLAIMING_HANDLES = (
    *("the.moderator", "admin-june", "official-ada", "june.mod", "mod_june", "siteadmin"),
    *("Admin1", "moderatorjune", "ModJune", "staff-2", "support.team", "site_owner", "moderador"),
    *("adminjune", "head.of.support", "m0derator-ada", "counterpoint-team", "ines.admin"),
    *("juneofficial",),
)
HANDLES = (
    *("modesto", "adminton", "staffan.berg", "modern-times", "unofficial", "modou", "moda2"),
    *("rosa.parks", "admir", "helper-hal", "badminton", "adminkate"),
)


@pytest.mark.django_db
@pytest.mark.one_database
def test_which_names_claim_a_role() -> None:
    assert [name for name in CLAIMS if not rules.is_reserved(name)] == []
    assert [name for name in NAMES if rules.is_reserved(name)] == []


class HandleTests(Cast):
    """Handles follow the same rule; a role and the name of staff in one word claim it, too."""

    def test_which_handles_claim_a_role(self) -> None:
        assert [handle for handle in CLAIMING_HANDLES if self.is_free(handle)] == []
        assert [handle for handle in HANDLES if not self.is_free(handle)] == []

    def test_names_of_staff_beside_a_role(self) -> None:
        for name in ("adminjune", "juneofficial", "staffines"):
            with self.assertRaises(ValidationError):
                rules.check(name, of=self.reader)
        rules.check("adminkate", of=self.reader)

    def test_a_grant_hides_the_name_that_is_a_role_and_the_new_one(self) -> None:
        cheat = make_user("robert", name="adminkate")
        grant_role(make_user("kate"), by=self.admin, role=Role.MODERATOR)
        cheat.refresh_from_db()
        assert cheat.display_name == "robert"

    def test_a_name_cut_to_a_claim_gives_another_handle(self) -> None:
        for name in ("Anneliese Long Modern", "Adжmin", "Kim Longer Namez Staffords"):
            handle = handles.from_name(name)
            handles.check(handle)

    def is_free(self, handle: str) -> bool:
        try:
            handles.check(handle)
        except ValidationError:
            return False
        return not User.objects.filter(handle=handle).exists()
