"""What a visit found wanting."""

from fractions import Fraction

from hypothesis import given

from checklists.checklist import Checklist
from checklists.crediting import credit
from checklists.deficiencies import FoundDeficiency, Severity, find_deficiencies
from checklists.scoring import BRANCH, break_down
from tests.checklists.editions import made_up_checklist
from tests.checklists.filling import Fields, full_fields, plausible_fields, read

CHECKLIST = made_up_checklist()
SHORT = made_up_checklist(flows=(), situations=(6, 7))


def found(checklist: Checklist, fields: Fields) -> tuple[FoundDeficiency, ...]:
    """Return the deficiencies of a form that can be sent."""
    answers, faults = read(checklist, fields)
    assert not faults
    return find_deficiencies(checklist, answers)


def of_item(code: str, deficiencies: tuple[FoundDeficiency, ...]) -> FoundDeficiency:
    """Return the deficiency of one item."""
    return next(one for one in deficiencies if one.item == code)


def test_a_full_form_has_no_deficiency() -> None:
    assert found(CHECKLIST, full_fields(CHECKLIST)) == ()


def test_no_credit_is_major_and_part_of_it_minor() -> None:
    deficiencies = found(SHORT, full_fields(SHORT) | {"S06.A2": "not", "S06.D1": "partly"})

    assert [(one.item, one.severity, one.credit) for one in deficiencies] == [
        ("S06.A2", Severity.MAJOR, Fraction(0)),
        ("S06.D1", Severity.MINOR, Fraction(1, 2)),
    ]


def test_a_veto_is_critical_only_where_it_acted() -> None:
    acted = found(SHORT, full_fields(SHORT) | {"S06.A1": "not"})
    spared = found(SHORT, full_fields(SHORT) | {"S06.A1": "partly"})

    assert [one.severity for one in acted] == [Severity.CRITICAL]
    assert [one.severity for one in spared] == [Severity.MINOR]


def test_vetoes_come_first_and_the_others_in_the_checklists_order() -> None:
    answers = {"S06.A2": "not", "S06.D1": "partly", "S07.P1.el0": "missing", "S07.P1.el1": "missing"}

    deficiencies = found(SHORT, full_fields(SHORT) | answers | {"S07.A1": "not"})

    assert [one.item for one in deficiencies] == ["S07.P1", "S06.A2", "S06.D1", "S07.A1"]


def test_it_concerns_the_role_that_served_not_the_lead() -> None:
    deficiencies = found(SHORT, full_fields(SHORT) | {"S06.role": "security_guard", "S06.A2": "not"})

    assert [(one.role, one.flow, one.situation) for one in deficiencies] == [("security_guard", "F2", 6)]


def test_where_nobody_acted_every_item_is_wanting_and_concerns_the_lead() -> None:
    deficiencies = found(SHORT, full_fields(SHORT) | {"S06.gate": "nobody_acted"})

    assert [one.item for one in deficiencies] == ["S06.A1", "S06.P1", "S06.A2", "S06.D1"]
    assert {one.role for one in deficiencies} == {"lobby_manager"}


def test_what_did_not_occur_or_was_left_out_is_no_deficiency() -> None:
    fields = full_fields(SHORT) | {"S06.gate": "did_not_occur", "S06.gate_reason": "not_this_branch"}
    left_out: Fields = {"S07.A1": "left_out", "S07.A1.left": "could_not_see_or_hear"}

    assert found(SHORT, fields | left_out) == ()


def test_standing_premises_concern_the_branch() -> None:
    deficiencies = found(CHECKLIST, full_fields(CHECKLIST) | {"E01.C1.met": "1"})

    assert of_item("E01.C1", deficiencies).role == BRANCH
    assert of_item("E01.C1", deficiencies).credit == Fraction(1, 3)


def test_points_lost_are_those_of_the_breakdown() -> None:
    # S06 has weights 2 + 2 + 3/2 + 1 and is half of the one flow that is asked.
    deficiencies = found(SHORT, full_fields(SHORT) | {"S06.A2": "not"})

    assert of_item("S06.A2", deficiencies).points_lost == 1154


@given(plausible_fields(CHECKLIST))
def test_every_answer_below_full_credit_is_one_deficiency_and_nothing_else_is(fields: Fields) -> None:
    answers, faults = read(CHECKLIST, fields)
    if faults:
        return

    deficiencies = find_deficiencies(CHECKLIST, answers)

    inspection = credit(CHECKLIST, answers)
    credited = [item for section in inspection.sections for item in section.items]
    below = {item.code: item.credit for item in credited if item.credit is not None and item.credit < 1}
    assert {one.item: one.credit for one in deficiencies} == below
    assert len(deficiencies) == len(below)
    flows = break_down(inspection).flows
    lost = {item.code: item.points_lost for flow in flows for one in flow.situations for item in one.items}
    assert {one.item: one.points_lost for one in deficiencies} == {code: lost[code] for code in below}
    assert {one.item for one in deficiencies if one.severity is Severity.CRITICAL} == {
        item.code for item in credited if item.is_failed_veto
    }
