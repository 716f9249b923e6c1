"""The table of what each rule is worth."""

from __future__ import annotations

from fairpapers.extract.ablation import ablate, gains, table
from fairpapers.extract.gold import GoldEntity, GoldPaper
from fairpapers.extract.pipeline import load_pipeline
from fairpapers.extract.pipeline.patterns import RULES


def test_a_rule_that_finds_everything_is_worth_everything() -> None:
    entity = GoldEntity("Dataset", "FooBank", "used", ("FooBank",))
    gold = [GoldPaper("p1", "A title", "Results on the FooBank dataset.", (entity,))]
    nlp = load_pipeline(rules_only=True)
    effects = {effect.rule: effect.mention for effect in ablate(gold, nlp)}
    assert effects[None].f1 == 1.0
    assert effects["data-head"].f1 == 0.0
    assert effects["any"].predicted == 0
    assert effects["metric"].f1 == 1.0
    assert set(effects) >= {rule.name for rule in RULES}
    # Measuring leaves the pipeline as it was.
    assert next(effect.mention for effect in ablate(gold, nlp)) == effects[None]
    rows = list(table(list(ablate(gold, nlp))))
    assert any("data-head" in row and "+100.0" in row for row in rows)
    by_label = list(gains(list(ablate(gold, nlp))))
    assert by_label[2] == "| (F1) | 100.0 | 0.0 | 0.0 | 0.0 | 0.0 |"
    assert "| data-head | +100.0 | +0.0 | +0.0 | +0.0 | +0.0 |" in by_label
