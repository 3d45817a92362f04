"""Custom actions: choose entries, have the reply built, remember what was named. None of them writes text of its own."""
