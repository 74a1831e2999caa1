"""Render Markdown to safe HTML, without Django, so that a child process starts quickly.

`pipeline` runs the parser (`parser`, `rules`, `code`, `addresses`), then the sanitizers, which
enforce one `policy`. `worker` runs the pipeline in a process that can be killed. The rest of the
site imports `core.markdown.html` only, which alone needs Django.
"""
