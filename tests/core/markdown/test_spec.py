"""Test that the parser follows the CommonMark specification, except for safety."""

import json
from pathlib import Path

from core.markdown.parser import Parser
from core.markdown.policy import Profile
from core.markdown.rules import core_rules

EXAMPLES = json.loads((Path(__file__).parents[2] / "data" / "commonmark.json").read_text())

# Addresses with a scheme that is not http, https or mailto, or that looks like one.
OTHER_ON_PURPOSE = {500, 596, 598, 599, 601}


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
    assert others == OTHER_ON_PURPOSE
    assert len(EXAMPLES) == 580
    assert 1 - len(others) / len(EXAMPLES) >= 0.99
