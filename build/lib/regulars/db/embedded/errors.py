"""What can keep the embedded PostgreSQL from running; each message is said to the user as it stands.

LauncherError
├── BinariesMissing        no usable PostgreSQL program was found
├── DataFolderInUse        another process owns the data folder
├── DataFolderUnusable     the data folder cannot be read, written or trusted
├── VersionMismatch        the data was written by another major version
├── InitialisationFailed   the first preparation of the data folder failed
├── StartFailed            the server ended instead of becoming ready
└── NotTheMainThread       the start was asked for from a thread that may end before the program
"""


class LauncherError(Exception):
    """The embedded server is not running; the message says what happened, what was not done, what to do."""


class BinariesMissing(LauncherError):
    """No PostgreSQL of a supported version was found, or this user cannot be given one."""


class DataFolderInUse(LauncherError):
    """Another living process holds the data folder."""


class DataFolderUnusable(LauncherError):
    """The data folder belongs to somebody else, is not a database, or cannot be written."""


class VersionMismatch(LauncherError):
    """The data folder's major version is not the one of the programs found."""


class InitialisationFailed(LauncherError):
    """`initdb`, or the creation of the role and the database, ended with an error."""


class StartFailed(LauncherError):
    """The server process ended before it was ready."""


class NotTheMainThread(LauncherError):
    """Children that end with their parent can only be started from the main thread."""
