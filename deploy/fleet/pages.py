"""The web servers of a fleet: application hosts, worker, and nginx with the documented file."""

import http.client
import os
import ssl
import subprocess
import sys
from functools import cache
from grp import getgrgid
from pathlib import Path
from signal import SIGTERM

from tests import services
from tests.services import ROOT, Missing

from .supervisor import Server

NAME = "localhost"
_NGINX_CONF = """\
{user}daemon off;
pid {folder}/nginx.pid;
worker_processes 2;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    include {types};
    log_format fleet "$status $upstream_cache_status $remote_addr $request";
    access_log {folder}/access.log fleet;
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
    include {folder}/site.conf;
}}
"""
_TYPES = (Path("/etc/nginx/mime.types"), Path("/usr/local/etc/nginx/mime.types"))
# Rate limits of the documented file and their replacement: a load test has few IP addresses.
_LIMITS = {"rate=30r/s": "rate=100000r/s", "rate=2r/s": "rate=100000r/s"}


def application(name: str, folder: Path, address: str, environment: dict[str, str]) -> Server:
    """Return an application host: gunicorn with the documented file, listening at `address`."""
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    return Server(
        name,
        command,
        folder,
        lambda: _healthy(address),
        environment=environment | {"BIND": address},
    )


def worker(folder: Path, environment: dict[str, str]) -> Server:
    """Return the worker that runs the jobs in the queue."""
    command = [sys.executable, "manage.py", "worker"]
    return Server("worker", command, folder, lambda: None, environment=environment)


def _healthy(address: str) -> None:
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        # Without this header the application would redirect to https.
        headers = {"Host": NAME, "X-Forwarded-Proto": "https"}
        connection.request("GET", "/healthz", headers=headers)
        if connection.getresponse().status != http.HTTPStatus.OK:
            raise ConnectionError(f"{address} is not healthy")
    except http.client.HTTPException as error:
        raise ConnectionError(f"{address} does not speak HTTP") from error
    finally:
        connection.close()


def nginx(
    folder: Path, data: Path, ports: tuple[int, int], hosts: list[str], *, limited: bool
) -> Server:
    """Return nginx at `ports` (http, https) in front of `hosts`; `data` is their DATA_DIR."""
    (folder / "temporary").mkdir()
    _make_certificate(folder)
    (folder / "site.conf").write_text(site_settings(folder, data, ports, hosts, limited=limited))
    program = services.nginx_program()
    types = _media_types()
    # Of the site's group, as the README of deploy/ says, and not its user.
    user = "" if os.geteuid() else f"user nobody {getgrgid(os.getegid()).gr_name};\n"
    settings = folder / "nginx.conf"
    settings.write_text(_NGINX_CONF.format(user=user, folder=folder, types=types))
    command = [str(program), "-p", str(folder), "-c", str(settings)]
    _check(command)
    return Server("nginx", command, folder, lambda: _answers(ports[1]), stop_signal=SIGTERM)


def _media_types() -> Path:
    """Return the file of media types that an installed nginx brings."""
    found = next((path for path in _TYPES if path.exists()), None)
    if found is None:
        raise Missing("nginx has no mime.types")
    return found


def site_settings(
    folder: Path, data: Path, ports: tuple[int, int], hosts: list[str], *, limited: bool = True
) -> str:
    """Return deploy/nginx.conf, adapted as described in its first lines and to our ports.

    Raises Missing if the file lacks a line that must be adapted.
    """
    text = (ROOT / "deploy/nginx.conf").read_text()
    upstream = "    server 127.0.0.1:8000 max_fails=1 fail_timeout=2s;\n"
    for old, new in {
        upstream: "".join(upstream.replace("127.0.0.1:8000", host) for host in hosts),
        "    listen 80;\n    listen [::]:80;\n": f"    listen 127.0.0.1:{ports[0]};\n",
        "    listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n": f"    listen "
        f"127.0.0.1:{ports[1]} ssl http2;\n",
        "/etc/letsencrypt/live/discuss.example.org": str(folder),
        "/var/cache/nginx": str(folder),
        "/var/lib/counterpoint": str(data),
        "discuss.example.org": NAME,
        **({} if limited else _LIMITS),
    }.items():
        if old not in text:
            raise Missing(f"deploy/nginx.conf no longer contains {old.strip()!r}")
        text = text.replace(old, new)
    return text


@cache
def client_context() -> ssl.SSLContext:
    """Return an SSL context that accepts nginx's self-signed certificate.

    It reads none of the machine's certificates, which takes longer than a request.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _make_certificate(folder: Path) -> None:
    command = [str(services.openssl_program()), "req", "-x509", "-newkey", "ec"]
    command += ["-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
    command += ["-subj", f"/CN={NAME}", "-keyout", str(folder / "privkey.pem")]
    command += ["-out", str(folder / "fullchain.pem")]
    subprocess.run(command, check=True, capture_output=True)


def _check(command: list[str]) -> None:
    """Let nginx test its settings; raise Missing with its message if they are invalid."""
    done = subprocess.run([*command, "-t"], capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"nginx refuses its settings: {done.stderr.strip()}")


def _answers(port: int) -> None:
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=client_context())
    try:
        connection.request("GET", "/healthz", headers={"Host": NAME})
        connection.getresponse().read()
    except http.client.HTTPException as error:
        raise ConnectionError("nginx does not speak HTTP") from error
    finally:
        connection.close()
