"""What a server and the ``flask`` command load."""

import gc

# Nothing of what is loaded is garbage: looking through it again and again takes a fifth of every start.
gc.disable()

from config import from_environment
from tracker import create_app
from tracker.core import failing, logs

failing.watch()
_config = from_environment()
logs.set_up(str(_config["TRACKER_LOG_LEVEL"]), form=str(_config["TRACKER_LOG"]))
app = create_app(_config)

gc.freeze()
gc.enable()
