"""Follows the release pointer: loads a new release, tries it, swaps it in place. The one before stays when anything fails."""

from __future__ import annotations

import asyncio

from askfirst import logs
from askfirst.agent import AskFirstAgent
from askfirst.release import ReleaseError, current_version, load_release

log = logs.get_logger("askfirst.watcher")
SECONDS = 1.0


class ReleaseWatcher:
    """Keeps one agent on the release that the pointer names."""

    def __init__(self, agent: AskFirstAgent) -> None:
        """Args: the agent whose release is kept current."""
        self._agent = agent
        self._refused: str | None = None
        self.problem = ""

    async def look(self) -> bool:
        """Look once. Returns: True when a release was swapped in. Never raises."""
        try:
            version = current_version()
        except ReleaseError as error:
            self.problem = str(error)
            return False
        loaded = self._agent.release.version if self._agent.release else None
        if version is None:
            self.problem = "" if loaded else "no release has been trained yet: run `make train`"
            return False
        if version in (loaded, self._refused):
            if version == loaded:
                self.problem, self._refused = "", None
            return False
        try:
            release = await asyncio.get_running_loop().run_in_executor(None, load_release, version)
            if self._agent.clinic().mode == "production":
                unreviewed = release.content().knowledge.unreviewed()
                if unreviewed:
                    raise ReleaseError(
                        f"production mode refuses release {version}: no clinician has signed {len(unreviewed)} of its entries "
                        f"({', '.join(unreviewed[:5])} ...). Have them reviewed, or use mode: pilot"
                    )
            await self._agent.load_release(release)
        except Exception as error:
            # Not tried again until the pointer moves: a release that does not load would otherwise cost a load each second.
            self._refused = version
            self.problem = str(error) if isinstance(error, ReleaseError) else f"release {version} did not load ({type(error).__name__})"
            log.error("release_refused", release=version, error=type(error).__name__)
            return False
        self.problem, self._refused = "", None
        log.info("release_loaded", release=version)
        return True

    async def follow(self) -> None:
        """Look for ever, once a second."""
        while True:
            await asyncio.sleep(SECONDS)
            await self.look()
