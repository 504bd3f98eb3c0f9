"""The lines of a script that draw a batch and give its loss: those of one objective."""

from dataclasses import dataclass
from textwrap import dedent

from core.config import ObjectiveConfig, ObjectiveName

POOLINGS = {
    "mean": "vectors.mean(1)",
    "masked-mean": (
        "vectors.masked_fill(~mask.unsqueeze(-1), 0.0).sum(1) / mask.sum(1, keepdim=True)"
    ),
    "sum": "vectors.sum(1)",
    "max": "vectors.amax(1)",
}


@dataclass(frozen=True)
class ObjectiveLines:
    """`examples` finds what batches are drawn from, `batch` draws one, `loss` is its loss.

    They are functions called `examples_of(sentences)`, `draw(examples, size)` and
    `loss_of(batch)`; `lookup` is the line of the last that looks rows up.
    """

    examples: list[str]
    draw: list[str]
    loss: list[str]
    lookup: str


def objective_lines(config: ObjectiveConfig, pad: int) -> ObjectiveLines:
    """Those of the objective `config` names; `pad` fills what is ragged."""
    text = _TEXTS[config.name]
    values = {
        "WINDOW": str(config.window),
        "NEGATIVES": str(config.negatives),
        "POOLED": POOLINGS[config.pooling],
        "PAD": str(pad),
    }
    parts = []
    for part in text:
        lines = dedent(part).strip("\n").split("\n")
        for name, value in values.items():
            lines = [line.replace(f"${name}", value) for line in lines]
        parts.append(lines)
    lookup = next(line.strip() for line in parts[2] if "table(" in line)
    return ObjectiveLines(parts[0], parts[1], parts[2], lookup)


_NEXT_WORD = (
    """
    def examples_of(sentences):
        \"\"\"Every word with the word after it.\"\"\"
        pairs = [pair for words in sentences for pair in zip(words, words[1:])]
        return torch.tensor(pairs)
    """,
    """
    def draw(examples, size):
        index = torch.randint(len(examples), (size,), generator=generator)
        return examples[index].unbind(1)
    """,
    """
    def loss_of(batch):
        words, following = batch
        return functional.cross_entropy(head(table(words)), following)
    """,
)

_CBOW = (
    """
    def examples_of(sentences):
        \"\"\"Every word with those around it, $WINDOW on each side; pads past the ends.\"\"\"
        around, masks, middles = [], [], []
        for words in sentences:
            for at, word in enumerate(words):
                places = [*range(at - $WINDOW, at), *range(at + 1, at + $WINDOW + 1)]
                mask = [0 <= place < len(words) for place in places]
                if any(mask):
                    around.append([words[p] if m else $PAD for p, m in zip(places, mask)])
                    masks.append(mask)
                    middles.append(word)
        return torch.tensor(around), torch.tensor(masks), torch.tensor(middles)
    """,
    """
    def draw(examples, size):
        around, masks, middles = examples
        index = torch.randint(len(middles), (size,), generator=generator)
        return around[index], masks[index], middles[index]
    """,
    """
    def loss_of(batch):
        around, mask, middles = batch
        vectors = table(around)
        mean = vectors.masked_fill(~mask.unsqueeze(-1), 0.0).sum(1) / mask.sum(1, keepdim=True)
        return functional.cross_entropy(head(mean), middles)
    """,
)

_SKIP_GRAM = (
    """
    def examples_of(sentences):
        \"\"\"Each word's place with the first of its window and how many others are in it.\"\"\"
        ids, windows = [], []
        for words in sentences:
            first, last = len(ids), len(ids) + len(words) - 1
            for at in range(first, last + 1):
                left, right = max(at - $WINDOW, first), min(at + $WINDOW, last)
                if left < right:
                    windows.append([at, left, right - left])
            ids += words
        ids = torch.tensor(ids)
        # Negatives are drawn by frequency to the power of 3/4, as word2vec does.
        frequency = torch.bincount(ids, minlength=len(table.weight)).double() ** 0.75
        return ids, torch.tensor(windows), frequency.cumsum(0)
    """,
    """
    def draw(examples, size):
        ids, windows, cumulative = examples
        index = torch.randint(len(windows), (size,), generator=generator)
        centre, first, others = windows[index].unbind(1)
        drawn = torch.rand(size, generator=generator, dtype=torch.float64)
        neighbour = first + (drawn * others).long()
        neighbour += neighbour >= centre  # the centre is not its own neighbour
        drawn = torch.rand((size, $NEGATIVES), generator=generator, dtype=torch.float64)
        negatives = torch.searchsorted(cumulative, drawn * cumulative[-1], right=True)
        return ids[centre], ids[neighbour], negatives
    """,
    """
    def loss_of(batch):
        centres, targets, negatives = batch
        rows = table(centres)
        true = (rows * neighbours(targets)).sum(-1)
        false = (neighbours(negatives) @ rows.unsqueeze(-1)).squeeze(-1)
        return -(functional.logsigmoid(true) + functional.logsigmoid(-false).sum(-1)).mean()
    """,
)

_SENTENCE_LABEL = (
    """
    def examples_of(sentences):
        \"\"\"The sentences, all of one length by pads, with their lengths and labels.\"\"\"
        pairs = [(words, label) for words, label in zip(sentences, LABELS) if words]
        longest = max(len(words) for words, _ in pairs)
        padded = [words + [$PAD] * (longest - len(words)) for words, _ in pairs]
        lengths = torch.tensor([len(words) for words, _ in pairs])
        labels = torch.tensor([LABEL_NAMES.index(label) for _, label in pairs])
        return torch.tensor(padded), lengths, labels
    """,
    """
    def draw(examples, size):
        padded, lengths, labels = examples
        index = torch.randint(len(labels), (size,), generator=generator)
        columns = torch.arange(int(lengths[index].max()))  # to the longest of this batch
        mask = columns < lengths[index].unsqueeze(1)
        return padded[index][:, : len(columns)], mask, labels[index]
    """,
    """
    def loss_of(batch):
        words, mask, labels = batch
        vectors = table(words)
        pooled = $POOLED
        return functional.cross_entropy(head(pooled), labels)
    """,
)

_TEXTS: dict[ObjectiveName, tuple[str, str, str]] = {
    "next-word": _NEXT_WORD,
    "cbow": _CBOW,
    "skip-gram": _SKIP_GRAM,
    "sentence-label": _SENTENCE_LABEL,
}
