"""Rasa's own importer of files, which reads the phrases once: Rasa asks for them twice, once a language."""

from typing import Optional

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData


class ReadOnce(RasaFileImporter):
    """Named in `config.yml`, so that `rasa train nlu` takes it as well."""

    _read: Optional[TrainingData] = None

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        if self._read is None:
            self._read = super().get_nlu_data(language)
        return self._read
