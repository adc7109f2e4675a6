"""From an edition and a recipe to a checklist."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.checklist import Checklist, LeavingOut
from checklists.content import content_hash
from checklists.generation import generate
from checklists.handbook import Edition, Kind, Mode, Occasion
from checklists.recipe import CountRules, Recipe, RecipeError, Weights
from checklists.scoring import CountRule, VetoScope
from tests.checklists.editions import made_up_checklist, made_up_edition, recipe, text

NUMBERS = [situation.number for _, situation in made_up_edition().situations()]


def codes(checklist: Checklist, section: str) -> list[str]:
    found = checklist.section(section)
    return [] if found is None else [item.code.partition(".")[2] for item in found.items]


def reasons(checklist: Checklist) -> dict[str, LeavingOut]:
    return {clause.code: clause.reason for clause in checklist.left_out}


def clause_codes(edition: Edition) -> list[str]:
    return [clause.code for _, situation in edition.situations() for clause in situation.clauses]


def test_sections_stand_in_the_order_in_which_a_visit_meets_them_standing_ones_first() -> None:
    checklist = made_up_checklist()

    assert [section.situation for section in checklist.sections] == [
        901, 902, 1, 2, 16, 6, 7, 8, 11, 12, 35,
    ]  # fmt: skip


def test_a_standing_flow_that_the_recipe_places_stands_there() -> None:
    checklist = made_up_checklist(visit_order=("F1", "F4", "F2", "F3", "F7", "E1"))

    assert [section.flow for section in checklist.sections][-2:] == ["E1", "E1"]


def test_a_shopper_is_asked_for_words_before_actions_and_manner_last() -> None:
    assert codes(made_up_checklist(), "S02") == ["P1", "A1", "A2", "D1", "D2"]


def test_an_open_inspector_is_asked_for_what_is_in_sight_first() -> None:
    assert codes(made_up_checklist(mode=Mode.OPEN), "S02") == ["A1", "A2", "P1", "D1", "D2"]


def test_clause_a2_stands_before_clause_a10() -> None:
    assert codes(made_up_checklist(), "S08") == ["A1", "A2", "A10", "D1"]


def test_must_haves_fill_the_budget_before_the_recipes_order() -> None:
    checklist = made_up_checklist(flows=(), situations=(1, 2), must_have=(12,), budget=6)

    assert [section.situation for section in checklist.sections] == [1, 12]
    assert reasons(checklist)["S02.P1"] is LeavingOut.BUDGET


def test_the_last_situation_that_fits_keeps_its_heaviest_clauses() -> None:
    checklist = made_up_checklist(flows=(), situations=(2, 6), budget=8)

    assert codes(checklist, "S06") == ["P1", "A1", "A2"]
    assert reasons(checklist)["S06.D1"] is LeavingOut.BUDGET


def test_of_equally_heavy_clauses_the_earlier_code_stays() -> None:
    checklist = made_up_checklist(flows=(), situations=(8,), budget=2)

    assert codes(checklist, "S08") == ["A1", "A2"]


def test_delivery_is_not_asked_where_its_phrase_did_not_fit() -> None:
    heavy = Weights(clauses={"S06.D1": Fraction(9)})

    checklist = made_up_checklist(flows=(), situations=(6,), budget=1, weights=heavy)

    assert checklist.sections == ()
    assert set(reasons(checklist).values()) == {LeavingOut.BUDGET, LeavingOut.NOT_ASKED_FOR}


def test_a_shopper_need_not_remember_more_cues_than_the_recipe_says() -> None:
    checklist = made_up_checklist(brought_about=2)

    cues = [section.situation for section in checklist.sections if section.occasion is not Occasion.ALWAYS]
    assert cues == [6, 7]
    assert reasons(checklist)["S08.A1"] is LeavingOut.TOO_MUCH_TO_REMEMBER


def test_situations_that_exclude_each_other_do_not_share_a_checklist_whichever_says_so() -> None:
    complaint_first = made_up_checklist(situations=(35, 41))
    closing_first = made_up_checklist(situations=(41, 35))

    assert reasons(complaint_first)["S41.P1"] is LeavingOut.EXCLUDED
    assert reasons(closing_first)["S35.P1"] is LeavingOut.EXCLUDED


def test_a_telephone_cannot_observe_what_is_seen() -> None:
    checklist = made_up_checklist(mode=Mode.PHONE)

    assert codes(checklist, "S02") == ["P1", "D1", "D2"]
    assert reasons(checklist)["S02.A1"] is LeavingOut.MODE_CANNOT_OBSERVE


def test_only_situations_that_a_role_asked_for_performs_are_asked() -> None:
    checklist = made_up_checklist(roles=("teller",))

    assert [section.situation for section in checklist.sections] == [902, 11, 12]
    assert reasons(checklist)["S01.A1"] is LeavingOut.ROLE_NOT_ASKED_FOR


def test_a_section_names_everyone_who_may_have_served_the_lead_first() -> None:
    section = made_up_checklist(roles=("lobby_manager",)).section("S12")

    assert section is not None
    assert section.roles == ("teller", "lobby_manager")


def test_an_item_copies_weight_veto_and_wording_from_recipe_and_clause() -> None:
    section = made_up_checklist().section("S06")

    assert section is not None
    by_code = {item.code: item for item in section.items}
    assert by_code["S06.A1"].veto is VetoScope.SITUATION
    assert by_code["S06.A2"].weight == Fraction(3, 2)
    assert by_code["S06.P1"].standard == text("S06.P1 标准")
    assert by_code["S06.D1"].weight == 1


def test_people_are_counted_only_where_the_clause_can_and_as_the_recipe_says() -> None:
    section = made_up_checklist().section("E01")
    alone = made_up_checklist(observations=CountRules()).section("E01")

    assert section is not None
    assert alone is not None
    assert [item.counted for item in section.items] == [CountRule.MEAN, CountRule.ALL, CountRule.MEAN]
    assert [item.counted for item in alone.items] == [None, None, None]


def test_minutes_are_fifteen_seconds_a_section_and_twenty_an_item() -> None:
    checklist = made_up_checklist(flows=(), situations=(1, 2, 6))  # 12 items, 3 sections: 285 s

    assert checklist.minutes == 5


def test_the_instruction_is_the_modes_own() -> None:
    shopper, inspector = made_up_checklist().section("S06"), made_up_checklist(mode=Mode.OPEN).section("S06")

    assert shopper is not None
    assert inspector is not None
    assert shopper.instruction.own == "情景6，照这样做"
    assert inspector.instruction == inspector.cue


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"edition": "8"}, "the recipe is for edition 8, the handbook is edition 7"),
        ({"situations": (99,)}, "edition 7 has no situation 99"),
        ({"flows": ("F9",)}, "edition 7 has no flow F9"),
        ({"visit_order": ("F9",)}, "edition 7 has no flow F9"),
        ({"roles": ("greeter",)}, "edition 7 has no staff role greeter"),
        ({"vetoes": {"S99.A1": VetoScope.VISIT}}, "edition 7 has no clause S99.A1"),
        (
            {"weights": Weights(clauses={"S06.A1": Fraction(0)})},
            "S06.A1 weighs 0, but must weigh more than 0",
        ),
        (
            {"observations": CountRules(clauses={"S06.A1": CountRule.ALL})},
            "clause S06.A1 is judged of one person, so it has no rule for several",
        ),
        ({"situations": (6, 6)}, "situation 6 stands twice under situations"),
        ({"budget": 0}, "budget is 0, but must be at least 1"),
        ({"veto_cap": 10001}, "veto_cap is 10001, but must be from 0 to 10000"),
        ({"flows": ()}, "the recipe names no situation and no flow to ask about"),
        (
            {"must_have": (1, 2), "budget": 7},
            "the must-haves hold 8 items, more than the budget of 7: "
            "raise the budget or take a situation out of must_have",
        ),
        (
            {"must_have": (6, 7, 8), "brought_about": 2},
            "3 of the must-haves must be waited for or brought about, more than the 2 of brought_about",
        ),
        ({"must_have": (41, 35)}, "situations 35 and 41 do not fit into the same visit"),
    ],
)
def test_a_recipe_that_cannot_be_followed_says_why(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(RecipeError) as error:
        made_up_checklist(**changes)

    assert error.value.problems == (sentence,)


def test_every_problem_of_a_recipe_is_told_at_once() -> None:
    with pytest.raises(RecipeError) as error:
        made_up_checklist(situations=(98, 99), roles=("greeter",), veto_cap=-1)

    assert len(error.value.problems) == 4


def test_the_hash_changes_with_what_is_asked_and_how_it_counts() -> None:
    plain = made_up_checklist()
    others = [
        made_up_checklist(budget=12),
        made_up_checklist(veto_cap=5000),
        made_up_checklist(vetoes={}),
        made_up_checklist(weights=Weights()),
    ]

    assert len({plain.hash, *(other.hash for other in others)}) == 5


def test_the_hash_does_not_change_with_the_recipes_name() -> None:
    assert made_up_checklist(name="another").hash == made_up_checklist().hash


def recipes() -> st.SearchStrategy[Recipe]:
    numbers = st.lists(st.sampled_from(NUMBERS), unique=True).map(tuple)
    return st.builds(
        recipe,
        mode=st.sampled_from(Mode),
        budget=st.integers(1, 50),
        situations=numbers,
        brought_about=st.none() | st.integers(0, 4),
        roles=st.lists(st.sampled_from(["teller", "lobby_manager"]), unique=True).map(tuple),
        must_have=st.lists(st.sampled_from(NUMBERS), unique=True, max_size=2).map(tuple),
    )


def drawn(chosen: Recipe) -> Checklist | None:
    try:
        return generate(made_up_edition(), chosen)
    except RecipeError:
        return None


@given(recipes())
def test_items_and_what_is_left_out_are_the_editions_clauses_each_once(chosen: Recipe) -> None:
    checklist = drawn(chosen)
    if checklist is None:
        return

    found = [item.code for section in checklist.sections for item in section.items]
    assert sorted([*found, *reasons(checklist)]) == sorted(clause_codes(made_up_edition()))
    assert len(reasons(checklist)) == len(checklist.left_out)


@given(recipes())
def test_budget_and_cue_limit_are_kept_and_must_haves_are_whole(chosen: Recipe) -> None:
    checklist = drawn(chosen)
    if checklist is None:
        return

    cues = sum(section.occasion is not Occasion.ALWAYS for section in checklist.sections)
    assert checklist.item_count <= chosen.budget
    assert chosen.brought_about is None or cues <= chosen.brought_about
    unforced = {LeavingOut.MODE_CANNOT_OBSERVE, LeavingOut.ROLE_NOT_ASKED_FOR}
    must_have = tuple(
        f"{'EG'[number % 2 == 0] if number > 900 else 'S'}{number % 900:02}." for number in chosen.must_have
    )
    lost = (
        {reason for code, reason in reasons(checklist).items() if code.startswith(must_have)}
        if must_have
        else set()
    )
    assert lost <= unforced


@given(recipes())
def test_the_same_edition_and_recipe_give_the_same_checklist(chosen: Recipe) -> None:
    assert drawn(chosen) == drawn(chosen)


@given(recipes())
def test_delivery_is_asked_only_with_a_phrase_of_its_situation(chosen: Recipe) -> None:
    checklist = drawn(chosen)
    if checklist is None:
        return

    for section in checklist.sections:
        kinds = Counter(item.kind for item in section.items)
        assert not kinds[Kind.DELIVERY] or kinds[Kind.PHRASE] or section.situation == 8
        assert section.items


def test_the_hash_named_is_that_of_the_content() -> None:
    checklist = made_up_checklist()

    assert checklist.hash == content_hash(checklist)
