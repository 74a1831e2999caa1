"""The Markdown parser of each profile: CommonMark, without raw HTML, with a few extensions."""

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink

from . import addresses, links, mentions, rules
from .footnotes import footnotes
from .policy import Profile

_OPTIONS = {
    "html": False,
    "linkify": True,
    "xhtmlOut": False,
    # Above `rules.MAX_DEPTH`, because the parser drops what exceeds its own limit.
    "maxNesting": 100,
}


class Parser(MarkdownIt):
    """The parser for texts of one profile; it keeps no state between texts."""

    def __init__(self, profile: Profile) -> None:
        super().__init__("commonmark", _OPTIONS)
        self.enable(["table", "strikethrough", "linkify"])
        self._link_whole_addresses_only()
        self.inline.ruler.at("linkify", links.link_bare_address)
        self.block.ruler.at("reference", links.define_link)
        self.block.ruler.before("table", "shallow_blocks", rules.refuse_deep_blocks)
        if profile is Profile.POST:
            self.use(footnotes)
        else:
            self.core.ruler.before("text_join", "mentions", mentions.link_mentions)
        self.core.ruler.before("text_join", "visible_entities", rules.show_hidden_entities)
        for name, rule in rules.core_rules(profile).items():
            self.core.ruler.push(name, rule)

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parser's own name
        """Return `url` encoded for HTML."""
        return normalizeLink(url)

    def normalizeLinkText(self, url: str) -> str:  # noqa: N802 - the parser's own name
        """Return the text of `<address>` as typed: decoded, it could show another address."""
        return url

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the parser's own name
        """Return whether `url` may become a link; otherwise its Markdown stays as typed."""
        return addresses.is_safe(url)

    def _link_whole_addresses_only(self) -> None:
        # `readme.md` is a file, and an e-mail address is linked only if its writer does so.
        assert self.linkify is not None
        self.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
        self.linkify.add("ftp:", None).add("//", None)
