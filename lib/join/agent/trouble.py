"""How a program of ours says what is wrong, and what its exit codes mean."""

OK, BROKEN, USAGE, CONFIG, UNREACHABLE, REFUSED, BUNDLE, MACHINE = range(8)


class Trouble(Exception):
    """Something that a person must know: an exit code, the cause in plain words, and what to change."""

    def __init__(self, code, cause, change=''):
        Exception.__init__(self, cause)
        self.code, self.cause, self.change = code, cause, change


def log(text):
    """Python before 3.7 ends at the first letter beyond ASCII where no LANG is set, as in a unit."""
    try:
        print(text, flush=True)
    except UnicodeEncodeError:
        print(text.encode('ascii', 'backslashreplace').decode(), flush=True)
