"""What pieces without a number are, seen with what stands before and after them."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tracker.intake.rules import formalities
from tracker.intake.rules.declared import declared_in
from tracker.intake.rules.markers import DEPTH, Family
from tracker.intake.rules.pieces import Piece
from tracker.intake.rules.purposes import (
    PUNCTUATION,
    Purpose,
    names_a_fault,
    names_a_field,
    purpose_of_heading,
    purpose_of_introduction,
    purpose_of_label,
    purpose_of_label_word,
    purpose_of_start,
    purpose_of_statement,
    sentences,
)

HEADING_LENGTH = 40
TITLE_LENGTH = 60
ENDED = re.compile(r"[。；;！？!?，,、]\s*$")
IN_A_FIELD = re.compile(
    r"(?:在|从|对|就)?[^，。；：]{2,30}?(?:方面|上)(?:存在的?(?:主要|突出)?问题)?[，,：:]?(?:[^。；]{0,24}[：:，,])?$"
)
REPORTED = re.compile(r"(?:反馈|报告|通报|公布|汇报|说明|函告|总结)如下")
FIELD_HEAD = re.compile(r"在?[^，。；：]{2,30}方面(?:存在)?的?(?:主要|突出)?(?:问题)?(?:有|是)?[：:]")
SEVERAL = re.compile(r"[以如]下|[几多0-9一二三四五六七八九十两]个?大?方面")
CONTENTS = re.compile(r"目\s*[录次]")
LISTED = {Purpose.demand, Purpose.plan, Purpose.cause, Purpose.done}


class Passages:
    """All pieces of a text, to be asked about single ones."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.contents = self._find_contents()
        self.inverted = set(self._find_inverted())
        candidates = [piece.order for piece in pieces if self._may_be_heading(piece)]
        fields = [order for order in candidates if names_a_field(pieces[order].text)]
        self.headings = set(candidates if len(candidates) > 1 and len(fields) * 2 >= len(candidates) else fields)
        if len(candidates) > 1 and self._all_alike(candidates):
            self.headings = set(candidates)
        self.headings.update(self._find_subjects())

    def next(self, piece: Piece) -> Piece | None:
        """The piece after this one."""
        return self.pieces[piece.order + 1] if piece.order + 1 < len(self.pieces) else None

    def list_within(self, piece: Piece) -> Family | None:
        """The family of the list that begins later in the line that a piece opens; None when none does."""
        if not piece.opens:
            return None
        for following in self.pieces[piece.order + 1 :]:
            if following.opens and not following.introduces:
                return None
            if following.marker is not None:
                return following.marker.family if following.marker.ordinal == 1 else None
        return None

    def is_above(self, upper: Family, lower: Family) -> bool:
        """Tell whether the text nests two families against the order of official documents."""
        return (upper, lower) in self.inverted

    def is_contents(self, piece: Piece) -> bool:
        """Tell whether the piece belongs to a table of contents."""
        return piece.order in self.contents

    def is_plain_heading(self, piece: Piece) -> bool:
        """Tell whether a line without number or style stands over a list as its heading."""
        if piece.order in self.headings:
            return True
        if SEVERAL.search(piece.text):
            return False
        following = self.next(piece)
        if FIELD_HEAD.fullmatch(piece.text.strip()) and self.begins_list(piece):
            return True
        opens_list = piece.introduces and following is not None and not following.opens
        cue = purpose_of_introduction(piece.text)
        return (
            opens_list
            and bool(IN_A_FIELD.fullmatch(piece.text.strip()))
            and cue in {None, Purpose.problems}
            and purpose_of_heading(piece.text) is None
        )

    def frame_of(self, piece: Piece, *, has_outline: bool) -> Purpose | None:
        """Tell whether a piece is a formality; titles and salutations stand before the outline, signatures after it."""
        if not piece.opens:
            return None
        text = piece.text.strip()
        is_top = not has_outline and piece.order <= 3
        if is_top and (formalities.is_title(text) or formalities.is_salutation(text)):
            return Purpose.formality
        if (
            not piece.order
            and not ENDED.search(text)
            and len(text) <= TITLE_LENGTH
            and piece.order not in self.headings
        ):
            is_part = purpose_of_heading(text) or purpose_of_label(text) or piece.introduces or names_a_fault(text)
            return None if is_part else Purpose.formality
        return Purpose.formality if formalities.is_signature(text) and not names_a_fault(text) else None

    def purpose_of_part(self, piece: Piece) -> Purpose | None:
        """Tell what the stretch that a piece opens is for; None when it opens none."""
        text = piece.text.strip()
        label = purpose_of_label(text)
        if label is not None:
            return label
        if piece.opens and not ENDED.search(text):
            head = purpose_of_heading(text) or purpose_of_label_word(text)
            if head is not None:
                return head
        parts = sentences(text)
        if not parts:
            return None
        if piece.introduces:
            return self._purpose_of_opening(parts)
        start = purpose_of_start(parts[-1])
        return start if start in LISTED and self.begins_list(piece) else None

    def purpose_of_words(self, piece: Piece) -> Purpose | None:
        """Tell what a piece is that opens nothing and is no problem; None when it may be one or may explain one."""
        if piece.marker is None and declared_in(piece.text) and not piece.text.count("；"):
            return Purpose.introduction
        return purpose_of_statement(piece.text.strip())

    def _purpose_of_opening(self, parts: Sequence[str]) -> Purpose | None:
        if purpose_of_start(parts[-1]) in LISTED:
            return purpose_of_start(parts[-1])
        if REPORTED.search(parts[-1]) and purpose_of_introduction(parts[-1]) is not Purpose.problems:
            return None
        return purpose_of_introduction(parts[-1]) or purpose_of_introduction("".join(parts))

    def begins_list(self, piece: Piece) -> bool:
        """Tell whether the next line is the first of a list."""
        following = self.next(piece)
        return bool(following and following.opens and following.marker and following.marker.ordinal == 1)

    def _may_be_heading(self, piece: Piece) -> bool:
        text = piece.text.strip()
        if not piece.opens or piece.marker or piece.purpose or len(text) > HEADING_LENGTH or ENDED.search(text):
            return False
        following = self.next(piece)
        stands_over = following is not None and following.opens and following.marker is not None
        if not stands_over or (following and following.marker and following.marker.ordinal not in {None, 1}):
            return False
        if piece.order <= 1 and formalities.is_title(text):
            return False
        bare = text.strip(PUNCTUATION)
        return not (
            purpose_of_heading(bare)
            or purpose_of_label_word(bare)
            or purpose_of_start(bare)
            or formalities.is_salutation(text)
            or formalities.is_signature(text)
            or (purpose_of_introduction(text) and not names_a_field(text))
        )

    def _all_alike(self, candidates: Sequence[int]) -> bool:
        followers = [self.pieces[order + 1].marker for order in candidates]
        return len({marker.family for marker in followers if marker}) == 1

    def _find_inverted(self) -> Iterator[tuple[Family, Family]]:
        """A first number right after a number of an inner family that goes on later, or has only begun."""
        numbered = [piece.marker for piece in self.pieces if piece.marker and piece.marker.ordinal is not None]
        for place, (upper, lower) in enumerate(pairwise(numbered)):
            if lower.ordinal != 1 or DEPTH[lower.family] >= DEPTH[upper.family]:
                continue
            later = (marker.ordinal for marker in numbered[place + 2 :] if marker.family is upper.family)
            if upper.ordinal == 1 or next(later, None) == (upper.ordinal or 0) + 1:
                yield upper.family, lower.family

    def _find_subjects(self) -> list[int]:
        """Lines like 领导班子存在的问题 and 个人存在的问题: several different ones are sections."""
        heads = [
            piece
            for piece in self.pieces
            if piece.opens
            and piece.marker is None
            and not ENDED.search(piece.text)
            and purpose_of_heading(piece.text) is Purpose.problems
            and self.begins_list(piece)
        ]
        different = {piece.text.strip() for piece in heads}
        return [piece.order for piece in heads] if len(different) == len(heads) > 1 else []

    def _find_contents(self) -> set[int]:
        """Lines with page numbers, and those after 目录 up to the first line that comes again in the text."""
        found = {piece.order for piece in self.pieces if formalities.is_contents_line(piece.raw.strip())}
        for piece in self.pieces:
            if not CONTENTS.fullmatch(piece.text.strip()):
                continue
            found.add(piece.order)
            first = self.next(piece)
            repeated = [p.order for p in self.pieces[piece.order + 2 :] if first and p.raw.strip() == first.raw.strip()]
            if repeated:
                found.update(range(piece.order, repeated[0]))
        return found
