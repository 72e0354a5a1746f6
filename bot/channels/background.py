"""Small calls beside an answer, which the answer does not wait for."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

REMEMBERED = 5000
AT_ONCE = 200
"""More than this at once, and the platform is too slow for courtesies."""


class Background:
    """Runs each call once, by its key. The calls deal with their own errors."""

    def __init__(self) -> None:
        self._done: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def once(self, key: str, call: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin the call, unless it was begun before."""
        if key in self._done or len(self._tasks) >= AT_ONCE:
            return
        self._done[key] = None
        if len(self._done) > REMEMBERED:
            self._done.popitem(last=False)
        task = asyncio.create_task(call())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait for what was begun; each call has a time limit of its own."""
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
