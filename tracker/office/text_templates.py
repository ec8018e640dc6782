"""Texts with named values, conditions and lists, as staff edit them: Jinja's syntax with nothing in it that could run.

Only what stands in ``ALLOWED`` may occur, so a template can neither call, index nor reckon, and a list is gone through
once and never within another: what comes out is no longer than the text times the longest list.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tracker.core.i18n import lazy_gettext as _l

TEXT_LIMIT = 20_000
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Compare,
    nodes.Operand,
    nodes.Const,
    nodes.And,
    nodes.Or,
    nodes.Not,
)
DEPTH_LIMIT = 8


class Record(frozenset[str]):
    """A value with these names within it, as ``tasks.total``."""


class Rows(frozenset[str]):
    """A list whose every row has these names within it."""


# What may be named; None stands for a plain value.
Shape = Mapping[str, Record | Rows | None]
_Known = dict[str, Record | Rows | None]
LOOP_NAMES = Record({"index", "first", "last", "length"})


class TemplateFault(ValueError):
    """What is wrong with a template, in the person's language, and in which line from 1.

    ``is_torn``: marks are not complete, so that nothing is known of the rest.
    """

    def __init__(self, message: object, line: int, *, is_torn: bool = False) -> None:
        super().__init__(message)
        self.message, self.line, self.is_torn = message, line, is_torn


def check(text: str, shape: Shape) -> list[TemplateFault]:
    """Everything that keeps a template from being used; ``shape`` tells what may be named."""
    if len(text) > TEXT_LIMIT:
        return [TemplateFault(_l("行文模板超过 %(max)d 字，请删减。", max=TEXT_LIMIT), 1)]
    return check_marks(text, shape)


def check_marks(text: str, shape: Shape) -> list[TemplateFault]:
    """What is wrong with the marks in a text of any length."""
    try:
        return list(_faults(_parsed(text), shape))
    except TemplateSyntaxError as error:
        message = _l("括号或条件标记不完整，请核对是否成对、有没有写完。")
        return [TemplateFault(message, error.lineno, is_torn=True)]
    except ValueError:
        # Python reads no number of more than 4,300 digits.
        return [TemplateFault(_l("数字太长，请核对。"), 1, is_torn=True)]
    except RecursionError:
        return [TemplateFault(_l("条件嵌套太深，请拆成几句。"), 1, is_torn=True)]


def names_in(text: str) -> set[str]:
    """The names a template asks for that can be parsed; nothing of it is worked out, as Jinja's own search would."""
    found = list(_parsed(text).find_all(nodes.Name))
    own = {name.name for name in found if name.ctx == "store"} | {"loop"}
    return {name.name for name in found} - own


def render(text: str, values: Mapping[str, Any], shape: Shape, printed: Callable[[Any], str]) -> str:
    """The text with its values; ``printed`` writes one of them. Raises TemplateFault for the first fault."""
    for fault in check(text, shape):
        raise fault
    try:
        return _compiled(text, printed).render(dict(values))
    except UndefinedError as error:
        raise TemplateFault(_l("没有这个数据：%(what)s", what=error.message), 1) from error
    except TypeError as error:
        raise TemplateFault(_l("条件里把文字和数字作了比较，请改写条件。"), 1) from error


# One wording is written for report after report, page after page.
@lru_cache(maxsize=32)
def _parsed(text: str) -> nodes.Template:
    return _environment(str).parse(text)


@lru_cache(maxsize=32)
def _compiled(text: str, printed: Callable[[Any], str]) -> Template:
    return _environment(printed).from_string(text)


def _environment(printed: Callable[[Any], str]) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, finalize=printed
    )


def _faults(tree: nodes.Template, shape: Shape) -> Iterator[TemplateFault]:
    yield from _walk(tree, dict(shape), 0, in_loop=False)


def _walk(node: nodes.Node, known: _Known, depth: int, *, in_loop: bool) -> Iterator[TemplateFault]:
    if not isinstance(node, ALLOWED):
        yield TemplateFault(_l("只能写名称、条件（if）和列表（for），不能写运算或函数。"), node.lineno)
    elif depth > 2 * DEPTH_LIMIT:
        yield TemplateFault(_l("条件嵌套太深，请拆成几句。"), node.lineno)
    elif isinstance(node, nodes.For):
        yield from _loop(node, known, depth, in_loop=in_loop)
    elif isinstance(node, nodes.Output):
        yield from _printed(node, known)
    elif isinstance(node, nodes.Getattr):
        yield from _field(node, known)
    elif isinstance(node, nodes.Name):
        if node.name not in known:
            yield TemplateFault(_l("没有“%(name)s”这个名称。", name=node.name), node.lineno)
    else:
        for child in node.iter_child_nodes():
            yield from _walk(child, known, depth + 1, in_loop=in_loop)


def _printed(node: nodes.Output, known: _Known) -> Iterator[TemplateFault]:
    for child in node.nodes:
        if isinstance(child, nodes.Name) and known.get(child.name) is not None:
            yield TemplateFault(_l("“%(name)s”里有几个名称，请写明是哪一个。", name=child.name), child.lineno)
        else:
            yield from _walk(child, known, 0, in_loop=False)


def _field(node: nodes.Getattr, known: _Known) -> Iterator[TemplateFault]:
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    within = known.get(owner)
    if not isinstance(within, Record) or node.attr not in within:
        yield TemplateFault(_l("没有“%(name)s”这个名称。", name=_dotted(node)), node.lineno)


def _dotted(node: nodes.Node) -> str:
    """A name as it is written, ``tasks.total``; of what is no name only the part that is one."""
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else ""


def _loop(node: nodes.For, known: _Known, depth: int, *, in_loop: bool) -> Iterator[TemplateFault]:
    listed, one = node.iter, node.target
    rows = known.get(listed.name) if isinstance(listed, nodes.Name) else None
    if in_loop or node.recursive or node.test is not None:
        yield TemplateFault(_l("列表里不能再写列表。"), node.lineno)
    elif not isinstance(rows, Rows) or not isinstance(one, nodes.Name) or one.name in known:
        yield TemplateFault(_l("列表要写成：for 新名称 in 列表名称。"), node.lineno)
    else:
        inside: _Known = {**known, one.name: Record(rows), "loop": LOOP_NAMES}
        for child in (*node.body, *node.else_):
            yield from _walk(child, inside, depth + 1, in_loop=True)
