"""What the window says of each scenario: a title, what it is, a question, and what to watch.

The figures are held to plain torch in the tests of `core.scenarios`.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from core.scenarios import ScenarioName


@dataclass(frozen=True)
class Words:
    """`title` stands in the menu; `about` is two lines or so."""

    title: str
    about: str
    question: str
    watch: str


class ScenarioWords(QObject):
    """The words in the language of the application."""

    def of(self, name: ScenarioName) -> Words:
        """The words of a scenario."""
        return (self._of_heads() | self._of_the_row() | self._of_training() | self._of_ids())[name]

    def _of_heads(self) -> dict[ScenarioName, Words]:
        return {
            "mean-over-pads": Words(
                self.tr("Mean over pads"),
                self.tr(
                    "A sentence’s vector is the mean of all cells of its line, pads included. The "
                    "row of <pad> is zero, and yet each pad draws the mean towards zero."
                ),
                self.tr("With 8 columns more, how much of each mean is left?"),
                self.tr(
                    "Move “Extra padding” from +0 to +8: the vectors slide, and “Padded further” "
                    "goes to 0.5, while weight.grad[pad] stays 0. Then choose the masked mean."
                ),
            ),
            "attention-to-pads": Words(
                self.tr("Attention to pads"),
                self.tr(
                    "Without a mask the softmax gives each pad a weight: a key of zeros scores 0, "
                    "and e⁰ = 1 is no small share."
                ),
                self.tr("How much of its attention does “lovely view” spend on pads?"),
                self.tr(
                    "The cells show the share of each: its 14 pads get 0.84 in all (rounded). "
                    "Choose “Masked attention, masked mean”, and every pad gets 0."
                ),
            ),
            "lstm-over-pads": Words(
                self.tr("LSTM that reads on over pads"),
                self.tr(
                    "The last state is taken after the last column. Padded on the right, the LSTM "
                    "reads the pads last, and forgets the words."
                ),
                self.tr("Does padding on the left help? Does packing?"),
                self.tr(
                    "With the side “left”, “Padded further” falls to less than a tenth, for pads "
                    "are read first. With the packed LSTM it is 0 on either side."
                ),
            ),
            "batch-norm-over-pads": Words(
                self.tr("BatchNorm that counts pads"),
                self.tr(
                    "In training mode BatchNorm takes its mean and its variance over all cells, "
                    "the zeros of the pads among them."
                ),
                self.tr("The mean after it is masked. Why do pads still change the answer?"),
                self.tr(
                    "Move “Extra padding” to +8: the variance falls to about half, so that every "
                    "word is stretched. “Padded further” is not 0 for any sentence."
                ),
            ),
        }

    def _of_the_row(self) -> dict[ScenarioName, Words]:
        return {
            "pad-row-drawn-anew": Words(
                self.tr("Pad row drawn anew"),
                self.tr(
                    "nn.Embedding had made the row of <pad> zero. Then all rows were drawn anew, "
                    "as nn.init.normal_ does, that of <pad> too."
                ),
                self.tr("Does training mend it?"),
                self.tr(
                    "Press Run: the row of <pad> never moves, for padding_idx keeps its gradient "
                    "away. Set “Pad row” to zeros: “Padded further” becomes 0."
                ),
            ),
            "wrong-padding-idx": Words(
                self.tr("Wrong padding_idx"),
                self.tr(
                    "The sentences are padded with <pad> (id 1), but padding_idx is 9, the id of "
                    "“the”. torch says nothing."
                ),
                self.tr("Which of the two rows learns, and which is frozen?"),
                self.tr(
                    "weight.grad[pad] is not 0. Press Run, and look at both rows in the table: "
                    "“the” stays zero, and <pad> moves."
                ),
            ),
            "no-padding-idx": Words(
                self.tr("padding_idx on and off"),
                self.tr(
                    "Two set-ups from one seed: the first has padding_idx, the second has not. In "
                    "both the row of <pad> begins at zero."
                ),
                self.tr("Do the losses tell which is which? Do the rows?"),
                self.tr(
                    "Press “Train both”. The losses stay close; the pad row stays zero in the "
                    "first, and becomes a row like any other in the second."
                ),
            ),
            "tied-weights": Words(
                self.tr("Tied weights train the pad row"),
                self.tr(
                    "The output layer is the table itself, so the softmax pushes every row at each "
                    "step. padding_idx keeps only the gradient of the lookup away."
                ),
                self.tr("Does the row of <pad> stay zero?"),
                self.tr(
                    "Press “Train both”: with output weights of its own the pad row stays zero. "
                    "Press Run: it moves, and “Why it moved” names the tied output weights alone."
                ),
            ),
        }

    def _of_training(self) -> dict[ScenarioName, Words]:
        return {
            "weight-decay": Words(
                self.tr("Weight decay fades unread rows"),
                self.tr(
                    "SGD with rate 0.1 and weight decay 0.1 shrinks each row by 1 % a step: also "
                    "rows that no sentence reads, and a row of <pad> that is not zero."
                ),
                self.tr("Which rows move though no gradient reaches them?"),
                self.tr(
                    "Press Run: <pad> and “ship” go straight to the origin, and after 100 steps "
                    "have 0.37 of their length (rounded). “Why it moved” names decay, not "
                    "gradient."
                ),
            ),
            "momentum": Words(
                self.tr("Momentum moves rows on"),
                self.tr(
                    "SGD with momentum 0.9, and one word a step. After its last gradient a row "
                    "goes on, at each step by 0.9 of its last move."
                ),
                self.tr("The first step reads “one”. When does its row stop?"),
                self.tr(
                    "Press Step a few times: “one” is marked as moved without a gradient, until "
                    "step 7 reads it again. “Why it moved” names momentum, not gradient."
                ),
            ),
        }

    def _of_ids(self) -> dict[ScenarioName, Words]:
        return {
            "position-ids": Words(
                self.tr("Left padding shifts positions"),
                self.tr(
                    "A model that adds a vector for each position reads position ids. Counted by "
                    "column, they depend on how far the batch is padded."
                ),
                self.tr("At which position is “lovely”, the first word of its sentence?"),
                self.tr(
                    "At +8 in column 14, at +0 in column 6. Choose the cells “position ids: real "
                    "tokens”: 0 at any padding. The heads here read no positions."
                ),
            ),
            "ids-out-of-range": Words(
                self.tr("Ids that no row has"),
                self.tr(
                    "The table has the rows 0 to 16. Two cells hold other ids: 17, as from a "
                    "longer vocabulary, and −100, as in labels that a loss ignores."
                ),
                self.tr("What does nn.Embedding make of them?"),
                self.tr(
                    "Both cells are marked and tell what is wrong. torch raises “IndexError: index "
                    "out of range in self”; nothing counts from the end. Correct the ids."
                ),
            ),
        }
