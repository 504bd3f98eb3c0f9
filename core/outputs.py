"""What scores every output over a vector: weights of its own, or the table itself."""

from torch import Tensor, nn
from torch.nn import functional

from core.config import Initialisation
from core.table import EmbeddingTable, resized

Replaced = tuple[nn.Parameter, nn.Parameter]  # the old one and the one in its place


class TiedOutputs(nn.Module):
    """`nn.Linear(D, V)` whose weight is the table's own, (V, D): logits = hidden @ tableᵀ + bias.

    Of `drawn`, the layer that it stands for, it takes the bias: so the rest of a run has the bits
    it would have untied. Only the bias is its parameter, for the weight is the table's, which
    trains, saves and resizes it.
    """

    bias: nn.Parameter

    def __init__(self, table: EmbeddingTable, drawn: nn.Linear) -> None:
        super().__init__()
        self._table = [table]  # in a list, so that it is not registered as a part of this
        self.bias = drawn.bias

    def forward(self, hidden: Tensor) -> Tensor:
        """Score each row of the table for `hidden` (B, D): (B, V)."""
        return functional.linear(hidden, self._table[0].weight, self.bias)


def resize_outputs(head: nn.Module, inputs: int, outputs: int) -> list[Replaced]:
    """Give `head` over `inputs` numbers `outputs` outputs; those it has keep their weights."""
    as_linear_draws = Initialisation("uniform", scale=inputs**-0.5)
    replaced = []
    for name, old in list(head.named_parameters()):
        new = resized(old, outputs, as_linear_draws)
        setattr(head, name, new)
        replaced.append((old, new))
    if isinstance(head, nn.Linear):
        head.out_features = outputs
    return replaced
