"""One turn at a time for each conversation, over several server processes.

Rasa's Redis lock store reads, changes and writes its tickets in three steps, so two processes may both think that it is their
turn (found by tests/test_several_processes.py). This lock rests on the state store's atomic "first one wins".
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator

from askfirst.state import StateStore, StateUnavailable, conversation_key

NAMESPACE = "lock"
POLL_SECONDS = 0.02


class SharedLocks:
    """Locks by conversation in a state store that all processes share."""

    def __init__(self, state: StateStore, hold_seconds: float) -> None:
        """Args: state, shared by the processes; hold_seconds, after which the lock of a process that died is free again."""
        self._state = state
        self._hold_seconds = hold_seconds

    @contextlib.asynccontextmanager
    async def lock(self, sender_id: str) -> AsyncIterator[None]:
        """Hold the lock of one conversation.

        Errors: asyncio.TimeoutError when another process holds it for too long, StateUnavailable.
        """
        key, token = conversation_key(sender_id), secrets.token_hex(8)
        end = time.monotonic() + self._hold_seconds
        while not await self._state.put_if_absent(NAMESPACE, key, token, self._hold_seconds):
            if time.monotonic() > end:
                raise asyncio.TimeoutError
            await asyncio.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            with contextlib.suppress(StateUnavailable):  # it expires by itself
                if await self._state.get(NAMESPACE, key) == token:
                    await self._state.delete(NAMESPACE, key)

    async def close(self) -> None:
        """Close the store."""
        await self._state.close()
