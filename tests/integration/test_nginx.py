"""deploy/nginx.conf before a running Faro: TLS, one process that is away, and nothing of the operator's."""

import asyncio
import io
import re
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.fixtures.platforms.webhooks import WhatsAppWebhooks
from tests.fixtures.process import ROOT, free_port, until
from tests.fixtures.require import need_program
from tests.fixtures.serving import APP_SECRET, Served, served


@pytest.fixture
async def faro(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path / "var", trusted_proxies="127.0.0.1") as running:
        yield running


@pytest.fixture
async def site(faro: Served, tmp_path: Path) -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    """The address of nginx, and who trusts its certificate."""
    program = need_program("nginx", name="nginx", package="nginx-light")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate), "-days", "2"]
    await asyncio.to_thread(subprocess.run, [*made, *files, *subject], check=True, capture_output=True)
    port = free_port()
    config = tmp_path / "nginx.conf"
    config.write_text(whole(tmp_path, port, faro.settings.port), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        program, "-c", str(config), "-p", str(tmp_path), "-e", str(tmp_path / "error.log")
    )
    verify = ssl.create_default_context(cafile=str(certificate))
    url = f"https://localhost:{port}"
    try:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=verify)) as http:
            assert await until(lambda: answers(http, url), seconds=20), (tmp_path / "error.log").read_text()
            yield url, http
    finally:
        process.terminate()
        await process.wait()


def whole(folder: Path, port: int, upstream: int) -> str:
    """The file as it stands, with free ports, a certificate of our own, and a process that is away first."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("faro.example.org", "localhost")
    text = re.sub(r"ssl_certificate \S+;", f"ssl_certificate {folder}/cert.pem;", text)
    text = re.sub(r"ssl_certificate_key \S+;", f"ssl_certificate_key {folder}/key.pem;", text)
    text = re.sub(r"    listen \[::\]\S+.*\n", "", text)
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("127.0.0.1:8080 ", f"127.0.0.1:{free_port()} ")
    text = text.replace("# server 127.0.0.1:8081", f"server 127.0.0.1:{upstream}")
    temporary = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ {temporary}\n{text}\n}}\n"
    )


async def answers(http: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with http.get(f"{url}/api/hsds") as response:
            return response.status == 200
    except (aiohttp.ClientError, OSError):
        return False


async def test_nginx_passes_messages_and_keeps_the_operators_pages_inside(
    faro: Served, site: tuple[str, aiohttp.ClientSession]
) -> None:
    url, http = site
    to_whatsapp = WhatsAppWebhooks(http, f"{url}/webhooks/whatsapp", app_secret=APP_SECRET)
    statuses = []
    for number in range(6):
        message = to_whatsapp.message(f"52155500000{number:02}", "text", {"body": "hola"})
        statuses.append(await to_whatsapp.post(to_whatsapp.notification(message)))

    inside = {}
    for path in ("/metrics", "/health/live", "/health/ready"):
        async with http.get(url + path) as response:
            inside[path] = response.status
    async with http.post(
        f"{url}/webhooks/whatsapp", data=io.BytesIO(bytes(9_000_000)), expect100=True
    ) as response:
        too_large = response.status

    assert statuses == [200] * 6
    assert set(inside.values()) == {404}
    assert too_large == 413
    assert await until(lambda: len(faro.graph.messages) == 6, seconds=30)
