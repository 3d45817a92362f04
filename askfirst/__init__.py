"""AskFirst: what extends Rasa for a clinic's information assistant about massage during medical treatment."""

__version__ = "0.1.0"
