"""How long a job is held."""

from datetime import timedelta

LEASE = timedelta(seconds=60)
BEAT_SECONDS = 15
