"""How often a lost engine is started again by itself before the person is asked."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable


class RestartLimit:
    """Allows `limit` restarts within any `within_s` seconds."""

    def __init__(
        self,
        limit: int = 3,
        within_s: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._within_s = within_s
        self._clock = clock
        self._restarts: deque[float] = deque()

    def allow(self) -> bool:
        """Whether one more restart may be made now; if so, it counts."""
        now = self._clock()
        while self._restarts and now - self._restarts[0] >= self._within_s:
            self._restarts.popleft()
        if len(self._restarts) >= self._limit:
            return False
        self._restarts.append(now)
        return True
