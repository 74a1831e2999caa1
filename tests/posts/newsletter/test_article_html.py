"""Test the HTML and the text of an article in a mail, and where its beginning ends."""

from unittest import TestCase

from core.markdown.html import Profile, render
from posts.newsletter.article_html import beginning_of, for_mail
from posts.newsletter.article_text import text_for_mail
from posts.text.html_text import text_of

PAGE = "https://site.example/posts/one/"


def html(markdown: str) -> str:
    return str(render(markdown, Profile.POST))


class MailHtmlTests(TestCase):
    """What becomes of the HTML of an article."""

    def test_every_link_is_a_whole_address(self) -> None:
        made = for_mail(html("[here](/a/?b=1&c=2), [there](#h-x), <https://e.example/>"), PAGE)
        assert 'href="https://site.example/a/?b=1&amp;c=2"' in made
        assert f'href="{PAGE}#h-x"' in made
        assert 'href="https://e.example/"' in made

    def test_nothing_is_loaded(self) -> None:
        made = for_mail(
            html(f'![A "chart" <b>](/media/{"0" * 64}.png) and ![](/media/x.png)'), PAGE
        )
        for loading in ("<img", "src=", "url(", "<style", "<link"):
            assert loading not in made
        assert "Picture: A &quot;chart&quot; &lt;b&gt;</a>" in made

    def test_a_picture_within_a_link_is_its_words(self) -> None:
        made = for_mail(html(f"[![A chart](/media/{'0' * 64}.png)](/a/)"), PAGE)
        assert made == '<p><a href="https://site.example/a/">Picture: A chart</a></p>\n'

    def test_footnotes_lead_to_the_article_and_not_back(self) -> None:
        made = for_mail(html("Said.[^1]\n\n[^1]: A note."), PAGE)
        assert f'<sup><a href="{PAGE}#fn-1">1</a></sup>' in made
        assert "A note." in made
        assert "↩" not in made
        assert " id=" not in made

    def test_words_code_and_tables_stay(self) -> None:
        source = "1 < 2 &amp; 3\n\n```\na <b> &amp;\n  c\n```\n\n| x | y |\n|---|--:|\n| 1 | 2 |"
        made = for_mail(html(source), PAGE)
        assert text_of(made).split() == text_of(html(source)).split()
        assert 'class="align-right"' in made
        assert "tabindex" not in made


class BeginningTests(TestCase):
    """The rule of where a beginning ends."""

    def test_it_ends_after_the_paragraph_that_reaches_the_words(self) -> None:
        short, rest = "one two three four five.", "six seven eight nine ten."
        article = html(f"{short}\n\n{rest}\n\nNever shown.")
        for words, shown in ((1, [short]), (5, [short]), (6, [short, rest]), (10, [short, rest])):
            begun = beginning_of(article, words)
            assert text_of(begun.html).split() == " ".join(shown).split()
            assert not begun.is_all

    def test_a_long_first_paragraph_is_whole(self) -> None:
        begun = beginning_of(html(f"{'word ' * 400}\n\nThe rest."))
        assert len(text_of(begun.html).split()) == 400
        assert not begun.is_all

    def test_lists_quotations_tables_and_code_are_whole_or_left_out(self) -> None:
        long = {
            "list": "\n".join(f"- item {n} of many" for n in range(60)),
            "quotation": "\n>\n".join(f"> said {n} of many" for n in range(60)),
            "code": "```\n" + "\n".join(f"line {n} of many" for n in range(60)) + "\n```",
        }
        for name, block in long.items():
            with self.subTest(name):
                begun = beginning_of(html(f"First words.\n\n{block}\n\nThe rest."), 20)
                assert text_of(begun.html).split() == ["First", "words."]
                short = "\n".join(block.splitlines()[:3])
                short += "\n```" if name == "code" else ""
                begun = beginning_of(html(f"First words.\n\n{short}\n\nThe rest.\n\nMore."), 10)
                assert text_of(begun.html) == text_of(html(f"First words.\n\n{short}")), name

    def test_it_does_not_end_with_a_heading(self) -> None:
        begun = beginning_of(html("one two three.\n\n## Next\n\n" + "- a b c d e f\n" * 20), 4)
        assert text_of(begun.html).strip() == "one two three."

    def test_a_short_article_is_all_there_with_its_notes(self) -> None:
        article = html("Said.[^1]\n\n[^1]: A note.")
        assert beginning_of(article).is_all
        assert "A note." in beginning_of(article).html
        assert beginning_of("").is_all

    def test_notes_are_no_part_of_a_beginning(self) -> None:
        begun = beginning_of(html(f"Said.[^1] {'word ' * 160}\n\nRest.\n\n[^1]: A note."))
        assert "A note." not in begun.html
        assert "footnotes" not in begun.html

    def test_scripts_without_spaces_count_too(self) -> None:
        begun = beginning_of(html("\n\n".join(["管理とは何かを考える。" * 20] * 5)))
        assert not begun.is_all


class MailTextTests(TestCase):
    """The text of an article, as a mail program without HTML shows it."""

    def text(self, markdown: str) -> str:
        return text_for_mail(html(markdown), PAGE)

    def test_each_part_of_an_article(self) -> None:
        for name, source, shown in (
            ("paragraphs", "One *two*\nthree.\n\nFour.", "One two three.\n\nFour."),
            ("a break", "One\\\ntwo", "One\ntwo"),
            ("a heading", "## Next\n\nWords.", "Next\n\nWords."),
            ("a link", "See [this](/a/).", "See this (https://site.example/a/)."),
            ("an address", "<https://e.example/>", "https://e.example/"),
            ("a quotation", "> One\n> two\n>\n> Three\n\nEnd", "> One two\n>\n> Three\n\nEnd"),
            ("a list", "- One\n- Two\n  - In\n- Three", "- One\n- Two\n  - In\n- Three"),
            ("numbers", "3. One\n4. Two", "3. One\n4. Two"),
            ("code", "```\nif x:\n\n    y < 1\n```", "    if x:\n\n        y < 1"),
            ("code in a line", "Say `a < b`", "Say `a < b`"),
            ("a table", "| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
            ("a note", "Said.[^1]\n\n[^1]: A note.", "Said.[1]\n\n* * *\n\n[1] A note."),
            ("a rule", "One\n\n***\n\nTwo", "One\n\n* * *\n\nTwo"),
            ("a quoted list", "> - One\n> - Two", "> - One\n> - Two"),
            ("struck out", "~~no~~ yes", "~no~ yes"),
            (
                "a picture",
                f"![A chart](/media/{'0' * 64}.png)",
                f"[Picture: A chart: https://site.example/media/{'0' * 64}.png]",
            ),
            ("signs", "1 &lt; 2 &amp; “x”", "1 < 2 & “x”"),
        ):
            with self.subTest(name):
                assert self.text(source) == shown

    def test_nothing_is_nothing(self) -> None:
        assert text_for_mail("", PAGE) == ""
