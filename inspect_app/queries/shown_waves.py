"""The waves that show branches and regions anything."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspect_app.models.people import User
from inspect_app.models.waves import Target, Wave, WaveState
from inspect_app.queries.scope import visible_branch_ids


def waves_shown_to(session: Session, user: User) -> Sequence[Wave]:
    """Return the disclosed and published waves with a branch that the user may see, the newest first."""
    own = select(Target.wave_id).where(Target.branch_id.in_(visible_branch_ids(user)))
    return session.scalars(
        select(Wave)
        .where(Wave.state.in_((WaveState.DISCLOSED, WaveState.PUBLISHED)), Wave.id.in_(own))
        .order_by(Wave.closes_on.desc(), Wave.code.desc())
    ).all()
