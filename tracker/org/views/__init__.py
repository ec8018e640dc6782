"""Pages of signing in, people, units and the first run."""

from tracker.org.views import first_run, passwords, people, person, signing_in, substitutes, units
from tracker.org.views.blueprint import blueprint

__all__ = ["blueprint", "first_run", "passwords", "people", "person", "signing_in", "substitutes", "units"]
