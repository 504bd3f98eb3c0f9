"""What "the same bits" depend on. Needs no torch."""

from msgspec import Struct


class Machine(Struct, frozen=True):
    """The torch, the processor's vector instructions, the threads and the system of a run.

    What is not known is empty, or 0.
    """

    torch: str = ""
    cpu_capability: str = ""
    threads: int = 0
    platform: str = ""

    def computes_like(self, other: "Machine") -> bool:
        """Whether, for all that is known of both, the same bits come of the same steps."""
        mine = self.torch, self.cpu_capability, self.threads, self.platform
        others = other.torch, other.cpu_capability, other.threads, other.platform
        return all(one == two or not (one and two) for one, two in zip(mine, others, strict=True))
