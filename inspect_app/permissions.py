"""Who may do what: one table. What is not in it is not allowed, and looks as if it did not exist."""

from enum import StrEnum

from inspect_app.models.people import UserKind

HEAD_OFFICE = frozenset({UserKind.ADMINISTRATOR})
QUALITY_CONTROL = frozenset({UserKind.ADMINISTRATOR, UserKind.REVIEWER})
READERS_OF_RANKINGS = frozenset({UserKind.ADMINISTRATOR, UserKind.REVIEWER, UserKind.REGIONAL_MANAGER})
ABOVE_BRANCHES = READERS_OF_RANKINGS
BRANCH = frozenset({UserKind.BRANCH_MANAGER})


class Action(StrEnum):
    """Everything a signed-in user can ask for. Which rows it reaches is decided in the query."""

    FILL_VISIT = "fill_visit"
    REVIEW_INSPECTION = "review_inspection"
    READ_WAVE = "read_wave"
    RUN_WAVE = "run_wave"
    ASSIGN_VISIT = "assign_visit"
    VOID_VISIT = "void_visit"
    READ_ORGANISATION = "read_organisation"
    READ_JOURNAL = "read_journal"
    READ_RANKING = "read_ranking"
    READ_BRANCH_RESULT = "read_branch_result"
    READ_HANDBOOK = "read_handbook"
    USE_ACCOUNT = "use_account"
    USE_SECOND_STEP = "use_second_step"
    RUN_ACCOUNTS = "run_accounts"
    TAKE_IN_LISTS = "take_in_lists"
    RUN_BACKGROUND = "run_background"
    ANSWER_DEFICIENCY = "answer_deficiency"
    FILE_APPEAL = "file_appeal"
    READ_DEFICIENCIES = "read_deficiencies"
    VERIFY_ACTION = "verify_action"
    DECIDE_APPEAL = "decide_appeal"
    REOPEN_APPEAL = "reopen_appeal"
    CORRECT_VISIT = "correct_visit"
    TAKE_IN_VISIT = "take_in_visit"
    EDIT_CALENDAR = "edit_calendar"
    COLLECT_ANSWERS = "collect_answers"


ALLOWED: dict[Action, frozenset[UserKind]] = {
    Action.FILL_VISIT: frozenset({UserKind.INSPECTOR}),
    Action.REVIEW_INSPECTION: frozenset({UserKind.REVIEWER}),
    Action.READ_WAVE: QUALITY_CONTROL,
    Action.RUN_WAVE: HEAD_OFFICE,
    Action.ASSIGN_VISIT: HEAD_OFFICE,
    Action.VOID_VISIT: HEAD_OFFICE,
    Action.READ_ORGANISATION: HEAD_OFFICE,
    Action.READ_JOURNAL: HEAD_OFFICE,
    Action.READ_RANKING: READERS_OF_RANKINGS,
    Action.READ_BRANCH_RESULT: frozenset({UserKind.BRANCH_MANAGER}),
    Action.READ_HANDBOOK: frozenset(UserKind),
    Action.USE_ACCOUNT: frozenset(UserKind),
    Action.USE_SECOND_STEP: QUALITY_CONTROL,
    Action.RUN_ACCOUNTS: HEAD_OFFICE,
    Action.TAKE_IN_LISTS: HEAD_OFFICE,
    Action.RUN_BACKGROUND: HEAD_OFFICE,
    Action.ANSWER_DEFICIENCY: BRANCH,
    Action.FILE_APPEAL: BRANCH,
    Action.READ_DEFICIENCIES: ABOVE_BRANCHES,
    Action.VERIFY_ACTION: ABOVE_BRANCHES,
    Action.DECIDE_APPEAL: QUALITY_CONTROL,
    Action.REOPEN_APPEAL: HEAD_OFFICE,
    Action.CORRECT_VISIT: HEAD_OFFICE,
    Action.TAKE_IN_VISIT: HEAD_OFFICE,
    Action.EDIT_CALENDAR: HEAD_OFFICE,
    Action.COLLECT_ANSWERS: frozenset({UserKind.REGIONAL_MANAGER}),
}


def is_allowed(kind: UserKind, action: Action) -> bool:
    """Say whether users of this kind may do this at all."""
    return kind in ALLOWED[action]
