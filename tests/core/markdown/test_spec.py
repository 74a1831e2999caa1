"""Test that the parser follows the CommonMark specification, except for safety."""

import json
from pathlib import Path

from core.markdown.parser import Parser
from core.markdown.policy import Profile
from core.markdown.rules import core_rules

EXAMPLES = json.loads((Path(__file__).parents[2] / "data" / "commonmark.json").read_text())

# What comes out otherwise on purpose, by reason. HTML is shown as typed and never obeyed:
RAW_HTML = {
    *(21, 31, *range(148, 192), 308, 309, 344, *range(475, 478), 491, 494, 524, 536),
    *(*range(613, 618), 623, *range(625, 632), 642, 643),
}
# Only http, https and mailto are linked, and nothing that looks like another scheme:
OTHER_SCHEMES = {500, 596, 598, 599, 601}
# A definition whose target is no address of a page (`url`, `train.jpg`) is a line of words, which
# would vanish:
NO_ADDRESS = {194, 195, 200, 201, 203, 204, 573, 576, 577}


def bare_parser() -> Parser:
    """Return our parser without what we add to CommonMark; its limits and safety stay."""
    parser = Parser(Profile.COMMENT)
    parser.disable(["table", "strikethrough", "linkify", *core_rules(Profile.COMMENT)])
    return parser


def normal(html: str) -> str:
    """Return `html` without differences that mean nothing."""
    return html.replace(" />", ">").replace("<blockquote>\n</", "<blockquote></").strip()


def test_all_examples_come_out_as_the_specification_has_them() -> None:
    parser = bare_parser()
    others = {
        example["number"]
        for example in EXAMPLES
        if normal(parser.render(example["markdown"])) != normal(example["html"])
    }
    assert others == RAW_HTML | OTHER_SCHEMES | NO_ADDRESS
    assert len(EXAMPLES) == 652


def test_html_in_examples_is_shown_as_typed() -> None:
    parser = bare_parser()
    shown = (
        example["number"] for example in EXAMPLES if "&lt;" in parser.render(example["markdown"])
    )
    assert set(shown) >= RAW_HTML
