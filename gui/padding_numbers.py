"""The numbers of the padding tab, as they are copied and saved: a line for each cell."""

import numpy as np
from numpy.typing import NDArray

from core.numbers_file import Numbers
from core.padding.messages import Studied
from gui.padding_study import PaddingStudy
from gui.session import Session


def padding_numbers(session: Session, study: PaddingStudy) -> Numbers | None:
    """Each cell's sentence, position, id, token, mask, position ids, gradient and attention.

    Then both shifts of its sentence. NaN where the head has no such number.
    """
    if study.answer is None:
        return None
    studied = study.answer.studied
    cells = studied.cells
    ids = cells.ids.numpy()
    lines, columns = np.indices(ids.shape)
    vocabulary, names = session.vocabulary, study.answer.batch.names
    rows = len(vocabulary)
    tokens = [vocabulary.token(id_) if 0 <= id_ < rows else "" for id_ in ids.ravel().tolist()]
    heads = ("sentence", "position", "id", "token", "mask", "position_columns", "position_counted")
    found = _found(studied)
    return Numbers(
        (*heads, *found),
        (
            [names[line] for line in lines.ravel().tolist()],
            columns.ravel(),
            ids.ravel(),
            tokens,
            cells.mask.numpy().ravel().astype(np.int64),
            cells.columns.numpy().ravel(),
            cells.counted.numpy().ravel(),
            *(values.ravel() for values in found.values()),
        ),
    )


def _found(studied: Studied) -> dict[str, NDArray[np.float64]]:
    shape = studied.cells.ids.shape
    missing = np.full(shape, np.nan)
    probed = studied.probed
    if probed is None:
        return {}
    further = probed.further.relative.numpy()[:, None]
    replaced = probed.replaced.relative.numpy()[:, None]
    return {
        "gradient": missing if probed.gradient is None else probed.gradient.numpy(),
        "attention": missing if probed.attention is None else probed.attention.numpy(),
        "shift_padded_further": np.broadcast_to(further, shape),
        "shift_pad_row_random": np.broadcast_to(replaced, shape),
    }
