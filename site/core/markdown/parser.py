"""The Markdown parser of each profile: CommonMark, without raw HTML, with a few extensions."""

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink

from . import addresses, rules
from .footnotes import footnotes
from .policy import Profile

_OPTIONS = {
    "html": False,
    "linkify": True,
    "xhtmlOut": False,
    # Far above `rules.MAX_DEPTH`, so that the parser's own limit never drops a word.
    "maxNesting": 100,
}


class Parser(MarkdownIt):
    """The parser for texts of one profile. It keeps nothing of a text for the next."""

    def __init__(self, profile: Profile) -> None:
        super().__init__("commonmark", _OPTIONS)
        self.enable(["table", "strikethrough", "linkify"])
        self._link_whole_addresses_only()
        self.block.ruler.before("table", "shallow_blocks", rules.refuse_deep_blocks)
        if profile is Profile.POST:
            self.use(footnotes)
        self.core.ruler.before("text_join", "visible_entities", rules.show_hidden_entities)
        for name, rule in rules.core_rules(profile).items():
            self.core.ruler.push(name, rule)

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parser's own name
        """Return `url` as it will stand in HTML."""
        return normalizeLink(url)

    def normalizeLinkText(self, url: str) -> str:  # noqa: N802 - the parser's own name
        """Return the words of a bare link as typed: decoded, they could show what nobody typed."""
        return url

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the parser's own name
        """Tell whether `url` may become a link; else its Markdown stays as it was typed."""
        return addresses.is_safe(url)

    def _link_whole_addresses_only(self) -> None:
        # `readme.md` is a file, and whether to link an e-mail address is up to whose it is.
        assert self.linkify is not None
        self.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
        self.linkify.add("ftp:", None).add("//", None)
