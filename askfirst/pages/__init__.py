"""The pages that work without JavaScript: the chat, the demo clinic's front page, short messages, and their style."""
