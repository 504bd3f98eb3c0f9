"""The run of a session as the writer of scripts takes it."""

from core.script.history import History
from gui.session import Session


def history_of(session: Session) -> History | None:
    """The run on screen up to the step on screen; None before any, or while another is built."""
    shown, run = session.shown, session.history
    if shown is None or not session.is_shown:
        return None
    return History(
        run.first_config,
        run.first_corpus,
        tuple(event for event in run.events if event.step <= shown.step),
        tuple(session.vocabulary.tokens),
        shown.step,
        run.values,
        session.threads,
    )
