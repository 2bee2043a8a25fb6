"""The two kinds of failure: what the user can act on (UserError), and a defect of ours (anything else)."""


class UserError(Exception):
    """A fact that the user can act on, raised where it is known and shown once at the edge.

    Args:
        code: stable word for scripts (a key of EXIT_CODES, or a skip code of the contract such as `no_pixels`).
        sentence: what, which file (base name only), what to do; never a patient's name, id or birth date.
        details: for the "Details" fold and the log; under the same rule.
    """

    def __init__(self, code: str, sentence: str, details: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.details = details


#: Exit code of the command line for a UserError's code; every other code means "the input cannot be used".
EXIT_CODES = {
    "usage": 2,
    "not_eligible": 4,
    "not_permitted": 4,
    "blocked": 4,
    "hash_mismatch": 4,
    "no_memory": 4,
    "no_space": 4,
    "interrupted": 130,
}
INPUT_CANNOT_BE_USED = 3
DEFECT = 1


def exit_code(error: UserError) -> int:
    """Return the process's exit code for `error` (the contract's table)."""
    return EXIT_CODES.get(error.code, INPUT_CANNOT_BE_USED)


def sentence_for(error: BaseException) -> str:
    """Return the one sentence that may be shown for `error`; a defect's text never is (it may carry patient data)."""
    if isinstance(error, UserError):
        return error.sentence
    if isinstance(error, PermissionError):
        return "The chosen folder does not allow writing; choose another one."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; close other studies and try again."
    if isinstance(error, OSError) and error.errno == 28:
        return "The disk is full; free some space and try again."
    return "Something went wrong inside medviewer; the details are in the log."
