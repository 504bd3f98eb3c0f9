"""What the parts of a move are called and explained by, and how they are listed and drawn."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from core.config import OPTIMIZERS, OptimizerConfig
from core.movement.formulas import has_momentum
from core.movement.parts import PARTS
from gui.canvas.movement_bar import BarPart, MovementBar
from gui.canvas.part_looks import part_look
from gui.movement_words import PartWords, formula_of
from gui.panels.movement_model import ALONG, LENGTH, NAME, PartsModel
from gui.theme import DARK, LIGHT, theme_of
from tests.gui.movements import movement

KINDS = (*PARTS, "rounding", "unexplained")


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_part_an_optimizer_can_have_is_explained(qapp, name):
    optimizer = OptimizerConfig(name)
    words, moved = PartWords(), movement(optimizer=optimizer, gradient=(0.1, 0.0))
    for kind in KINDS:
        if kind == "momentum" and name == "adagrad":
            assert not has_momentum(name, {})
            continue
        assert words.name(kind, moved)
        assert words.meaning(kind, moved).endswith(".")
        assert "{" not in words.explanation(kind, moved)
        formula = formula_of(kind, optimizer)
        for letter, meaning in (("g", "g: "), ("m", "m: "), ("b", "b: "), ("v", "v: ")):
            named = f"{letter}" in formula.replace("max_norm", "").split(",")[0].split(" · ")
            assert not named or meaning in words.explanation(kind, moved)


def test_formulas_are_those_that_are_computed():
    assert formula_of("gradient", OptimizerConfig("sgd")) == "−lr · g"
    nesterov = OptimizerConfig("sgd", momentum=0.9, nesterov=True)
    assert formula_of("gradient", nesterov) == "−lr · (1 + μ) · g"
    assert formula_of("momentum", nesterov) == "−lr · μ² · b"
    assert formula_of("decay", OptimizerConfig("adamw")) == "−lr · λ · θ"
    assert formula_of("decay", OptimizerConfig("adam")).startswith("−s · (1−β₁) · λ · θ")
    assert "√(1−β₂ᵗ)" in formula_of("momentum", OptimizerConfig("sparse-adam"))
    assert formula_of("tied", OptimizerConfig("adagrad")).startswith("−s · g")


def test_a_formula_comes_with_its_letters(qapp):
    text = PartWords().explanation("decay", movement(decay=(0.1, 0.0)))
    assert text.splitlines() == [
        "Pulls the row towards 0 in every step, with a gradient or without.",
        "−lr · λ · θ",
        "lr: learning rate; θ: the row, before the step; λ: weight decay.",
        "As torch.optim.SGD documents it.",
    ]


def test_the_gradient_of_a_tied_table_is_that_of_the_lookup(qapp):
    tied = movement(gradient=(0.1, 0.0), tied=(0.0, 0.1))
    words = PartWords()
    assert words.name("gradient", tied) == "gradient by lookup"
    assert words.name("gradient", movement(gradient=(0.1, 0.0))) == "gradient"
    assert "g: gradient of this step, its part by lookup." in words.explanation("gradient", tied)
    by_softmax = "g: gradient of this step, its part by the output weights."
    assert by_softmax in words.explanation("tied", tied)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_no_two_parts_look_alike(theme):
    looks = [part_look(kind, theme) for kind in KINDS]
    assert len({look.colour.name() for look in looks}) == len(KINDS)
    assert len({look.fill for look in looks}) == len(KINDS)


def listed(model, column):
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_the_list_adds_up_to_the_length(qtmodeltester, qapp):
    # The change is (.3, .4), of length .5. Along it the gradient (.6, 0) goes .36; the momentum
    # (0, .4) goes .32; the decay (−.3, 0) goes −.18; .36 + .32 − .18 = .5.
    moved = movement(decay=(-0.3, 0.0), momentum=(0.0, 0.4), gradient=(0.6, 0.0))
    model = PartsModel()
    model.show_movement(moved, LIGHT)
    qtmodeltester.check(model)
    assert listed(model, NAME) == ["gradient", "momentum", "weight decay", "rounding"]
    assert listed(model, ALONG)[:3] == ["≈ 0.36", "≈ 0.32", "≈ -0.18"]
    assert listed(model, LENGTH)[:3] == ["0.6", "0.4", "0.3"]
    assert sum(line.along for line in model.lines) == pytest.approx(0.5)
    tip = model.index(1, ALONG).data(Qt.ItemDataRole.ToolTipRole)
    assert "−lr · μ · b" in tip
    assert model.index(1, NAME).data(Qt.ItemDataRole.AccessibleDescriptionRole) == tip
    model.show_movement(None, LIGHT)
    assert model.rowCount() == 0


def test_what_no_part_explains_is_named(qapp):
    model = PartsModel()
    model.show_movement(movement(gradient=(0.1, 0.0), outside=0.02), LIGHT)
    assert listed(model, NAME) == ["gradient", "not explained"]
    assert listed(model, LENGTH)[1] == "≈ 0.02"


@pytest.fixture
def bar(qtbot):
    made = MovementBar()
    qtbot.addWidget(made)
    made.resize(202, made.sizeHint().height())
    made.show_parts(
        (
            BarPart("gradient", 0.6, "gradient: 0.6"),
            BarPart("momentum", 0.2, "momentum: 0.2"),
            BarPart("decay", -0.2, "weight decay: −0.2"),
            BarPart("rounding", 1e-9, "rounding"),
        )
    )
    made.show()
    return made


def test_the_bar_is_stacked_both_ways_from_zero(bar):
    # 200 pixels for .8 ahead and .2 back: 200 to a unit, and zero at 1 + 40.
    found = {part.kind: (box.left(), box.right()) for box, part in bar.boxes()}
    assert found["gradient"] == pytest.approx((41, 161))
    assert found["momentum"] == pytest.approx((161, 201))
    assert found["decay"] == pytest.approx((1, 41))
    assert "rounding" not in found  # too small to be seen
    assert (bar.arrow().x1(), bar.arrow().x2()) == pytest.approx((41, 161))  # .6 in all


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_the_bar_says_what_is_under_the_mouse(bar):
    def hover(x):
        at = QPoint(x, 8)
        QApplication.sendEvent(bar, QHelpEvent(QEvent.Type.ToolTip, at, bar.mapToGlobal(at)))
        return QToolTip.text()

    assert hover(20) == "weight decay: −0.2"
    assert hover(180) == "momentum: 0.2"


def test_the_bar_is_painted_in_the_colours_of_its_parts(bar, qapp):
    picture = bar.grab().toImage()
    colour = picture.pixelColor(round(100 * picture.devicePixelRatio()), 8)
    assert colour == part_look("gradient", theme_of(bar)).colour
    bar.show_parts(())
    assert bar.boxes() == []
    assert bar.arrow().length() == 0
    bar.grab()
