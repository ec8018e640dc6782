"""The process in which a Word template is filled: reads both, writes the file, and ends with all its memory.

Run by ``docx_templates``, alone: it imports nothing of ours. It trusts neither the template nor that anybody has looked
at it: what a name, a condition and a list are made of is all that it lets stand.
"""

import json
import resource
import sys
from base64 import b64decode
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree


class Environment(ImmutableSandboxedEnvironment):
    """Jinja with only these nodes, lists never within lists, and no names but those given."""

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.allowed = frozenset(allowed)
        self.globals.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if any(type(node).__name__ not in self.allowed for node in tree.find_all(nodes.Node)):
            raise SecurityError("node")
        if any(loop.recursive or loop.find(nodes.For) for loop in tree.find_all(nodes.For)):
            raise SecurityError("loop")
        return tree


class Template(DocxTemplate):
    """A template whose text is filled, and nothing that is told of it."""

    def fix_tables(self, xml: str) -> Any:
        """Refuse what the library would mend by leaving text out."""
        etree.fromstring(xml)
        return super().fix_tables(xml)

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Leave the properties as they are: they are set from the job."""


def fill(job: dict[str, Any]) -> bytes:
    """The file of a job: ``template`` in base 64, ``values`` by name, the ``nodes`` that may stand, title and time."""
    template = Template(BytesIO(b64decode(job["template"])))
    template.render(job["values"], Environment(job["nodes"]))
    told = template.docx.core_properties
    told.title, told.author, told.last_modified_by, told.comments = job["title"][:255], "", "", ""
    told.created = told.modified = datetime.fromisoformat(job["made_at"])
    stream = BytesIO()
    template.save(stream)
    return stream.getvalue()


def why(error: Exception) -> str:
    """The kind of a failure, in a word that the caller has a sentence for."""
    kinds = (
        (MemoryError, "memory"),
        (SecurityError, "forbidden"),
        (UndefinedError, "undefined"),
        (TemplateSyntaxError, "syntax"),
        (etree.XMLSyntaxError, "torn"),
        (TypeError, "compared"),
    )
    return next((word for kind, word in kinds if isinstance(error, kind)), "broken")


def limit(job: dict[str, Any]) -> None:
    """Bind the process before it looks at the template: memory, seconds of work, no files, no children."""
    for kind, most in (
        (resource.RLIMIT_AS, job["memory_bytes"]),
        (resource.RLIMIT_CPU, job["seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def main() -> int:
    """Fill what stands on standard input and write it to standard output, or the reason to standard error."""
    job = json.load(sys.stdin)
    limit(job)
    try:
        content = fill(job)
        if len(content) > job["output_bytes"]:
            raise MemoryError
    except Exception as error:
        sys.stderr.write(json.dumps({"why": why(error), "what": str(error)[:200]}))
        return 1
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
