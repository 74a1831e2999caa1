"""Run nginx, which serves a page as a file, and caches pages of the site for a second."""

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.services import Missing, free_port, obtain, on_machine

from .captured import Captured
from .site import MeasuredSite, wait_for

# Everyone sees a write within a second, so nothing may be cached for longer.
CONFIG = """
{user}
worker_processes 2;
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000;
    sendfile on;
    open_file_cache max=100;
    proxy_cache_path {folder}/cache keys_zone=pages:10m;
    upstream site {{ server 127.0.0.1:{site_port}; keepalive 16; }}
    server {{
        listen 127.0.0.1:{port};
        location /file/ {{
            alias {folder}/files/;
            default_type text/html;
            add_header Content-Encoding $arg_encoding;
        }}
        location / {{
            proxy_pass http://site;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_cache pages;
            proxy_cache_key $uri$is_args$args;
            proxy_ignore_headers Cache-Control Expires;
            proxy_cache_valid 200 1s;
            proxy_cache_lock on;
            proxy_cache_use_stale updating;
            proxy_cache_background_update on;
        }}
    }}
}}
"""


@cache
def program() -> Path | None:
    """Return nginx's program, installed if need be, or None where that is impossible."""
    try:
        return obtain("nginx", "nginx", lambda: on_machine("nginx"))
    except Missing:
        return None


@contextlib.contextmanager
def in_front(place: MeasuredSite, nginx: Path, page: Captured) -> Iterator[tuple[str, int]]:
    """Run nginx with `page` at `/file/page` and all else from the site, cached for a second.

    Yield its address and its main process.
    """
    folder = Path(tempfile.mkdtemp(prefix="nginx-", dir=place.site.folder))
    port = free_port()
    (folder / "files").mkdir()
    (folder / "files" / "page").write_bytes(page.content)
    values = {
        "folder": folder,
        "port": port,
        "site_port": place.site.url.rpartition(":")[2],
        "user": "" if os.geteuid() else "user root;",
    }
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(**values))
    url = f"http://localhost:{port}"
    command = [str(nginx), "-c", str(config), "-e", str(folder / "errors")]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as server:
        try:
            wait_for(f"{url}/file/page", server, folder / "errors")
            yield url, server.pid
        finally:
            server.terminate()


def file_path(page: Captured) -> str:
    """Return the path of the file, to be sent with the encoding of `page`."""
    encoding = page.header("Content-Encoding")
    return f"/file/page?encoding={encoding}" if encoding else "/file/page"
