"""Test the databases' query plans: every slice of a discussion is read through an index."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.listing.sorts import SORTS
from comments.models import Appraisal, Comment
from comments.ranking.tasks import rank
from comments.reading import visits
from tests.cast import Cast

TABLE = Comment._meta.db_table
TABLES = (TABLE, Appraisal._meta.db_table)
READ = re.compile(f'FROM "({"|".join(TABLES)})"')
POSTGRESQL = connection.vendor == "postgresql"
# Either of these indexes will do for the rest of a thread.
BY_TIME = ("comment_threads_oldest", "comment_threads_newest")
# The index that each slice is read by.
INDEXES = {
    **{f"sort {sort}": entry.threads.index for sort, entry in SORTS.items()},
    **{f"one stance, sort {sort}": entry.with_stance.index for sort, entry in SORTS.items()},
    "one branch": "comment_branch",
    "a comment deep inside": "comment_branch",
    "new since": "comment_arrivals",
}


class QueryPlanTests(Cast):
    """The plans of the queries of each kind of page."""

    places: ClassVar[dict[str, str]]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make a discussion of several pages, and find the addresses of its slices."""
        super().setUpTestData()
        call_command("generate_discussion", cls.post.slug, comments=400, stdout=StringIO())
        rank(cls.post)
        if POSTGRESQL:
            # Without new statistics it may take the tables for empty, and read them whole.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        deep = Comment.objects.order_by("-depth", "pk")[0]
        page = cls.post.get_absolute_url()
        cls.places = {
            **{f"sort {sort}": f"{page}?sort={sort}" for sort in SORTS},
            **{f"one stance, sort {sort}": f"{page}?stance=same&sort={sort}" for sort in SORTS},
            "one branch": f"{page}?thread={deep.parent_id}",
            "a comment deep inside": f"/comments/{deep.pk}/",
            "new since": f"{page}?since=0",
        }

    def test_first_pages(self) -> None:
        for name, address in self.places.items():
            with self.subTest(name):
                self.assert_read_by_index(address, INDEXES[name])

    def test_pages_after_a_cursor(self) -> None:
        for name, address in self.places.items():
            if name == "a comment deep inside":
                continue  # which leads to a branch
            asked = self.asked(address) | {"size": "1"}
            shown = self.client.get(address, asked, follow=True).text
            found = re.search(r'href="([^"]*after=[^"]*)#', shown)
            with self.subTest(name):
                assert found, "there is no next page"
                self.assert_read_by_index(found[1].replace("&amp;", "&"), INDEXES[name])

    def asked(self, address: str) -> dict[str, str]:
        """Return what an address asks; the client would drop it beside other questions."""
        return dict(parse_qsl(urlsplit(address).query))

    def test_what_is_new_to_somebody_signed_in(self) -> None:
        self.client.force_login(self.reader)
        visits.read_up_to(self.post, 1, by=self.reader)
        with CaptureQueriesContext(connection) as queries:
            self.client.get(f"{self.post.get_absolute_url()}?sort=oldest")
        joined = [q["sql"] for q in queries if "AS texts)" in q["sql"]]
        [asked] = [sql for sql in joined if "arrival" in sql]
        plan = postgresql_plan(asked) if POSTGRESQL else sqlite_plan(asked)
        self.assertIn("comment_arrivals", plan.indexes, plan.says)

    def test_writing(self) -> None:
        self.client.force_login(self.reader)
        parent = Comment.objects.filter(post=self.post, depth=2).latest("pk")
        form = {"stance": "same", "body": "A reply.", "parent": parent.pk, "form_key": uuid4()}
        with CaptureQueriesContext(connection) as queries:
            self.client.post(reverse("comments:answer", args=[self.post.slug]), form)
        self.assertEqual(Comment.objects.latest("pk").parent, parent)
        self.assert_all_planned(queries)

    def test_a_table_read_from_end_to_end_would_be_seen(self) -> None:
        with CaptureQueriesContext(connection) as queries:
            list(Comment.objects.filter(body="nowhere"))
        with pytest.raises(AssertionError):
            self.assert_planned(queries.captured_queries[0]["sql"])

    def assert_read_by_index(self, address: str, index: str) -> None:
        cache.clear()  # of rankings, which need not be read again within their second
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(self.client.get(address, follow=True).status_code, 200)
        used = self.assert_all_planned(queries)
        self.assertTrue(used & set(BY_TIME if index in BY_TIME else [index]), used)

    def assert_all_planned(self, queries: CaptureQueriesContext) -> set[str]:
        """Fail unless every query about comments is planned well; return the indexes they use."""
        reads = [q["sql"] for q in queries if READ.search(q["sql"])]
        self.assertTrue(reads)
        return {name for statement in reads for name in self.assert_planned(statement)}

    def assert_planned(self, statement: str) -> set[str]:
        """Fail unless comments are found by an index and in its order; return the indexes.

        A few rows that are known by id may be sorted: the ancestors of a branch.
        """
        plan = postgresql_plan(statement) if POSTGRESQL else sqlite_plan(statement)
        self.assertTrue(plan.found_by_index, f"{statement}\n{plan.says}")
        self.assertTrue(plan.by_id or not plan.sorts, f"{statement}\n{plan.says}")
        return plan.indexes


@dataclass
class Plan:
    """What matters of a plan: how comments are found, and whether rows are sorted."""

    indexes: set[str]
    found_by_index: bool
    by_id: bool
    sorts: bool
    says: str


def sqlite_plan(statement: str) -> Plan:
    """Ask SQLite: SEARCH is a range of an index, SCAN a whole one or the whole table."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        steps = [str(row[-1]) for row in cursor.fetchall()]
    # A query inside another calls the table by an alias.
    names = "|".join([TABLE, *re.findall(rf'FROM "{TABLE}" (U\d+)', statement)])
    return Plan(
        indexes={name for step in steps for name in re.findall(r"INDEX (\w+)", step)},
        found_by_index=any(re.match(f"SEARCH ({names})", step) for step in steps)
        and not any(re.match(f"SCAN ({names})", step) for step in steps),
        by_id=any(step.startswith(f"SEARCH {TABLE} USING INTEGER PRIMARY KEY") for step in steps),
        sorts=any("TEMP B-TREE" in step for step in steps),
        says="\n".join(steps),
    )


def postgresql_plan(statement: str) -> Plan:
    """Ask PostgreSQL how it would read a table too large to be read or sorted whole."""
    with connection.cursor() as cursor:
        for whole in ("seqscan", "sort", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{whole} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        [[[answer]]] = cursor.fetchall()
    nodes = list(below(answer["Plan"]))
    reads = [node for node in nodes if node.get("Relation Name") in TABLES]
    # A bitmap scan of the table has its condition in the scan of the index below it.
    indexes = [node for read in reads for node in below(read) if "Index Name" in node]
    return Plan(
        indexes={str(node["Index Name"]) for node in indexes},
        found_by_index=bool(indexes) and all("Index Cond" in node for node in indexes),
        by_id=all(node["Index Name"] == f"{TABLE}_pkey" for node in indexes),
        sorts=any(node["Node Type"] == "Sort" for node in nodes),
        says=json.dumps(answer, indent=1),
    )


def below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a node of a plan and all nodes below it."""
    yield node
    for child in node.get("Plans", []):
        yield from below(child)
