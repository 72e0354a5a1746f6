"""The training phrases for Rasa, read as the linter reads them: by `corpus`, whose errors say what to write.

Rasa's own reader takes half a minute for what this takes seconds for, twice: once a language.
"""

from pathlib import Path
from typing import List, Optional, Union

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from faro_nlu import corpus


class PhraseImporter(RasaFileImporter):
    """Named in `config.yml`, so that stock Rasa takes it as well. Rules and stories are Rasa's to read, from
    files named by themselves: the folders hold phrases only."""

    def __init__(
        self,
        config_file: Optional[str] = None,
        domain_path: Optional[str] = None,
        training_data_paths: Union[List[str], str, None] = None,
    ) -> None:
        paths = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths or []
        self._paths = [Path(path) for path in paths]
        super().__init__(config_file, domain_path, [str(path) for path in self._paths if path.is_file()])
        self._read: Optional[TrainingData] = None

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """Raises UnreadablePhrase."""
        if self._read is None:
            self._read = TrainingData([_message(one) for path in self._paths for one in corpus.read(path)])
        return self._read


def _message(phrase: corpus.Phrase) -> Message:
    """In the shape in which Rasa reads a phrase of its YAML."""
    places = [
        {
            "start": place.start,
            "end": place.end,
            "value": phrase.text[place.start : place.end],
            "entity": "place",
            "role": place.role,
        }
        for place in phrase.places
    ]
    return Message.build(phrase.text, phrase.intent, places)
