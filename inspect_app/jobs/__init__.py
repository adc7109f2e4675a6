"""Background work: the journal's sealer, jobs, mails and duties, done in `serve` or by workers."""

from inspect_app.jobs.background import Background, Share, serving_share
from inspect_app.jobs.sealer import Sealer, seal_all

__all__ = ["Background", "Sealer", "Share", "seal_all", "serving_share"]
