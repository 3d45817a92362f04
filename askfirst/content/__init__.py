"""The content library: reads, validates and composes what may be said. Imports neither Rasa nor spaCy."""
