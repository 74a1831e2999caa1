"""Tell asides from an article's own voice: captions, and the words of authors who take leave.

Both may ask ("Enjoyed this? Subscribe."), but not what readers are to answer. Known are the usual
forms in English, German, French and Spanish. Pure.
"""

import re

from ..text.html_text import text_of

# A paragraph of nothing but a picture, or the link in its place, and of nothing but emphasis.
_PICTURE = re.compile(r"<p>\s*(?:<a\b[^>]*>(?:(?!</a>).)*</a>|<img\b[^>]*>)\s*", re.DOTALL)
_EMPHASIS = re.compile(r"(?:<p>)?\s*<em>(?:(?!</?em>).)*</em>\s*</p>", re.DOTALL)
_CAPTION = re.compile(
    r"(?:fig(?:ure|ura|\.)?|table|tab\.|photo|image|picture|illustration|source|credit|abb(?:ildung"
    r"|\.)|bild|foto|tabelle|quelle|tableau|crédit|tabla|imagen|fuente|図|表|写真)"
    r"\s*\d*[a-z]?\s*[:.：–—]",
    re.IGNORECASE,
)
# The first words of a postscript, a signature, thanks and farewells.
_FAREWELL = re.compile(
    r"p\.?\s?[sd]\.?\s*[:.,–—-]"
    r"|(?:-|–|—)\s?\w"
    r"|(?:(?:many )?thanks|thank you|(?:vielen )?dank|danke|merci|(?:muchas )?gracias)"
    r"(?:[,.!—–]| (?:for reading|so much|again|fürs lesen|d['’]avoir lu|por leer))"
    r"|(?:cheers|(?:best|kind|warm)(?: wishes| regards)?|regards|yours(?: \w+)?|sincerely"
    r"|(?:viele|liebe|herzliche|beste) grüße|cordialement|amitiés|saludos|un abrazo)\s*[,.!]"
    r"|see you (?:next|soon|there|in)\b|until next|bis bald|bis zum nächsten|à bientôt"
    r"|à la prochaine|hasta (?:pronto|la próxima)",
    re.IGNORECASE,
)
# Calls to do something else than to answer.
_CALL = re.compile(
    r"\s*(?:(?:please|then|just|bitte|dann) )?"
    r"(?:subscribe|sign up|follow (?:me|us)|(?:share|forward) (?:this|it)|buy me"
    r"|join (?:my|our|the)|get (?:my|our|the) newsletter|abonnier\w*|folg(?:t|en sie)? mir"
    r"|teil(?:t|en sie)? (?:ihn|es)|abonne\w*|partage\w*|suscr[ií]b\w*|comp[aá]rt\w+)\b",
    re.IGNORECASE,
)
# Questions that offer something, and such as any article could end with.
_OFFER = (
    r"(?:(?:any|got|have(?: you)?(?: got)?|do you have) (?:an? |any )?"
    r"(?:questions?|tips?|comments?|feedback|corrections?|stor(?:y|ies))"
    r"|(?:did you |have you )?(?:liked?|enjoy(?:ed)?) (?:this|it|what)|want(?:ed)? (?:more|to read)"
    r"|new here|missed (?:it|part)|(?:noch )?fragen|hat (?:es )?(?:dir|ihnen|euch)|des questions"
    r"|(?:vous avez|ça vous a) aimé|te (?:ha gustado|gustó)|¿?alguna pregunta)[^.!?]*"
)
_SMALL_TALK = re.compile(
    rf"(?:{_OFFER}|(?:so |and |but |well,? |now |und |et |y |¿)*"
    r"(?:what (?:do|about) you(?: think| say)?(?: about (?:it|this|that)| of (?:it|this))?"
    r"|what are your thoughts|what say you|(?:any )?thoughts|(?:do you )?(?:dis)?agree(?: or not)?"
    r"|am i (?:right|wrong)|right|no|was (?:denk|mein)(?:st du|t ihr|en sie)(?: dazu)?"
    r"|wie (?:siehst du|seht ihr|sehen sie) das|(?:et )?vous|qu['’]en (?:pensez-vous|penses-tu)"
    r"|(?:y )?(?:tú|usted|ustedes)|qué (?:opinas|piensas|opinan|piensan))\s*\?\s*)+",
    re.IGNORECASE,
)


def is_aside(block: str, before: str) -> bool:
    """Return whether the HTML `block`, which follows the block `before`, is no paragraph of text.

    That is anything but a paragraph, a caption, and the words of an author who takes leave.
    """
    if not block.startswith("<p>"):
        return True
    return is_caption(block, before) or bool(_FAREWELL.match(text_of(block).strip()))


def is_caption(block: str, before: str) -> bool:
    """Return whether the HTML paragraph `block`, which follows `before`, says what a picture is."""
    return bool(_CAPTION.match(text_of(block).strip())) or _is_below_picture(block, before)


def is_sign_off(run: str, after: str) -> bool:
    """Return whether the questions `run`, which the text `after` follows, ask for no stance.

    That is small talk, an offer, and a question that leads up to a call.
    """
    return bool(_SMALL_TALK.fullmatch(run) or _CALL.match(after))


def _is_below_picture(block: str, before: str) -> bool:
    """Return whether `block` is emphasis as a whole below a picture, or with one above it."""
    picture = _PICTURE.match(block)
    if picture is not None:
        return _EMPHASIS.fullmatch(block, picture.end()) is not None
    follows = _PICTURE.fullmatch(before.removesuffix("</p>")) or before.startswith("<figure")
    return bool(follows and _EMPHASIS.fullmatch(block))
