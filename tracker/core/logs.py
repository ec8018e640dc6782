"""What the program writes to its log: one JSON object a line, or a plain line where a person looks on."""

import logging
import sys
from collections.abc import Sequence

import structlog
from structlog.contextvars import merge_contextvars
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import Processor

FIRST: Sequence[Processor] = (
    merge_contextvars,
    add_log_level,
    add_logger_name,
    ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # As text and without the values of variables: what people typed stays out of the log.
    structlog.processors.format_exc_info,
)


def set_up(level: str, *, form: str = "") -> None:
    """Write what the program logs from ``level`` on, and warnings of libraries, to standard error.

    ``form`` is ``json`` or ``text``; empty means text on a terminal and JSON otherwise. Every line written while a
    request is answered bears its number. Raises ValueError for an unknown level.
    """
    is_json = form == "json" or (not form and not sys.stderr.isatty())
    last = structlog.processors.JSONRenderer(ensure_ascii=False) if is_json else _plain
    handler = logging.StreamHandler()
    handler.setFormatter(
        ProcessorFormatter(foreign_pre_chain=FIRST, processors=[ProcessorFormatter.remove_processors_meta, last])
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("tracker").setLevel(level.upper())
    # It warns of every sweep that is passed over because the last one still runs, which is as it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


_plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
