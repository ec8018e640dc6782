"""What would change in a text if its figures were taken anew, and because of which items (数据变动提示)."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from tracker.reports import texts
from tracker.reports.naming import Named, joined
from tracker.reports.rules import Figure


class Moved(NamedTuple):
    """A figure of a text that is another now; ``after`` is None where the facts have none of that name any more.

    ``gone`` and ``come`` are the items it does not count any more and those it counts now; ``places`` the sentences.
    """

    name: str
    label: str
    group: str
    before: Figure
    after: Figure | None
    gone: tuple[str, ...]
    come: tuple[str, ...]
    places: tuple[str, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The items because of which it is another."""
        return (*self.gone, *self.come)

    @property
    def words(self) -> str:
        """What it is called, behind its scope."""
        return joined(self.group, self.label)

    @property
    def is_same_value(self) -> bool:
        """Whether the text would read the same: other items, as many."""
        return self.after is not None and self.before.value == self.after.value


def compare(
    text: str, before: Mapping[str, Figure], after: Mapping[str, Named], *, told: Mapping[str, Named]
) -> list[Moved]:
    """The figures of a text that differ, in the order of the text; those first that the text would show.

    ``told`` are the figures of the facts that the text was written from, for the words of those that are gone.
    """
    moved = []
    for name in texts.names(text):
        old, new = before.get(name), after.get(name)
        if old is None or (new is not None and _is_same(old, new.figure)):
            continue
        was, is_now = set(old.item_numbers), set(new.figure.item_numbers if new else ())
        words = new or told.get(name)
        label, group = (words.label, words.group) if words else (name, "")
        gone, come = tuple(sorted(was - is_now)), tuple(sorted(is_now - was))
        figure = new.figure if new else None
        moved.append(Moved(name, label, group, old, figure, gone, come, tuple(_places(text, name, before))))
    return sorted(moved, key=lambda each: each.is_same_value)


def _is_same(old: Figure, new: Figure) -> bool:
    return old.value == new.value and set(old.item_numbers) == set(new.item_numbers)


def _places(text: str, name: str, figures: Mapping[str, Figure]) -> list[str]:
    found = []
    for line in text.split("\n"):
        for sentence in texts.sentences(texts.fragments(line, figures)):
            if any(figure.name == name for figure in sentence.figures):
                found.append(sentence.text)
    return found


def held_back(moved: Collection[Moved], accepted: Collection[str]) -> dict[str, Figure]:
    """The figures that keep their old value: those that moved and were not accepted."""
    return {each.name: each.before for each in moved if each.name not in accepted}
