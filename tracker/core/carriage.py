"""What goes wrong when a message is carried out of the house, whatever carries it."""


class Unreachable(Exception):
    """No connection, or nobody lets us in; every message of the batch has the same trouble."""


class Refused(Exception):
    """This message was not taken, or the line was cut before anybody said that it was."""


class Stalled(Refused):
    """Nothing was answered in time. Whoever comes next would wait as long."""
