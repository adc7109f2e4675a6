"""What a service refuses, as one small family; the doors turn each into its answer."""


class ServiceError(Exception):
    """What the caller asked for is refused; the message is a sentence for the journal, not for a page."""


class NotFoundError(ServiceError):
    """No such row for this user: it does not exist, or it is someone else's. Both answer 404."""


class ConflictError(ServiceError):
    """The row is in a state that does not allow the step, or someone else was faster. Answers 409."""


class IncompleteError(ServiceError):
    """What came in lacks something the caller can add. Answers 422.

    Attributes:
        missing: what is lacking, by name (field names, item or visit codes).
    """

    def __init__(self, sentence: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.missing = missing
