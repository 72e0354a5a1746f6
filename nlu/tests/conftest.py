"""A tiny model, trained once through Rasa's graph on invented phrases, and a server that serves it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

HOME = Path(__file__).resolve().parent.parent
PHRASES = """version: "3.1"
nlu:
- intent: shelter
  examples: |
    - necesito donde dormir
    - busco un albergue en [Tlapa]{"entity": "place", "role": "wanted"}
    - no tenemos donde quedarnos, venimos de [Petatlán]{"entity": "place", "role": "fled"}
    - un techo para mis hijos
- intent: food
  examples: |
    - no tenemos que comer
    - necesito una despensa
    - agua y comida en [Tlapa]{"entity": "place", "role": "wanted"}
    - mis hijos tienen hambre
- intent: shelter+food
  examples: |
    - un techo y comida para mis hijos
    - necesito donde dormir y que comer
- intent: emergency
  examples: |
    - hay balazos afuera de mi casa
    - nos estan disparando
    - auxilio hay hombres armados
- intent: affirm
  examples: |
    - si
    - si por favor
    - claro que si
- intent: greeting
  examples: |
    - hola
    - buenas tardes
"""


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project beside the real one: same code and pipeline, few phrases."""
    folder = tmp_path_factory.mktemp("nlu")
    (folder / "data" / "nadie").mkdir(parents=True)
    (folder / "data" / "nadie" / "frases.yml").write_text(PHRASES, "utf-8")
    pipeline = yaml.safe_load((HOME / "config.yml").read_text("utf-8"))
    for part in pipeline["pipeline"]:
        if part["name"].endswith("NeedClassifier"):
            part["rounds"] = 200  # a round over so few phrases is a single step
    (folder / "config.yml").write_text(yaml.safe_dump(pipeline), "utf-8")
    (folder / "domain.yml").write_text((HOME / "domain.yml").read_text("utf-8"), "utf-8")
    return folder


@pytest.fixture(scope="session")
def archive(home: Path) -> Path:
    from faro_nlu import training

    return training.train(models=home / "models", say=lambda _: None, home=home)


@pytest.fixture(scope="session")
def loaded(archive: Path):
    from faro_nlu import model

    return model.load(archive)


class Served:
    def __init__(self, models: Path) -> None:
        command = [sys.executable, "-m", "faro_nlu", "serve", "--models", str(models), "--until-stdin-closes"]
        self.process = subprocess.Popen(
            command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdout
        self.ready = json.loads(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.ready['port']}"


@pytest.fixture(scope="session")
def served(archive: Path) -> Iterator[Served]:
    running = Served(archive.parent)
    yield running
    running.process.kill()
    running.process.communicate()
