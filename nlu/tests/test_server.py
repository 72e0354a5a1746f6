"""The NLU process as the service meets it: answers, refusals, and how it ends."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent


def post(url: str, body: bytes) -> tuple[int, dict]:
    request = urllib.request.Request(url + "/model/parse", data=body, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def ask(served, text: object) -> tuple[int, dict]:
    return post(served.url, json.dumps({"text": text}).encode())


def test_it_says_where_it_listens_and_with_which_model(served, archive: Path) -> None:
    assert served.ready == {
        "port": served.ready["port"],
        "pid": served.process.pid,
        "model": archive.name[:16],
    }


def test_it_answers_in_rasas_shape(served) -> None:
    status, answer = ask(served, "necesito donde dormir en Tlapa")
    assert status == 200
    assert {"text", "intent", "entities", "intent_ranking"} <= answer.keys()
    assert answer["intent"].keys() == {"name", "confidence"}


@pytest.mark.parametrize("path", ["/", "/status"])
def test_it_tells_that_it_is_well(served, path: str) -> None:
    with urllib.request.urlopen(served.url + path, timeout=5) as answer:
        assert json.load(answer)["status"] == "ok"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "😂😂👍",
        "\u200b\u200d",
        "أحتاج مساعدة",
        "ho\0la",
        "\ud800",
        "\x07\x1b[31m",
        "/affirm{}",
        "x" * 50_000,
        "ya basta " * 5_000,
    ],
)
def test_any_text_gets_a_defined_answer_in_time(served, text: str) -> None:
    begun = time.monotonic()
    status, answer = ask(served, text)
    assert status == 200
    assert answer["intent"]["name"] != "affirm"
    assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"hola"',
        b"{}",
        b'{"text": null}',
        b'{"text": 7}',
        b'{"text": {}}',
        b'{"text": []}',
        b"\xff\xfe",
        b"[" * 50_000,
    ],
)
def test_what_is_no_text_is_refused_with_a_sentence(served, body: bytes) -> None:
    status, answer = post(served.url, body)
    assert status == 400
    assert answer["message"].endswith(".") or "Send" in answer["message"]


def test_a_body_over_64_kb_is_refused(served) -> None:
    status, answer = post(served.url, json.dumps({"text": "a" * 100_000}).encode())
    assert status == 413
    assert "64 kB" in answer["message"]


def test_one_bad_text_fails_no_other_that_waits_with_it(served) -> None:
    import aiohttp

    async def all_at_once() -> list[int]:
        async with aiohttp.ClientSession() as session:

            async def one(text: str) -> int:
                async with session.post(
                    served.url + "/model/parse", data=json.dumps({"text": text})
                ) as answer:
                    return answer.status

            return await asyncio.gather(*[one(["hola", "\ud800", "", "\0"][i % 4]) for i in range(40)])

    assert set(asyncio.run(all_at_once())) == {200}


def test_too_many_that_wait_are_sent_away(loaded) -> None:
    from aiohttp.test_utils import TestClient, TestServer

    from faro_nlu import server

    class Slow:
        name = "slow"

        def parse(self, texts: list[str]) -> list[dict]:
            time.sleep(0.3)
            return [{"text": text} for text in texts]

    async def flood() -> list[int]:
        async with TestClient(TestServer(server.application(Slow()))) as client:  # type: ignore[arg-type]

            async def one() -> int:
                async with client.post("/model/parse", json={"text": "hola"}) as answer:
                    return answer.status

            return await asyncio.gather(*[one() for _ in range(server.WAITING_AT_MOST + 80)])

    server_limit, server.WAITING_AT_MOST = server.WAITING_AT_MOST, 8
    try:
        answered = asyncio.run(flood())
    finally:
        server.WAITING_AT_MOST = server_limit
    assert set(answered) == {200, 503}


def start(models: Path, **more) -> subprocess.Popen:
    command = [sys.executable, "-m", "faro_nlu", "serve", "--models", str(models), "--until-stdin-closes"]
    return subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, **more)


def test_it_ends_when_its_standard_input_closes(archive: Path) -> None:
    process = start(archive.parent, stdin=subprocess.PIPE)
    assert process.stdout
    assert process.stdin
    process.stdout.readline()
    process.stdin.close()
    assert process.wait(5) == 0
    process.stdout.close()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told(archive: Path, name: signal.Signals) -> None:
    process = start(archive.parent, stdin=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    process.send_signal(name)
    assert process.wait(5) == 0
    process.communicate()


def test_it_ends_when_its_parent_is_killed(archive: Path) -> None:
    parent_code = (
        "import subprocess, sys; "
        "p = subprocess.Popen([sys.executable, '-m', 'faro_nlu', 'serve', '--until-stdin-closes', "
        f"'--models', {str(archive.parent)!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE); "
        "print(p.stdout.readline().decode(), flush=True); p.wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", parent_code], cwd=HOME, stdout=subprocess.PIPE)
    assert parent.stdout
    child = json.loads(parent.stdout.readline())["pid"]
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait(5)
    parent.stdout.close()
    assert _gone(child, within=5)


def test_it_prints_no_text_anywhere(archive: Path) -> None:
    process = start(archive.parent, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stdin
    port = json.loads(process.stdout.readline())["port"]
    post(f"http://127.0.0.1:{port}", json.dumps({"text": "secretisimo \ud800"}).encode())
    process.stdin.close()
    process.wait(5)
    assert process.stderr
    with process.stdout as out, process.stderr as errors:
        assert b"secretisimo" not in out.read() + errors.read()


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "faro_nlu", "serve", "--models", str(tmp_path)],
        cwd=HOME,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"python -m faro_nlu train" in done.stderr


def _gone(pid: int, *, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
