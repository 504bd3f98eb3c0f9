"""Training as a plain script does it: nn.Embedding, a head, torch.optim and a loop.

Nothing of the training core is used here, only its settings as plain values, so that equal tables
say something. Batches are drawn from lists of examples, one by one.
"""

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate, pairwise

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from core.config import OptimizerConfig, RunConfig

Sentences = list[list[int]]
Loss = Callable[[Generator], Tensor]
PAD = 1


def train_plainly(
    config: RunConfig, sentences: Sentences, labels: list[int], steps: int
) -> tuple[Tensor, list[float]]:
    """The table (V, D) and the losses after `steps` steps."""
    torch.manual_seed(config.seed)
    table = make_table(config)
    head, loss_of = HEADS[config.objective.name](config, table, sentences, labels)
    optimizers = make_optimizers(config, table, head)
    generator = Generator()
    losses = []
    for step in range(1, steps + 1):
        generator.manual_seed((config.seed * 2_654_435_761 + step) % 2**32)
        loss = loss_of(generator)
        for optimizer in optimizers:
            optimizer.zero_grad()
        loss.backward()
        for optimizer in optimizers:
            optimizer.step()
        losses.append(loss.item())
    return table.weight.detach(), losses


def make_table(config: RunConfig) -> nn.Embedding:
    settings = config.table
    table = nn.Embedding(
        settings.num_embeddings,
        settings.embedding_dim,
        padding_idx=settings.padding_idx,
        max_norm=settings.max_norm,
        norm_type=settings.norm_type,
        scale_grad_by_freq=settings.scale_grad_by_freq,
        sparse=settings.sparse,
        dtype=getattr(torch, settings.dtype),
    )
    initialise(table, config)
    return table


def initialise(table: nn.Embedding, config: RunConfig) -> None:
    name, scale = config.table.initialisation.name, config.table.initialisation.scale
    if name == "normal" and scale != 1:  # nn.Embedding has drawn N(0, 1) itself
        nn.init.normal_(table.weight, 0, scale)
    elif name == "uniform":
        nn.init.uniform_(table.weight, -scale, scale)
    elif name == "xavier":
        nn.init.xavier_uniform_(table.weight, scale)
    elif name == "zeros":
        nn.init.zeros_(table.weight)
    if table.padding_idx is not None:
        with torch.no_grad():
            table.weight[table.padding_idx] = 0


def make_optimizers(
    config: RunConfig, table: nn.Embedding, head: nn.Module
) -> list[torch.optim.Optimizer]:
    # Those of a list of modules come once each: a tied head's weight is the table's.
    parameters = [*nn.ModuleList([table, head]).parameters()]
    if config.optimizer.name != "sparse-adam":
        return [make_optimizer(config.optimizer, parameters)]
    rate = config.optimizer.rate
    if isinstance(head, nn.Embedding):  # whose gradients are sparse too
        return [torch.optim.SparseAdam(parameters, lr=rate)]
    sparse = torch.optim.SparseAdam([table.weight], lr=rate)
    return [sparse, torch.optim.Adam(head.parameters(), lr=rate)]


def make_optimizer(
    settings: OptimizerConfig, parameters: list[nn.Parameter]
) -> torch.optim.Optimizer:
    rate, decay = settings.rate, settings.weight_decay
    if settings.name == "sgd":
        return torch.optim.SGD(
            parameters,
            lr=rate,
            momentum=settings.momentum,
            weight_decay=decay,
            nesterov=settings.nesterov,
        )
    if settings.name == "adam":
        return torch.optim.Adam(parameters, lr=rate, weight_decay=decay)
    if settings.name == "adamw":
        return torch.optim.AdamW(parameters, lr=rate, weight_decay=decay)
    return torch.optim.Adagrad(parameters, lr=rate, weight_decay=decay)


def draw(examples: list, config: RunConfig, generator: Generator) -> list:
    """A batch of `examples`, with replacement."""
    drawn = torch.randint(len(examples), (config.batch_size,), generator=generator)
    return [examples[index] for index in drawn]


def next_word(
    config: RunConfig, table: nn.Embedding, sentences: Sentences, labels: list[int]
) -> tuple[nn.Module, Loss]:
    head = nn.Linear(table.embedding_dim, table.num_embeddings, dtype=table.weight.dtype)
    if config.objective.tied:
        head.weight = table.weight
    pairs = [pair for sentence in sentences for pair in pairwise(sentence)]

    def loss(generator: Generator) -> Tensor:
        batch = draw(pairs, config, generator)
        words = torch.tensor([word for word, _ in batch])
        following = torch.tensor([word for _, word in batch])
        return functional.cross_entropy(head(table(words)), following)

    return head, loss


