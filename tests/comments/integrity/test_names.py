"""Plant names that pass for somebody else's, find and repair them."""

from accounts.models import User
from comments.integrity import faults
from core.text import look
from tests.cast import Cast


class NameTests(Cast):
    """Names written around the site's checks, as by an import or an older version."""

    def plant(self, person: User, name: str, **fields: str) -> None:
        User.objects.filter(pk=person.pk).update(name=name, **{"name_look": look(name), **fields})

    def repair(self) -> None:
        for fault in faults():
            assert fault.repair is not None
            list(fault.repair.do([fault.key]))
        assert list(faults()) == []

    def shown(self, person: User) -> str:
        return User.objects.get(pk=person.pk).display_name

    def test_a_reader_who_passes_for_an_author_is_found_and_hidden(self) -> None:
        self.plant(self.author, "Ada Marsh")
        self.plant(self.reader, "Аda Marsh")
        self.plant(self.stranger, "JUNE")
        assert [fault.key for fault in faults()] == [self.reader.pk, self.stranger.pk]
        self.repair()
        assert self.shown(self.author) == "Ada Marsh"
        assert self.shown(self.reader) == "robin"

    def test_a_reserved_name_is_found_and_hidden(self) -> None:
        self.plant(self.reader, "The Moderator")
        self.repair()
        assert self.shown(self.reader) == "robin"

    def test_one_of_two_authors_with_one_name_gives_way(self) -> None:
        for author in (self.author, self.other_author):
            self.plant(author, "Ada Marsh")
        assert len(list(faults())) == 2
        self.repair()
        assert {self.shown(self.author), self.shown(self.other_author)} == {"ada", "Ada Marsh"}

    def test_a_wrong_key_is_found_and_computed_again(self) -> None:
        self.plant(self.reader, "Ann Other", name_look="")
        self.repair()
        assert User.objects.get(pk=self.reader.pk).name_look == look("Ann Other")
