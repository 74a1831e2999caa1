"""Measure the bytes of a first visit: the page and all files it names, compressed as by a proxy."""

import gzip
import re
import urllib.request
from collections.abc import Iterator
from urllib.parse import urljoin

LEVEL = 6  # gzip's default; the application leaves compression to the proxy
STYLES = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
SCRIPTS = re.compile(r'<script[^>]* src="([^"]+)"')
FONTS = re.compile(r'<link rel="preload" href="([^"]+\.woff2)"')
THREADS, WORDS = b'<ol class="threads"', re.compile(rb' dir="auto">(.*?)</div>', re.DOTALL)
IMPORTS = re.compile(r'(?:import|from)\s*"(\.[^"]+)"')


def weigh(page: str, headers: dict[str, str]) -> dict[str, int]:
    """Return the compressed bytes of the page at the address `page`, by kind."""
    html = load(page, headers)
    text = html.decode()
    styles = [urljoin(page, address) for address in STYLES.findall(text)]
    scripts = list(modules([urljoin(page, address) for address in SCRIPTS.findall(text)]))
    fonts = [urljoin(page, address) for address in FONTS.findall(text)]
    return {
        "html": packed(html),
        "css": sum(packed(load(style)) for style in styles),
        "js": sum(packed(load(script)) for script in scripts),
        "fonts": sum(len(load(font)) for font in fonts),
    }


def modules(addresses: list[str]) -> Iterator[str]:
    """Yield scripts and all modules they import, each once."""
    seen: set[str] = set()
    waiting = list(addresses)
    while waiting:
        address = waiting.pop()
        if address not in seen:
            seen.add(address)
            yield address
            imported = IMPORTS.findall(load(address).decode())
            waiting += [urljoin(address, each) for each in imported]


def load(address: str, headers: dict[str, str] | None = None) -> bytes:
    """Return the content at `address`, uncompressed unless `headers` accept an encoding."""
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers or {})) as answer:
        content: bytes = answer.read()
    return content


def packed(content: bytes) -> int:
    """Return the number of bytes of `content` when compressed."""
    return len(gzip.compress(content, LEVEL))


def view(site: str, path: str) -> dict[str, int]:
    """Return the bytes of HTML of a page and of its parts, and the number of comments shown.

    The parts are the comments' texts (`words`), the rest of their `cards`, and the `rest` of the
    page, which is mostly the article. `wire` is the bytes sent to a browser.
    """
    html = load(f"{site}{path}", {})
    threads = html[html.index(THREADS) : html.rindex(b"</ol>")]
    words = sum(map(len, WORDS.findall(threads)))
    return {
        "html": len(html),
        "wire": len(load(f"{site}{path}", {"Accept-Encoding": "gzip"})),
        "shown": html.count(b"data-comment-id="),
        "words": words,
        "cards": len(threads) - words,
        "rest": len(html) - len(threads),
    }
