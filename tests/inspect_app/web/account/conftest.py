"""What the tests of the own account share: the application on the made-up bank, and who is signed in."""

from tests.inspect_app.web.signing_in import SignIn, administrator, app, reviewer, sign_in

__all__ = ["SignIn", "administrator", "app", "reviewer", "sign_in"]
