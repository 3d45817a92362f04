"""Understanding: Rasa graph components. Nothing here knows about massage; what is known comes as training data."""
