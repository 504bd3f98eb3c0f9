"""The lines of a script that repeat what was changed on the way: settings, cells, sentences."""

import math

from core.changes import config_after
from core.config import RunConfig
from core.messages import Change, Event, SetBatchSize, SetCell, SetCorpus, SetOptimizer, SetRow
from core.script.literals import set_row
from core.script.model import TIE, fresh_lines, optimizer_lines, settings_of
from core.seeds import SPREAD

RESIZE = """
def resize(module, name, rows, draw):
    \"\"\"Append rows to a parameter, or take the last ones away; the optimizers follow.\"\"\"
    old = getattr(module, name)
    kept = min(rows, len(old))
    fresh = torch.empty(rows, *old.shape[1:], dtype=old.dtype)
    fresh[:kept] = old.detach()[:kept]
    if rows > kept:
        draw(fresh[kept:])
    new = nn.Parameter(fresh, old.requires_grad)
    setattr(module, name, new)
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["params"] = [new if each is old else each for each in group["params"]]
        for key, value in optimizer.state.pop(old, {}).items():
            if torch.is_tensor(value) and value.shape == old.shape:
                state = torch.zeros_like(fresh)
                state[:kept] = value[:kept]
                value = state
            optimizer.state[new][key] = value
""".strip("\n").split("\n")


def event_lines(config: RunConfig, events: tuple[Event, ...]) -> list[str]:
    """A function `change_after(step)` that makes the changes; nothing where there are none."""
    if not events:
        return []
    globals_ = _globals(events)
    lines = ["def change_after(step):", '    """What was changed after `step` steps."""']
    if globals_:
        lines.append(f"    global {', '.join(globals_)}")
    steps = sorted({event.step for event in events})
    corpora = 0
    for step in steps:
        lines.append(f"    if step == {step}:")
        for event in (event for event in events if event.step == step):
            if isinstance(event.change, SetCorpus):
                corpora += 1
            made = _change(config, event.change, corpora)
            lines += [f"        {line}" for line in made]
            config = config_after(config, event.change)
    return lines


def needs_resizing(events: tuple[Event, ...]) -> bool:
    """Whether any change can alter the number of rows or of labels."""
    return any(isinstance(event.change, SetCorpus) for event in events)


def _globals(events: tuple[Event, ...]) -> list[str]:
    names = set()
    for event in events:
        match event.change:
            case SetOptimizer():
                names.add("optimizers")
            case SetBatchSize():
                names.add("batch_size")
            case SetCorpus():
                names.add("examples")
    return sorted(names)


def _change(config: RunConfig, change: Change, corpora: int) -> list[str]:
    match change:
        case SetOptimizer(optimizer):
            if optimizer.name != config.optimizer.name:
                return optimizer_lines(config, optimizer)
            settings = settings_of(optimizer)
            if optimizer.name == "sgd":
                settings |= {"momentum": optimizer.momentum, "nesterov": optimizer.nesterov}
            if optimizer.name != "sparse-adam":
                settings["weight_decay"] = optimizer.weight_decay
            written = ", ".join(f"{key}={value!r}" for key, value in settings.items())
            return [
                "for optimizer in optimizers:",
                f"    optimizer.param_groups[0].update({written})",
            ]
        case SetBatchSize(batch_size):
            return [f"batch_size = {batch_size}"]
        case SetCell(id_, column, value):
            written = repr(value) if math.isfinite(value) else f"float('{value}')"
            return ["with torch.no_grad():", f"    table.weight[{id_}, {column}] = {written}"]
        case SetRow(id_, values):
            made = set_row(f"table.weight[{id_}]", values.numpy(), config.table.dtype)
            return ["with torch.no_grad():", *(f"    {line}" for line in made)]
        case SetCorpus():
            return _corpus_change(config, change, corpora)
    raise AssertionError(change)


def _corpus_change(config: RunConfig, change: SetCorpus, number: int) -> list[str]:
    """Other sentences: the table, the head and the examples follow."""
    rows, table = change.num_embeddings, config.table
    lines = [f"sentences = read(SENTENCES_{number + 1})"]
    if config.objective.name == "sentence-label":
        lines = [f"sentences = read_labelled(SENTENCES_{number + 1})"]
    seed = (config.seed * SPREAD + rows) % 2**32
    lines.append(f"torch.manual_seed({seed})")
    draw = f"lambda fresh: {fresh_lines('fresh', table.initialisation)}"
    bound = f"lambda fresh: nn.init.uniform_(fresh, -{_bound(config)}, {_bound(config)})"
    if rows != table.num_embeddings:
        lines.append(f'resize(table, "weight", {rows}, {draw})')
        lines.append(f"table.num_embeddings = {rows}")
    match config.objective.name:
        case "skip-gram":
            lines.append(f'resize(neighbours, "weight", {rows}, {draw})')
            lines.append(f"neighbours.num_embeddings = {rows}")
        case "sentence-label":
            outputs = max(1, len(change.corpus.label_names))
            lines += _head(outputs, bound)
        case _ if config.objective.is_tied:
            lines += [TIE, f'resize(head, "bias", {rows}, {bound})']
        case _:
            lines += _head(rows, bound)
    return [*lines, "examples = examples_of(sentences)"]


def _head(outputs: int, draw: str) -> list[str]:
    return ['for name in ("weight", "bias"):', f"    resize(head, name, {outputs}, {draw})"]


def _bound(config: RunConfig) -> str:
    """As nn.Linear draws: uniform within ± 1 / √D."""
    return repr(config.table.embedding_dim**-0.5)
