"""Named hooks: what a lower room must ask of an upper one. ``tracker.wiring`` fills them at start, in one place."""

from collections.abc import Callable
from typing import Any

_hooks: dict[str, list[Callable[..., Any]]] = {}


def fill(name: str, function: Callable[..., Any]) -> None:
    """Hang a function on a hook; hanging the same one twice changes nothing."""
    functions = _hooks.setdefault(name, [])
    if function not in functions:
        functions.append(function)


def call(name: str, *args: Any, **kwargs: Any) -> list[Any]:
    """Call all functions on a hook in the order they were hung; their answers as a list."""
    return [function(*args, **kwargs) for function in _hooks.get(name, ())]


def names() -> list[str]:
    """The hooks that have a function, for the map and for tests."""
    return sorted(_hooks)
