"""Numbers and days as Chinese documents print them, numbers also read."""

import unicodedata
from datetime import date

DIGITS = "〇一二三四五六七八九"
LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"))
ROMAN_ONES = ((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
READ_DIGITS = {**{c: n for n, c in enumerate(DIGITS)}, **{c: n for n, c in enumerate(LEGAL_DIGITS)}, "两": 2}
READ_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}


def chinese_date(day: date | None) -> str:
    """As papers print it: 2026年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def chinese(number: int, *, digits: str = DIGITS, units: str = "十百千", short_ten: bool = True) -> str:
    """Print 1 to 9999 in words: 一, 十, 十一, 二十, 一百〇五; larger numbers in Arabic figures."""
    if not 0 < number < 10000:
        return str(number)
    words = ""
    gap = False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += (digits[0] if gap else "") + digits[digit] + (units[power - 1] if power else "")
        gap = False
    return words[1:] if short_ten and 10 <= number < 20 else words


def digital(number: int) -> str:
    """Print figure by figure: 10 is 一〇."""
    return "".join(DIGITS[int(figure)] for figure in str(number))


def circled(number: int) -> str:
    """Print ① to ㊿; larger numbers in plain figures."""
    for first, last, start in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(start + number - first)
    return str(number)


def roman(number: int) -> str:
    """Print in Roman figures."""
    words = ""
    for value, letters in ROMAN + ROMAN_ONES:
        words += letters * (number // value)
        number %= value
    return words


def letters(number: int) -> str:
    """Print as Word does: a … z, aa, bb."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def read_number(words: str) -> int | None:
    """Read figures of any width, Chinese numerals, circled or bracketed signs; None when it is no number."""
    words = words.strip()
    if not words:
        return None
    if all(unicodedata.decimal(c, None) is not None for c in words):
        return int("".join(str(unicodedata.decimal(c)) for c in words))
    if len(words) == 1 and words not in READ_DIGITS and words not in READ_UNITS:
        value = unicodedata.numeric(words, 0)
        return int(value) if value >= 1 else None
    return _read_chinese(words)


def _read_chinese(words: str) -> int | None:
    if all(c in READ_DIGITS for c in words):
        return int("".join(str(READ_DIGITS[c]) for c in words))
    total, digit = 0, 0
    for character in words:
        if character in READ_UNITS:
            total += (digit or 1) * READ_UNITS[character]
            digit = 0
        elif character in READ_DIGITS:
            digit = READ_DIGITS[character]
        else:
            return None
    return total + digit
