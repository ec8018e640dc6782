"""What the program loads whenever it starts: every command of an office waits for it."""

import json
import subprocess
import sys

from conftest import ROOT

# What draws runs in a process of its own; the rest is loaded by the first who needs it.
LATER = {"vl_convert", "pypinyin", "openpyxl", "pptx", "apscheduler", "psycopg"}
WORDS = "import gc, json, sys, wsgi; print(json.dumps([gc.isenabled(), gc.get_freeze_count(), list(sys.modules)]))"


def test_a_start_loads_nothing_that_few_need_and_leaves_what_it_loaded_to_no_collector() -> None:
    done = subprocess.run([sys.executable, "-c", WORDS], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    collects, frozen, loaded = json.loads(done.stdout)
    assert LATER & set(loaded) == set()
    assert collects
    assert frozen > 100_000
