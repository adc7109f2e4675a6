"""Recipes as YAML files: read with every fault told by file and line; three are shipped."""

import difflib
from collections.abc import Mapping
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

from checklists.checklist import DeductionRule
from checklists.conversion import with_traditional
from checklists.handbook import Edition, Kind, Mode, Origin, Rendering, Text
from checklists.recipe import DEFAULT_KIND_WEIGHTS, DEFAULT_VETO_CAP, CountRules, Recipe, RecipeError, Weights
from checklists.recipe_checks import find_problems
from checklists.scoring.credits import DEFAULT_SCALE, CountRule, Scale
from checklists.scoring.inspection import VetoScope
from checklists.yaml_nodes import Faults, YamlError, YamlNode, read_yaml

_SHIPPED = files("checklists") / "recipes"
_SHIPPED_LANGUAGE = "zh-Hans"
_REQUIRED = ("name", "edition", "mode", "title", "budget")
_KEYS = (
    *_REQUIRED,
    *("must_have", "situations", "flows", "brought_about", "visit_order", "roles", "weights", "vetoes"),
    *("veto_cap", "deductions", "scale", "observations", "waiting_minutes", "minutes_on_site"),
)


def shipped_recipe_names() -> tuple[str, ...]:
    """Return the names of the shipped recipes, sorted."""
    return tuple(
        sorted(file.name.removesuffix(".yaml") for file in _SHIPPED.iterdir() if file.name.endswith(".yaml"))
    )


def shipped_recipe(name: str) -> Recipe:
    """Return a shipped recipe; it is for the shipped edition.

    Raises:
        RecipeError: no recipe of this name is shipped.
    """
    known = shipped_recipe_names()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        listed = f"{', '.join(known[:-1])} and {known[-1]}"
        raise RecipeError([f"there is no recipe {name}; the shipped ones are {listed}.{hint}"])
    file = f"{name}.yaml"
    return with_traditional(_read((_SHIPPED / file).read_text(encoding="utf-8"), file, None))


def load_recipe(path: Path, edition: Edition) -> Recipe:
    """Read a recipe and hold it against the edition that it is to be used with.

    Raises:
        RecipeError: the file cannot be read, or has faults; each is told with file and line.
    """
    try:
        written = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RecipeError([f"there is no file {path}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError([f"{path} cannot be read as text in UTF-8: {error}"]) from error
    return _read(written, str(path), edition)


def find_recipe(name_or_file: str, edition: Edition) -> Recipe:
    """Return the recipe in a file, or else the shipped one of that name; what ends in .yaml is a file.

    Raises:
        RecipeError: there is neither, or the file has faults.
    """
    path = Path(name_or_file)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return load_recipe(path, edition)
    return shipped_recipe(name_or_file)


def _read(written: str, file: str, edition: Edition | None) -> Recipe:
    faults = Faults(file)
    try:
        root = read_yaml(written, faults)
    except YamlError as error:
        raise RecipeError([str(error)]) from None
    recipe = _recipe(root, edition.language if edition else _SHIPPED_LANGUAGE)
    if not faults.sentences and edition is not None:
        for problem in find_problems(recipe, edition):
            root.at(problem.path).note(problem.sentence)
    if faults.sentences:
        raise RecipeError(faults.sentences)
    return recipe


def _recipe(root: YamlNode, language: str) -> Recipe:
    root.require(_REQUIRED, _KEYS)
    brought_about = root.member("brought_about")
    return Recipe(
        name=root.member("name").text(),
        edition=root.member("edition").text(),
        mode=root.member("mode").choice(Mode, Mode.OPEN),
        title=_text(root.member("title"), language),
        budget=root.member("budget").whole(1),
        situations=tuple(number.whole(0) for number in root.member("situations").members()),
        flows=_texts(root.member("flows")),
        brought_about=None if brought_about.is_absent else brought_about.whole(0),
        visit_order=_texts(root.member("visit_order")),
        roles=_texts(root.member("roles")),
        must_have=tuple(number.whole(0) for number in root.member("must_have").members()),
        weights=_weights(root.member("weights")),
        vetoes={
            code: scope.choice(VetoScope, VetoScope.SITUATION)
            for code, scope in root.member("vetoes").pairs()
        },
        veto_cap=root.member("veto_cap").whole(DEFAULT_VETO_CAP),
        deductions=tuple(_deduction(rule, language) for rule in root.member("deductions").members()),
        scale=_scale(root.member("scale")),
        observations=_observations(root.member("observations")),
        waiting_minutes=root.member("waiting_minutes").whole(2),
        minutes_on_site=root.member("minutes_on_site").whole(30),
    )


def _weights(node: YamlNode) -> Weights:
    node.require((), ("kinds", "clauses", "situations", "flows"))
    kinds = dict(DEFAULT_KIND_WEIGHTS)
    for name, weight in node.member("kinds").pairs():
        if name in list(Kind):
            kinds[Kind(name)] = _weight(weight)
        else:
            weight.note(f"{name} is no kind of clause; the kinds are {', '.join(Kind)}")
    situations: dict[int, Fraction] = {}
    for number, weight in node.member("situations").pairs():
        if number.isascii() and number.isdigit():
            situations[int(number)] = _weight(weight)
        else:
            weight.note(f"{number} is no number of a situation")
    return Weights(
        kinds, _weights_by_code(node.member("clauses")), situations, _weights_by_code(node.member("flows"))
    )


def _weights_by_code(node: YamlNode) -> Mapping[str, Fraction]:
    return {code: _weight(weight) for code, weight in node.pairs()}


def _weight(node: YamlNode) -> Fraction:
    weight = node.exact(Fraction(1))
    if weight <= 0:
        node.note(f"{node.name} is {weight}, but must weigh more than 0")
        return Fraction(1)
    return weight


def _scale(node: YamlNode) -> Scale:
    node.require((), ("partly", "changed"))
    steps = []
    for key, default in (("partly", DEFAULT_SCALE.partly), ("changed", DEFAULT_SCALE.changed)):
        step = node.member(key).exact(default)
        if not 0 <= step <= 1:
            node.member(key).note(f"scale {key} is {step}, but must be from 0 to 1")
        steps.append(min(max(step, Fraction(0)), Fraction(1)))
    return Scale(partly=steps[0], changed=steps[1])


def _observations(node: YamlNode) -> CountRules:
    node.require((), ("default", "clauses"))
    default = node.member("default")
    rules = {code: rule.choice(CountRule, CountRule.MEAN) for code, rule in node.member("clauses").pairs()}
    return CountRules(None if default.is_absent else default.choice(CountRule, CountRule.MEAN), rules)


def _deduction(node: YamlNode, language: str) -> DeductionRule:
    node.require(("code", "name", "points"), ("code", "name", "points"))
    return DeductionRule(
        node.member("code").text(), _text(node.member("name"), language), node.member("points").whole(0)
    )


def _text(node: YamlNode, language: str) -> Text:
    """Return a text that is given by language; what is not in the own language counts as translated."""
    by_language = {name: text.text() for name, text in node.pairs()}
    if not node.is_absent and not by_language.get(language):
        node.note(f"{node.name} should be given in {language}, such as {{{language}: …}}")
    renderings = [
        Rendering(name, text, Origin.TRANSLATED) for name, text in by_language.items() if name != language
    ]
    return Text(by_language.get(language, ""), tuple(renderings))


def _texts(node: YamlNode) -> tuple[str, ...]:
    return tuple(member.text() for member in node.members())
