"""The sentences that the padding study looks at, as ids."""

from dataclasses import dataclass

from gui.session import Session

MOST_IDS = 64  # that one line of ids typed by hand may hold
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Batch:
    """`sentences` as ids, the `names` that head them, and their label indices, if any.

    `numbers` says which sentence of the text, from 0, each is; None or missing: it is none.
    """

    sentences: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]
    labels: tuple[int, ...] | None = None
    numbers: tuple[int | None, ...] = ()


class NotIdsError(ValueError):
    """`line` (from 1) holds `word`, which is no id."""

    def __init__(self, line: int, word: str) -> None:
        super().__init__(line, word)
        self.line, self.word = line, word


def batch_of_text(session: Session, count: int, typed_name: str, first: int = 0) -> Batch:
    """The typed line, headed `typed_name`, and sentences of the text: `count` in all.

    They are those from number `first`, from 0, on; where there are none, the last one. In a
    labelled text the typed line has the label of the sentence it is, or the first label.
    """
    corpus, vocabulary = session.corpus, session.vocabulary
    start = max(0, min(first, len(corpus.sentences) - 1))
    texts = list(corpus.sentences[start : start + count])
    numbers: list[int | None] = list(range(start, start + len(texts)))
    names = [str(number) for number in range(start + 1, start + len(texts) + 1)]
    labels = list(corpus.labels[start : start + count]) if corpus.labels is not None else []
    line = session.line.strip() if session.line_tokens else ""  # or it cannot be read
    if line:
        known = texts.index(line) if line in texts else None
        label = labels[known or 0] if labels else None
        number = None if known is None else numbers.pop(known)
        if known is not None:
            del texts[known], names[known]
            del labels[known : known + 1]
        texts, names = [line, *texts][:count], [typed_name, *names][:count]
        numbers = [number, *numbers][:count]
        labels = [label, *labels][:count] if label is not None else []
    sentences = tuple(tuple(token.id for token in vocabulary.encode(text)) for text in texts)
    if not labels:
        return Batch(sentences, tuple(names), numbers=tuple(numbers))
    index = {name: number for number, name in enumerate(session.label_names)}
    indices = tuple(index.get(label, 0) for label in labels)
    return Batch(sentences, tuple(names), indices, tuple(numbers))


def batch_of_ids(text: str) -> Batch:
    """One sentence of ids a line, apart by spaces or commas; raises `NotIdsError`.

    Any whole number is taken, also one that is no row: to see what is wrong is what it is for.
    """
    sentences = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.replace(",", " ").replace("[", " ").replace("]", " ").split()
        ids = []
        for word in words[:MOST_IDS]:
            try:
                id_ = int(word)
            except ValueError:
                raise NotIdsError(number, word) from None
            if abs(id_) > LARGEST_ID:
                raise NotIdsError(number, word)
            ids.append(id_)
        if ids:
            sentences.append(tuple(ids))
    return Batch(tuple(sentences), tuple(str(n) for n in range(1, len(sentences) + 1)))
