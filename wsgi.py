"""What a server and the ``flask`` command load."""

import gc
import os

# Nothing of what is loaded is garbage: looking through it again and again takes a fifth of every start.
gc.disable()

from config import from_environment
from tracker import create_app
from tracker.core import logs

logs.set_up(os.environ.get("TRACKER_LOG_LEVEL", "INFO"), form=os.environ.get("TRACKER_LOG", ""))
app = create_app(from_environment())

gc.freeze()
gc.enable()
