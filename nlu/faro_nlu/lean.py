"""Opens Rasa's graph engine and its default recipe without TensorFlow, channels or policies.

Rasa 3.6.21 imports TensorFlow because its recipe names dialogue policies and its built-in components.
Faro trains and runs an NLU graph only, so the modules that lead there are replaced, before Rasa is
imported, by empty ones that hold the same names. This relies on private module paths: rasa is pinned
and a test asserts that no tensorflow is loaded.
"""

import logging
import os
import sys
import types
import warnings

import structlog

_EMPTY = {
    "rasa.core.policies.ensemble": ("DefaultPolicyPredictionEnsemble",),
    "rasa.core.featurizers.precomputation": ("CoreFeaturizationInputConverter", "CoreFeaturizationCollector"),
    "rasa.core.channels": ("UserMessage",),
    "rasa.core.channels.channel": ("UserMessage",),
    "rasa.engine.recipes.default_components": (),
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    "rasa.utils.tensorflow.model_data": ("RasaModelData",),
    "rasa.graph_components.validators.default_recipe_validator": ("DefaultV1RecipeValidator",),
}
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def prepare(*, threads: int = 1) -> None:
    """Makes `import rasa…` lean and silent. Call it before numpy or any part of Rasa is imported.

    `threads` is for the matrix products: several to train, one to serve.
    """
    wanted = _QUIET | {name: str(threads) for name in _QUIET if name.endswith("_THREADS")}
    os.environ.update({name: os.environ.get(name, value) for name, value in wanted.items()})
    _silence()
    for module, names in _EMPTY.items():
        if module not in sys.modules:
            sys.modules[module] = _stand_in(module, names)
    sys.modules["rasa.engine.recipes.default_components"].__dict__["DEFAULT_COMPONENTS"] = []
    _give_validator()


def _silence() -> None:
    """Rasa prints every person's text at debug level; nothing of Rasa's below an error is printed here."""
    warnings.filterwarnings("ignore", module=r"(rasa|pkg_resources|ruamel|dask|setuptools)\b.*")
    logging.getLogger("rasa").setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _stand_in(module: str, names: tuple[str, ...]) -> types.ModuleType:
    made = types.ModuleType(module, "Replaced by faro_nlu.lean.")
    made.__path__ = []  # type: ignore[attr-defined]
    for name in names:
        setattr(made, name, type(name, (), {"__module__": module}))
    return made


def _give_validator() -> None:
    """The stand-in lets the training data pass; `faro_nlu lint` checks far more than Rasa's own would."""
    from rasa.engine.graph import GraphComponent

    module = sys.modules["rasa.graph_components.validators.default_recipe_validator"]

    class DefaultV1RecipeValidator(GraphComponent):
        @classmethod
        def create(cls, config, model_storage, resource, execution_context):  # type: ignore[no-untyped-def]
            return cls()

        def validate(self, importer):  # type: ignore[no-untyped-def]
            return importer

    DefaultV1RecipeValidator.__module__ = module.__name__
    DefaultV1RecipeValidator.__qualname__ = "DefaultV1RecipeValidator"
    module.__dict__["DefaultV1RecipeValidator"] = DefaultV1RecipeValidator
