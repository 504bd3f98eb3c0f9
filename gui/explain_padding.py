"""The sentences about padding: which row it has, and where it changes what is computed."""

from PySide6.QtCore import QObject

from core.audit.finding import Finding, Kind
from gui.sentences_about import Sentences


class PaddingSentences(QObject):
    """Holds the sentences; a QObject because Qt's translation tools look for `self.tr`."""

    def of(self, finding: Finding) -> Sentences:
        """The sentences about a finding that concerns padding."""
        head = finding.numbers.get("head")
        if finding.kind == "pads-in-pooling":
            return self._of_pooling(str(head))
        if finding.kind == "pads-in-attention" and head == "masked-attention-mean":
            return self._of_mean_after_attention()
        if finding.kind == "wrong-padding-idx":
            return self._of_wrong_padding_idx(occurs=bool(finding.numbers["times"]))
        return (self._of_the_row() | self._of_tokens() | self._of_heads())[finding.kind]

    # ── the row at padding_idx ────────────────────────────────────────────────────────────────

    def _of_the_row(self) -> dict[Kind, Sentences]:
        return {
            "pad-row-not-zero": Sentences(
                self.tr(
                    "The row of padding, {token} (id {row}), is not zero: its length is {norm}."
                ),
                self.tr(
                    "padding_idx only keeps gradients away. After a new initialisation or a load "
                    "the row holds what was written, and whatever reads pads reads it."
                ),
                self.tr("Set the row to zero after each initialisation and each load."),
            ),
            "given-pad-row": Sentences(
                self.tr(
                    "The given row of padding, {token} (id {row}), is not zero but {norm} long."
                ),
                self.tr(
                    "nn.Embedding zeroes this row when it draws the rows itself. Given rows are "
                    "kept as they are, and padding_idx then freezes this one."
                ),
                self.tr("Set the row to zero, if that is what padding means here."),
            ),
            "pad-with-a-job": Sentences(
                self.tr("The row of padding, {token} (id {row}), is not zero, and need not be."),
                self.tr("In this vocabulary padding also begins what the model writes, as in T5."),
                self.tr("Leave the row as it is, and keep pads out by a mask."),
            ),
            "no-padding-idx": Sentences(
                self.tr("The table has no padding_idx, so the row of {token} (id {row}) trains."),
                self.tr("Every pad adds to the gradient of that row, and it drifts."),
                self.tr("Set padding_idx to {row}, and keep pads out by a mask."),
            ),
            "negative-padding-idx": Sentences(
                self.tr("padding_idx {given} was stored as row {row}."),
                self.tr("It stays that row when rows are added, in the middle of the table."),
                self.tr("Write padding_idx = {row}, or set it again after a resize."),
            ),
            "unknown-is-padding": Sentences(
                self.tr("Unknown words have the row of padding, {token} (id {row})."),
                self.tr("They count as nothing where pads are masked, and they never learn."),
                self.tr("Give unknown words and padding an id each."),
            ),
            "tied-pad-row": Sentences(
                self.tr("The output weights are the table itself, so the row of {token} moves."),
                self.tr(
                    "padding_idx keeps away the gradient of the lookup only. The softmax pushes "
                    "every row in every step, the row of padding too."
                ),
                self.tr(
                    "Mask the logit of padding, zero the row after each step, or untie the output "
                    "weights."
                ),
            ),
        }

    def _of_wrong_padding_idx(self, *, occurs: bool) -> Sentences:
        return Sentences(
            self.tr("padding_idx is {row}: that is {token}, a word of the sentences ({times}×).")
            if occurs
            else self.tr("padding_idx is {row}: that is {token}, which is not called padding."),
            self.tr("Its row never gets a gradient, and the row of the real padding can."),
            self.tr("Set padding_idx to the id that sentences are padded with."),
        )

    # ── tokens ────────────────────────────────────────────────────────────────────────────────

    def _of_tokens(self) -> dict[Kind, Sentences]:
        return {
            "pad-is-end": Sentences(
                self.tr("Padding and the end of a text are one token, {token} (id {row})."),
                self.tr(
                    "Whatever leaves padding out of the loss leaves out the real ends too, and "
                    "the model never learns to stop."
                ),
                self.tr("Give padding a token of its own, or mask by lengths and not by id."),
            ),
            "pads-among-words": Sentences(
                self.tr("The token of padding, {token}, stands in the sentences ({count}×)."),
                self.tr("There it is read as a word, while its row never learns."),
                self.tr("Take it out of the sentences: they are padded as a batch is made."),
            ),
            "loss-on-pads": Sentences(
                self.tr("It trains to predict padding: {token} is in the sentences ({count}×)."),
                self.tr(
                    "Padding is easy to predict, so the loss looks better than it is. If it is "
                    "left out of the loss by its id, a batch of nothing else gives NaN."
                ),
                self.tr("Take it out of the sentences: they are padded as a batch is made."),
            ),
            "padded-text": Sentences(
                self.tr("The sentences seem to be padded already, with {token} (id {row})."),
                self.tr(
                    "{share} of all tokens are it, and nothing knows it as padding: it is "
                    "averaged, predicted and trained like a word."
                ),
                self.tr("Take it out of the sentences, or make {row} the padding_idx and mask it."),
            ),
        }

    # ── what is computed ──────────────────────────────────────────────────────────────────────

    def _of_pooling(self, head: str) -> Sentences:
        whats = {
            "mean": self.tr("The mean over a sentence counts its pads."),
            "sum": self.tr("The sum over a sentence adds its pads."),
            "max": self.tr("The maximum over a sentence takes its pads into account."),
            "bag": self.tr("EmbeddingBag counts the pads of a sentence as words."),
        }
        whys = {
            "mean": self.tr(
                "Beside a sentence of {longest} tokens, sentence {sentence} with its {shortest} "
                "gets {shift} of its mean from pads: the answer depends on the batch."
            ),
            "sum": self.tr(
                "The row of padding is not sure to be zero, and each pad adds it: the answer "
                "depends on the batch."
            ),
            "bag": self.tr(
                "It leaves out padding_idx and nothing else, and sentences are filled with another "
                "row: the answer depends on the batch."
            ),
            "max": self.tr(
                "Where every word is below the row of padding, padding wins: the answer depends on "
                "the batch."
            ),
        }
        mends = {"bag": self.tr("Set padding_idx to {row}.")}
        return Sentences(whats[head], whys[head], mends.get(head, self.tr("Use the masked mean.")))

    def _of_mean_after_attention(self) -> Sentences:
        return Sentences(
            self.tr("Pads are kept out of the attention, and not out of the mean after it."),
            self.tr(
                "What the layer gives at pads is averaged too: the answer depends on the batch."
            ),
            self.tr("Use the mask in the mean as well."),
        )

    def _of_heads(self) -> dict[Kind, Sentences]:
        return {
            "pads-in-last-state": Sentences(
                self.tr("The LSTM reads on through the pads before its last state is taken."),
                self.tr("A sentence gives another state when it is padded further."),
                self.tr("Pack the sentences with their lengths (pack_padded_sequence)."),
            ),
            "pads-in-attention": Sentences(
                self.tr("Words attend to pads."),
                self.tr("A key of zeros scores 0, and the softmax gives that a weight too."),
                self.tr("Mask the pads (key_padding_mask), and in the mean as well."),
            ),
            "pads-in-batch-norm": Sentences(
                self.tr("Batch normalisation counts pads in its mean and variance."),
                self.tr("They shrink as sentences are padded further, and every word is rescaled."),
                self.tr("Normalise the words only, or use layer normalisation."),
            ),
            "pads-in-convolution": Sentences(
                self.tr("The convolution reads the row of padding beside the last word."),
                self.tr("That row is not zero, so the last word differs with and without pads."),
                self.tr("Set the row of padding to zero and padding_idx to its id."),
            ),
        }
