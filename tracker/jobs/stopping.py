"""Whether this process was asked to stop. A job that takes many steps looks between two of them."""

from threading import Event

asked = Event()
