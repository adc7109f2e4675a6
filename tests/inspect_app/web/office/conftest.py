"""What the tests of head office share: the application on the made-up bank, and who is signed in to it."""

from tests.inspect_app.web.signing_in import SignIn, administrator, app, reviewer, sign_in

__all__ = ["SignIn", "administrator", "app", "reviewer", "sign_in"]
