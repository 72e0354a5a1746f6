"""Executes the steps of the Dockerfiles in a clean folder, as far as that goes without an engine.

python -m tools.build_images [--train] [FOLDER]. COPY and `uv sync` run as written, with the image's paths
under FOLDER, from a context that .dockerignore lets through; then the image's own command is started with
its environment and asked whether it lives. Not executed: what needs the base image itself (apt-get, useradd,
pip install), and without --train the training.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UV = ROOT / ".tools" / "bin" / "uv"
NEEDS_THE_IMAGE = ("apt-get", "useradd", "install --directory", "pip install")
READY_SECONDS = 120.0


class Stage:
    """A stage's file system is a folder; its environment and working folder are as the steps set them."""

    def __init__(self, root: Path, python: str) -> None:
        self.root, self.workdir, self.command = root, "/", [""]
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("FARO_", "VIRTUAL_ENV", "UV_"))},
            "UV_PYTHON": python,
        }

    def inside(self, path: str) -> Path:
        """Where a path of the image is here."""
        return self.root / str(Path(self.workdir) / path).lstrip("/")

    def translated(self, text: str) -> str:
        """Absolute paths of the image, as they are here."""
        return re.sub(r"(?<![\w./])/(app|nlu|faro|var)\b", lambda m: f"{self.root}/{m[1]}", text)

    def listening(self, part: str, port: int) -> str:
        """The command's own address and port, as they are free here."""
        return part.replace("--host 0.0.0.0", "--host 127.0.0.1").replace("--port 5005", f"--port {port}")


def main() -> None:
    """Both images, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--train", action="store_true", help="train the model too (some minutes)")
    asked = parser.parse_args()
    folder = (asked.folder or Path(tempfile.mkdtemp(prefix="faro-images-"))).resolve()
    context = folder / "context"
    copy_context(context)
    python310 = shell("tools/find-python310.sh").strip()
    build(
        folder / "faro",
        context,
        ROOT / "Dockerfile",
        sys.executable,
        train=True,
        path="/health/live",
    )
    build(
        folder / "nlu",
        context,
        ROOT / "nlu" / "Dockerfile",
        python310,
        train=asked.train,
        path="/status",
    )
    if not asked.folder:
        shutil.rmtree(folder)


def copy_context(context: Path) -> None:
    """The files of the repository that .dockerignore does not hold back."""
    from tests.contracts.test_deployment import is_ignored

    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in shell("git", "ls-files").splitlines():
        if not is_ignored(name, rules):
            target = context / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)


def build(folder: Path, context: Path, dockerfile: Path, python: str, *, train: bool, path: str) -> None:
    """Every step in order, then the command."""
    stages: dict[str, Stage] = {}
    stage = Stage(folder / "none", python)
    for line in steps(dockerfile):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            name = rest.rpartition(" AS ")[2] if " AS " in rest else "last"
            stage = stages[name] = Stage(folder / name, python)
        elif word == "COPY":
            copy(rest, stage, stages, context)
        elif word == "RUN":
            run(rest, stage, train=train)
        else:
            note(word, rest, stage)
    if train:
        starts(stage, path)
    size = sum(file.lstat().st_size for file in stage.root.rglob("*") if file.is_file())
    say(f"{dockerfile.relative_to(ROOT)}: {size / 1e6:.0f} MB beside the base image")


def note(word: str, rest: str, stage: Stage) -> None:
    """WORKDIR, ENV and CMD; the others say nothing about files."""
    if word == "WORKDIR":
        stage.workdir = rest
        stage.inside(".").mkdir(parents=True, exist_ok=True)
    elif word == "ENV":
        parts = shlex.split(rest.replace("$PATH", os.environ["PATH"]))
        pairs = dict(part.split("=", 1) for part in parts)
        stage.environment |= {key: stage.translated(value) for key, value in pairs.items()}
    elif word == "CMD":
        stage.command = json.loads(rest)


def steps(dockerfile: Path) -> list[str]:
    """Instructions, one a line."""
    text = dockerfile.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def copy(rest: str, stage: Stage, stages: dict[str, Stage], context: Path) -> None:
    """COPY [--from=STAGE] SOURCE… TARGET"""
    parts = rest.split()
    origin = stages[parts.pop(0).partition("=")[2]].root if rest.startswith("--from=") else context
    *sources, target = parts
    for source in sources:
        here, there = origin / source.lstrip("/"), stage.inside(target)
        if here.is_dir():
            shutil.copytree(here, there, symlinks=True, dirs_exist_ok=True)
        else:
            there = there / here.name if target.endswith("/") else there
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(here, there)


def run(rest: str, stage: Stage, *, train: bool) -> None:
    """RUN: each part between && that does not need the base image."""
    for part in rest.split(" && "):
        if part.startswith(NEEDS_THE_IMAGE) or ("train" in part and not train):
            say(f"not executed here: {part}")
            continue
        say(f"RUN {part}")
        command = stage.translated(part).replace("uv sync", f"{UV} sync")
        subprocess.run(  # noqa: S602 - our own Dockerfile's lines
            command, shell=True, check=True, cwd=stage.inside("."), env=stage.environment
        )


def starts(stage: Stage, path: str) -> None:
    """Start the image's command with its environment and wait until it answers."""
    data = stage.root / "var" / "lib" / "faro"
    data.mkdir(parents=True, exist_ok=True)
    port = free_port()
    public = {
        "FARO_HOST": "127.0.0.1",
        "FARO_PORT": str(port),
        "FARO_PUBLIC_URL": "https://faro.example.mx",
        "FARO_SECRET_KEY": "an-invented-secret-key-of-at-least-32-characters",
        "FARO_OPERATOR_NAME": "Prueba",
        "FARO_OPERATOR_CONTACT": "prueba@example.mx",
        "FARO_PRIVACY_URL": "https://example.mx/p",
        "FARO_NLU_URL": "http://127.0.0.1:5005",
    }
    process = subprocess.Popen(  # noqa: S603 - our own image's command
        [stage.listening(part, port) for part in stage.command],
        cwd=stage.inside("."),
        env={**stage.environment, **public},
    )
    try:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(f"http://127.0.0.1:{port}{path}"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{' '.join(stage.command)} did not get ready")
            time.sleep(0.2)
        say(f"{' '.join(stage.command)}: answers at {path}")
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether somebody says 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - loopback
            return bool(response.status == 200)
    except OSError:
        return False


def shell(*command: str) -> str:
    """Standard output of a command of ours."""
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout  # noqa: S603


def say(line: str) -> None:
    """On standard output."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
