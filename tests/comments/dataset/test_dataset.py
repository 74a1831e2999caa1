"""Test the data for researchers: what it holds, what it leaves out, and that it can be checked."""

import csv
import json
import subprocess
import sys
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch
from zipfile import ZipFile

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.dataset import tables
from comments.integrity import faults
from comments.models import Appraisal, BadgeChange, Comment
from core.caching.pages import store
from posts.models import Question
from tests.comments.test_badge_attacks import BadgeCase


class DatasetTests(BadgeCase):
    """The data of a discussion in which one comment has the badge."""

    def files(self) -> dict[str, str]:
        """Return the files of the archive by name."""
        store.clear()
        answer = Client().get(self.url())
        assert answer.status_code == 200, answer.status_code
        assert answer.headers["Content-Type"] == "application/zip"
        with ZipFile(BytesIO(answer.content)) as archive:
            assert archive.testzip() is None
            return {
                name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist()
            }

    def url(self) -> str:
        return reverse("comments:data", args=[self.post.slug])

    def table(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(StringIO(self.files()[name])))

    def recompute(self, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run the script of the archive beside its files, without this project's code."""
        with TemporaryDirectory() as folder:
            for name, text in files.items():
                (Path(folder) / name).write_text(text)
            return subprocess.run(
                [sys.executable, "-I", "-S", "recompute.py"],
                cwd=folder, capture_output=True, text=True, env={},
            )  # fmt: skip

    def test_the_script_works_every_figure_out_again(self) -> None:
        files = self.files()
        done = self.recompute(files)
        number = 2 * len(list(csv.DictReader(StringIO(files["comments.csv"]))))
        assert number >= 14
        self.assertEqual(done.stdout, f"{number} of {number} figures come out the same.\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_script_finds_a_figure_that_is_wrong(self) -> None:
        files = self.files()
        row = next(r for r in self.table("comments.csv") if r["comment"] == str(self.bridge.pk))
        for name in ("lift", "evidence"):
            wrong = str(float(row[name]) * 1.001)
            told = {**files, "comments.csv": files["comments.csv"].replace(row[name], wrong)}
            done = self.recompute(told)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"comment {self.bridge.pk}: {name} {wrong}", done.stdout)

    def test_figures_are_those_of_the_ranking(self) -> None:
        row = next(r for r in self.table("comments.csv") if r["comment"] == str(self.bridge.pk))
        appraisal = Appraisal.objects.get(comment=self.bridge)
        self.assertEqual((row["answer"], row["kind"], row["badge"]), ("overlap", "answer", "1"))
        self.assertEqual(f"{row['a_same']}/{row['n_same']}", self.side(self.bridge, "same"))
        self.assertEqual(float(row["lift"]), appraisal.lift)
        self.assertEqual(float(row["evidence"]), appraisal.evidence)
        places = [r["place"] for r in self.table("comments.csv")]
        self.assertEqual(sorted(map(int, places)), list(range(1, len(places) + 1)))

    def test_badges_have_a_history(self) -> None:
        self.assertEqual(
            [(row["comment"], row["change"]) for row in self.table("badges.csv")],
            [(str(self.bridge.pk), "earned")],
        )
        self.assertIn("Only the first line is there while no", self.files()["README.txt"])
        self.ban(self.sides["different"] + self.sides["same"])
        self.rank()
        self.show_sides_at_once()
        self.assertEqual([r["change"] for r in self.table("badges.csv")], ["earned", "lost"])
        self.rank()
        self.assertEqual(BadgeChange.objects.count(), 2)

    def test_a_history_that_disagrees_is_found(self) -> None:
        self.assertEqual(list(faults()), [])
        BadgeChange.objects.all().delete()
        self.assertEqual(len(list(faults())), 1)
        self.assertIn("its history says otherwise", str(list(faults())))

    def test_a_comment_whose_tally_is_not_shown_is_left_out_and_counted(self) -> None:
        before = self.files()
        self.assertIn("None is left out.", before["README.txt"])
        late = self.silent_comment("same")
        self.rank()
        files = self.files()
        self.assertEqual(len(self.table("comments.csv")), before["comments.csv"].count("\n") - 1)
        self.assertNotIn(f"\n{late.pk},", files["comments.csv"])
        self.assertIn("1 more is left out", files["README.txt"])
        self.now += timedelta(hours=25)
        self.assertIn(f"\n{late.pk},", self.files()["comments.csv"])

    def test_comments_that_a_ranking_does_not_weigh_are_counted_apart(self) -> None:
        self.silent_comment("same")
        self.rank()
        number = Comment.objects.for_post(self.post).readable().count()
        with patch.object(tables, "WEIGHED_MOST", number - 2):
            files = self.files()
        self.assertEqual(files["comments.csv"].count("\n") - 1, number - 3)
        said = "1 more is left out, because its count is not shown yet. 2 older ones are left out, "
        said += f"because a ranking uses only the newest {number - 2}."
        self.assertIn(said, files["README.txt"])
        self.assertNotIn("None is left out", files["README.txt"])

    def test_no_hidden_tally_follows_by_subtraction(self) -> None:
        before = self.files()
        late = self.silent_comment("same")
        self.press(self.sides["different"][:3], late)
        self.rank()
        files = self.files()
        self.assertIn("1 more is left out", files["README.txt"])
        rows = self.table("comments.csv")
        for answer in self.table("answers.csv"):
            for letter in "an":
                listed = sum(int(row[f"{letter}_{answer['key']}"]) for row in rows)
                self.assertEqual(int(answer[letter]), listed)
        self.assertEqual(self.recompute(files).returncode, 0)
        self.assertNotEqual(before["README.txt"], files["README.txt"])

    def test_nothing_is_about_a_reader(self) -> None:
        files = self.files()
        said = "".join(files.values())
        for person in [*self.sides["different"], *self.sides["same"], self.bridge.author]:
            self.assertNotIn(person.handle, said)
            self.assertNotIn(person.email, said)
        for name in ("comments.csv", "answers.csv", "badges.csv"):
            header = files[name].splitlines()[0]
            self.assertNotIn("reader", header)
        shown = json.loads(files["stances.json"])
        page = Client().get(reverse("comments:stances-json", args=[self.post.slug])).json()
        self.assertEqual(shown, page)

    def test_there_is_none_while_totals_are_hidden_from_anybody(self) -> None:
        for reveal, closes in (
            (Question.Reveal.AFTER_ANSWER, None),
            (Question.Reveal.AFTER_CLOSE, self.now + timedelta(days=3)),
        ):
            Question.objects.filter(post=self.post).update(reveal=reveal, closes_at=closes)
            reader = self.signed_in(self.sides["same"][0])
            for client in (Client(), reader, self.signed_in(self.author)):
                store.clear()
                answer = client.get(self.url())
                self.assertEqual(answer.status_code, 404)
                self.assertIn("you see where", answer.content.decode().lower())
        self.now += timedelta(days=4)
        self.assertTrue(self.files())

    def signed_in(self, person: object) -> Client:
        client = Client()
        client.force_login(person)  # type: ignore[arg-type]
        return client

    def test_the_bytes_are_the_same_for_everybody_and_each_time(self) -> None:
        first = Client().get(self.url())
        store.clear()
        again = Client().get(self.url())
        self.assertEqual(first.content, again.content)
        self.assertEqual(first.headers["ETag"], again.headers["ETag"])
        reader = self.signed_in(self.sides["same"][0])
        self.assertEqual(reader.get(self.url()).content, first.content)
        kept = Client().get(self.url(), headers={"If-None-Match": first.headers["ETag"]})
        self.assertEqual(kept.status_code, 304)

    def test_queries_stay_as_many(self) -> None:
        def number() -> int:
            store.clear()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                Client().get(self.url())
            return len(queries)

        before = number()
        for _more in range(5):
            self.silent_comment("same")
        self.now += timedelta(days=2)
        self.rank()
        self.assertEqual(number(), before)

    def test_before_any_ranking_the_tables_are_empty(self) -> None:
        Appraisal.objects.all().delete()
        self.post.rankings.all().delete()
        files = self.files()
        self.assertEqual(files["comments.csv"].count("\n"), 1)
        self.assertIn("It has not been ranked yet.", files["README.txt"])
        self.assertEqual(self.recompute(files).returncode, 0)
