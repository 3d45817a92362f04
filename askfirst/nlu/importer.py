"""Hands the knowledge base to Rasa: names and phrases of things as lookup tables, and an action for each entry.

Stands in config.yml beside RasaFileImporter. With it, staff add a condition by writing one block of YAML, and a story can make
the assistant say one entry: `- action: say_<entry id>`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from askfirst.content.knowledge import Knowledge, load_knowledge
from askfirst.content.spelling import read_spelling
from askfirst.nlu.things import table_name

SAY = "say_"


class KnowledgeImporter(TrainingDataImporter):
    """Training data that comes from data/knowledge."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        knowledge: str = "data/knowledge",
        **_: Any,
    ) -> None:
        """Args: as Rasa hands them; knowledge, the folder, from the folder of config.yml."""
        self._root = Path(config_file).resolve().parent if config_file else Path.cwd()
        self._folder = self._root / knowledge
        self._read: Knowledge | None = None

    def _knowledge(self) -> Knowledge:
        """Read once. Errors: ContentError lists every finding with file, line and remedy."""
        if self._read is None:
            self._read = load_knowledge(self._folder, self._root)
        return self._read

    def get_domain(self) -> Domain:
        """An action for each entry."""
        return Domain.from_dict({"actions": [SAY + entry_id for entry_id in self._knowledge().entries]})

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """None: stories are files."""
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        """None."""
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        """None: config.yml is read by RasaFileImporter."""
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        """None: nothing is configured by itself."""
        return None

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Lookup tables with the names of each thing, in British and in American spelling, and its phrases."""
        spelling, _ = read_spelling(self._folder.parent / "spelling.yml")  # `make check` reports what is wrong with it
        tables: list[dict[str, Any]] = []
        for entry in self._knowledge().things():
            names = list(dict.fromkeys(v for name in entry.names for v in spelling.variants(name)))
            tables.append({"name": table_name(entry.kind, entry.id, "names"), "elements": names})
            if entry.said_like:
                # What is answered as an emergency must be described unmistakably.
                what = "said_exactly" if entry.red_flag else "said_like"
                tables.append({"name": table_name(entry.kind, entry.id, what), "elements": list(entry.said_like)})
            if entry.not_in:
                tables.append({"name": table_name(entry.kind, entry.id, "not_in"), "elements": list(entry.not_in)})
        return TrainingData(lookup_tables=tables)