def cbow(
    config: RunConfig, table: nn.Embedding, sentences: Sentences, labels: list[int]
) -> tuple[nn.Module, Loss]:
    head = nn.Linear(table.embedding_dim, table.num_embeddings, dtype=table.weight.dtype)
    window = config.objective.window
    examples = []
    for sentence in sentences:
        for at, word in enumerate(sentence):
            places = [*range(at - window, at), *range(at + 1, at + window + 1)]
            real = [0 <= place < len(sentence) for place in places]
            context = [
                sentence[place] if there else PAD for place, there in zip(places, real, strict=True)
            ]
            if len(sentence) > 1:
                examples.append((context, real, word))

    def loss(generator: Generator) -> Tensor:
        batch = draw(examples, config, generator)
        context = torch.tensor([context for context, _, _ in batch])
        real = torch.tensor([real for _, real, _ in batch])
        words = torch.tensor([word for _, _, word in batch])
        return functional.cross_entropy(head(mean_of_real(table(context), real)), words)

    return head, loss


def mean_of_real(vectors: Tensor, real: Tensor) -> Tensor:
    return (vectors * real.unsqueeze(-1)).sum(1) / real.sum(1, keepdim=True)


def skip_gram(
    config: RunConfig, table: nn.Embedding, sentences: Sentences, labels: list[int]
) -> tuple[nn.Module, Loss]:
    neighbours = nn.Embedding(
        table.num_embeddings, table.embedding_dim, sparse=table.sparse, dtype=table.weight.dtype
    )
    initialise(neighbours, config)
    window, negatives = config.objective.window, config.objective.negatives
    examples = []  # (a word, the words around it)
    for sentence in sentences:
        for at, word in enumerate(sentence):
            around = sentence[max(at - window, 0) : at] + sentence[at + 1 : at + window + 1]
            if around:
                examples.append((word, around))
    words = [word for sentence in sentences for word in sentence]
    weights = [words.count(word) ** 0.75 for word in range(table.num_embeddings)]
    cumulative = list(accumulate(weights))

    def loss(generator: Generator) -> Tensor:
        batch = draw(examples, config, generator)
        which = torch.rand(len(batch), generator=generator, dtype=torch.float64).tolist()
        centres = torch.tensor([word for word, _ in batch])
        pairs = zip(batch, which, strict=True)
        true = torch.tensor([around[int(part * len(around))] for (_, around), part in pairs])
        shape = (len(batch), negatives)
        drawn = torch.rand(shape, generator=generator, dtype=torch.float64) * cumulative[-1]
        false = torch.tensor([[bisect_right(cumulative, x) for x in row] for row in drawn.tolist()])
        rows = table(centres)
        of_true = (rows * neighbours(true)).sum(1)
        of_false = torch.bmm(neighbours(false), rows.unsqueeze(2)).squeeze(2)
        likelihood = functional.logsigmoid(of_true) + functional.logsigmoid(-of_false).sum(1)
        return -likelihood.mean()

    return neighbours, loss


def sentence_label(
    config: RunConfig, table: nn.Embedding, sentences: Sentences, labels: list[int]
) -> tuple[nn.Module, Loss]:
    head = nn.Linear(table.embedding_dim, max(labels) + 1, dtype=table.weight.dtype)
    examples = [pair for pair in zip(sentences, labels, strict=True) if pair[0]]

    def loss(generator: Generator) -> Tensor:
        batch = draw(examples, config, generator)
        longest = max(len(sentence) for sentence, _ in batch)
        padded = torch.tensor([[*words, *[PAD] * (longest - len(words))] for words, _ in batch])
        real = torch.tensor([[at < len(words) for at in range(longest)] for words, _ in batch])
        vectors = table(padded)
        pooled = {
            "mean": lambda: vectors.mean(1),
            "masked-mean": lambda: mean_of_real(vectors, real),
            "sum": lambda: vectors.sum(1),
            "max": lambda: vectors.amax(1),
        }[config.objective.pooling]()
        return functional.cross_entropy(head(pooled), torch.tensor([label for _, label in batch]))

    return head, loss


HEADS = {
    "next-word": next_word,
    "cbow": cbow,
    "skip-gram": skip_gram,
    "sentence-label": sentence_label,
}
