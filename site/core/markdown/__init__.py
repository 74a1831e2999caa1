"""Markdown to safe HTML, without Django: pure Python that a child process loads in a blink.

`pipeline` is the way through: the parser (`parser`, `rules`, `code`, `addresses`), then the
sanitizers, which hold everything against one `policy`. `worker` runs it in a process that can be
killed. The rest of the site comes in through `core.markdown.html` only.
"""
