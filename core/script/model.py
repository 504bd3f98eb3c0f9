"""The lines of a script that make the table, what stands over it, and the optimizers."""

from core.config import (
    Initialisation,
    OptimizerConfig,
    RunConfig,
    TableConfig,
    is_drawn_in_part,
)
from core.script.history import History

TIE = "head.weight = table.weight  # tied: the output weights are the table"
LARGEST_GIVEN = 2_000  # values that are written into the script; more go into a file beside it


def table_lines(history: History) -> list[str]:
    """The embedding layer, as it was before the first step."""
    config = history.config
    arguments = _arguments(config.table)
    lines = [f"torch.manual_seed({config.seed})"]
    if is_drawn_in_part(config.table):
        lines += _part_drawn(config.table)
        lines.append(f"table = nn.Embedding({arguments}, _weight=weight)")
    else:
        lines.append(f"table = nn.Embedding({arguments})")
        lines += _initialised("table", config.table, padded=True)
    if config.table.initialisation.name == "given" and history.values is not None:
        lines += ["with torch.no_grad():", "    table.weight[: len(VALUES)] = VALUES"]
    if config.table.frozen:
        lines.append("table.weight.requires_grad_(False)")
    return lines


def head_lines(history: History) -> list[str]:
    """What stands over the table, drawn right after it from the same generator."""
    table, objective = history.config.table, history.config.objective
    dtype = _dtype(table)
    if objective.name == "skip-gram":
        sparse = ", sparse=True" if table.sparse else ""
        size = f"{table.num_embeddings}, {table.embedding_dim}"
        lines = [f"neighbours = nn.Embedding({size}{sparse}{dtype})"]
        return [*lines, *_initialised("neighbours", table, padded=False)]
    outputs = table.num_embeddings
    if objective.name == "sentence-label":
        outputs = max(1, len(history.corpus.label_names))
    lines = [f"head = nn.Linear({table.embedding_dim}, {outputs}{dtype})"]
    return [*lines, TIE] if objective.is_tied else lines


def optimizer_lines(config: RunConfig, optimizer: OptimizerConfig) -> list[str]:
    """The optimizers, in a list: SparseAdam needs another beside it for dense gradients."""
    of_table = config.table.sparse
    dense_head = config.objective.name != "skip-gram" or not of_table
    head = "neighbours.parameters()" if config.objective.name == "skip-gram" else ""
    head = head or "head.parameters()"
    rate = repr(optimizer.rate)
    if optimizer.name == "sparse-adam":
        if not dense_head:
            return [f"optimizers = [torch.optim.SparseAdam([table.weight, *{head}], lr={rate})]"]
        return [
            "optimizers = [",
            f"    torch.optim.SparseAdam([table.weight], lr={rate}),",
            f"    torch.optim.Adam({head}, lr={rate}),",
            "]",
        ]
    name = {"sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "adagrad": "Adagrad"}[optimizer.name]
    settings = "".join(f", {key}={value!r}" for key, value in settings_of(optimizer).items())
    # What is tied is trained once; beside the table only the bias is the head's own.
    rest = "head.bias" if config.objective.is_tied else f"*{head}"
    return [f"optimizers = [torch.optim.{name}([table.weight, {rest}]{settings})]"]


def settings_of(optimizer: OptimizerConfig) -> dict[str, object]:
    """The arguments that are not torch's defaults, and the rate."""
    settings: dict[str, object] = {"lr": optimizer.rate}
    if optimizer.name == "sparse-adam":
        return settings
    if optimizer.name == "sgd":
        if optimizer.momentum:
            settings["momentum"] = optimizer.momentum
        if optimizer.nesterov:
            settings["nesterov"] = True
    if optimizer.weight_decay != (0.01 if optimizer.name == "adamw" else 0.0):
        settings["weight_decay"] = optimizer.weight_decay
    return settings


def fresh_lines(rows: str, initialisation: Initialisation) -> str:
    """The call that draws appended `rows`, an expression of a tensor (n, …)."""
    scale = repr(initialisation.scale)
    match initialisation.name:
        case "normal" | "given":
            return f"nn.init.normal_({rows}, std={scale})"
        case "uniform":
            return f"nn.init.uniform_({rows}, -{scale}, {scale})"
        case "xavier":
            return f"nn.init.xavier_uniform_({rows}, gain={scale})"
        case _:
            return f"nn.init.zeros_({rows})"


def _part_drawn(table: TableConfig) -> list[str]:
    """A `weight` in which only the rows are drawn that are not given."""
    lines = [f"weight = torch.empty({table.num_embeddings}, {table.embedding_dim}{_dtype(table)})"]
    lines.append(fresh_lines("weight[len(VALUES) :]", table.initialisation))
    if table.padding_idx is not None:
        lines.append(f"weight[{table.padding_idx}] = 0")
    return lines


def _initialised(layer: str, table: TableConfig, *, padded: bool) -> list[str]:
    initialisation = table.initialisation
    if initialisation.name in ("normal", "given") and initialisation.scale == 1.0:
        return []  # nn.Embedding has drawn N(0, 1) itself
    lines = [fresh_lines(f"{layer}.weight", initialisation)]
    if padded and table.padding_idx is not None:
        lines += ["with torch.no_grad():", f"    {layer}.weight[{table.padding_idx}] = 0"]
    return lines


def _arguments(table: TableConfig) -> str:
    parts = [str(table.num_embeddings), str(table.embedding_dim)]
    if table.padding_idx is not None:
        parts.append(f"padding_idx={table.padding_idx}")
    if table.max_norm is not None:
        parts.append(f"max_norm={table.max_norm!r}")
        if table.norm_type != 2.0:
            parts.append(f"norm_type={table.norm_type!r}")
    if table.scale_grad_by_freq:
        parts.append("scale_grad_by_freq=True")
    if table.sparse:
        parts.append("sparse=True")
    return ", ".join(parts) + _dtype(table)


def _dtype(table: TableConfig) -> str:
    return "" if table.dtype == "float32" else f", dtype=torch.{table.dtype}"
