"""Trains through Rasa's graph by its own recipe, and names the model after all that went into it."""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
MODELS = HOME / "models"
GAZETTEER = HOME.parent / "data" / "seed" / "gazetteer"
"""Names of places, read as a file; without it places are known by the words around them alone."""
ENCODER = HOME / "encoder"
"""What sentences mean: made by `adapt`, read by every training."""
CODE = Path(__file__).resolve().parent
_BESIDE = frozenset({"__main__", "crew", "evaluation", "lint", "model", "server", "training"})
"""Modules that use a model and do not shape it."""
_KEEP = 3


def fingerprint(home: Path = HOME) -> str:
    """What the model depends on: phrases, encoder, pipeline, code, lock. The same input, the same name."""
    files = [
        *home.glob("data/*/*.yml"),
        *(file for file in CODE.glob("*.py") if file.stem not in _BESIDE),
        *GAZETTEER.glob("*.csv"),
        *ENCODER.glob("encoder.*"),
        home / "config.yml",
        home / "domain.yml",
        home / "uv.lock",
    ]
    total = hashlib.sha256()
    for file in sorted(file for file in files if file.exists()):
        name = "/".join(file.parts[-2:]) if file.is_relative_to(home / "data") else file.name
        total.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:16]


def newest(models: Path) -> Path | None:
    """The model that was trained last."""
    return max(models.glob("*.tar.gz"), key=lambda file: (file.stat().st_mtime, file.name), default=None)


def train(*, models: Path, say: Callable[[str], None], home: Path = HOME, again: bool = False) -> Path:
    """The archive for what `home` holds now, trained only if it is not there yet."""
    target = models / f"{fingerprint(home)}.tar.gz"
    if target.exists() and not again:
        os.utime(target)
        say(f"Nothing to train: {target.name} holds these phrases already.")
        return target
    if not any(home.glob("data/*/*.yml")):
        raise FileNotFoundError(f"There are no phrases under {home / 'data'}: nothing can be trained.")
    say("Training the model of needs and places (about two minutes) …")
    begun = time.monotonic()
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / target.name
        _train_graph(home, made)
        _put(made, target)
    _forget_old(models)
    say(f"Trained {target.name} in {time.monotonic() - begun:.0f} s.")
    return target


def _train_graph(home: Path, target: Path) -> None:
    from faro_nlu import lean

    lean.prepare()
    from rasa.engine.graph import ExecutionContext
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.shared.data import TrainingType
    from rasa.shared.importers.importer import TrainingDataImporter

    import faro_nlu.components  # noqa: F401 - registers the components

    importer = TrainingDataImporter.load_nlu_importer_from_config(
        str(home / "config.yml"), str(home / "domain.yml"), [str(home / "data")]
    )
    graph = DefaultV1Recipe().graph_config_for_recipe(
        importer.get_config(), {}, training_type=TrainingType.NLU
    )
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        context = ExecutionContext(graph_schema=graph.train_schema)
        DaskGraphRunner.create(graph.train_schema, storage, context).run(inputs={"__importer__": importer})
        storage.create_model_package(target, graph, importer.get_domain())


def _put(made: Path, target: Path) -> None:
    """Whole or not at all, also when two trainings run at once."""
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(made.read_bytes())
    part.replace(target)


def _forget_old(models: Path) -> None:
    by_age = sorted(models.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in by_age[_KEEP:]:
        file.unlink(missing_ok=True)
