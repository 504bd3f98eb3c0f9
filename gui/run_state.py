"""What a run is doing, as the window tells it apart."""

from enum import Enum, auto


class State(Enum):
    """What the run is doing."""

    STARTING = auto()  # the engine is not there yet
    BUILDING = auto()  # the engine builds the run, or repeats it up to its step
    PAUSED = auto()
    RUNNING = auto()
    STOPPED = auto()  # the engine failed again and again
