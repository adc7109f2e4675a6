"""The cases of the suite of faults and attacks, each with its id: what happens, how much it matters."""

from dataclasses import dataclass
from enum import StrEnum


class Priority(StrEnum):
    """How much a case matters: what has to hold before anything else counts, before a release, later."""

    FIRST = "P0"
    RELEASE = "P1"
    LATER = "P2"


@dataclass(frozen=True, slots=True)
class Case:
    """One fault or attack; tests name it by `@pytest.mark.fault(id)`."""

    id: str
    title: str
    priority: Priority


def _listed(priority: Priority, lines: str) -> tuple[Case, ...]:
    """Return the cases of one priority, written one to a line: the id, then the title."""
    return tuple(Case(line[:3], line[4:].strip(), priority) for line in lines.strip().splitlines())


CASES = (
    *_listed(
        Priority.FIRST,
        """
R01 server killed while it reads a body
R02 server killed with a photo half written
R03 server killed with a photo in place, its row not written
R04 server killed after the row was inserted
R05 server killed after the journal was written
R06 server killed just before the commit
R07 server killed just after the commit
R08 server killed after the status line
R09 server killed in the middle of its answer
R10 the answer gets lost
R11 the request is cut at every sixteenth
R12 the same submission twenty times at once
R13 other content under the same id
R14 an id that another inspector has taken
R15 an id used again on another address
R17 photos before, after and without their record
R18 a photo sent again while it is being written
R19 an empty or shortened photo
R20 signed out, shut or with a new password while offline
R21 visit tokens that are expired, foreign, altered, replayed
R22 the wave closes while the phone is offline
R24 the checklist changes while drafts exist
R25 phone clocks that are wrong or jump
R26 midnight, month's end and zones on the server
R28 one bad record in the outbox
R29 a captive portal answers 200 with a page
C01 two tabs empty one outbox
C02 the page dies at any key press
C03 storage refused or thrown away
C05 an update with drafts and a full outbox
C07 signing out with unsent work
C08 a phone that two people share
C13 a payload tampered with on the phone
D01 many writers, and an export that reads
D02 unsafe settings at the start
D03 a full disk
D05 the database server restarts without warning
D08 a fork takes no connection along
D09 backup under load, restored elsewhere
D10 a restore over a living folder
D11 migrations with rows, killed in the middle
W01 two reviewers decide at once
W02 a decision while the wave closes
W03 appeals at once, late, and while being rescored
W04 a form opened yesterday
W05 a late visit after publishing
W06 every transition replayed, skipped, reordered
W07 ties, gaps and rounding in a ranking
W08 a branch moves, a role is taken away
M01 broken and disguised workbooks
M02 zip bombs
M03 entities and external references
M04 huge sheets
M05 odd codes and cells
M06 an import killed, doubled, repeated
X01 formulas in every text
X02 characters that break files
X04 names of files
X05 names in a file's properties
X06 an export holds only the reader's rows
U01 photos with places and names inside
U02 picture bombs
U03 files that are two things at once
U04 names that lead out of the folder
U05 photos of others
A01 every address, every role, every row
A02 filters with foreign ids
A03 columns smuggled into forms
A04 verbs and addresses bent
A05 ways around the scope in the code
A06 a query without a user
A07 two roles in one person
A08 caches, jobs and mails mixed up
N01 names searched in all that a branch reads
N02 no statement for a branch names inspectors
N03 two visits of one inspector linked
N04 times that tell
N05 numbers that single somebody out
N06 names in words and pictures
N07 who answers an appeal
N09 settings turned back
S01 a session fixed beforehand
S02 a cookie used after signing out
S03 forged requests
S04 a form posted after thirty hours
S05 passwords guessed
S07 redirects to strangers
S08 headers and cookies
S09 a shared cache
S10 links used twice, late, guessed
S11 doors that are open by default
J01 scripts in every text
J02 scripts in charts
J03 statements in parameters
L01 the journal tampered with
L02 many entries at once
L03 no change without its entry
""",
    ),
    *_listed(
        Priority.RELEASE,
        """
R16 two servers on one database
R23 a visit given to another while offline
R27 thirty phones with full outboxes
R30 413, 429, 502, 503 on the way
R31 ten thousand random steps
C04 the system closes the phone's database
C06 a new worker while a form is open
C09 the storage of a lost phone
C10 large, empty and turned photos
C11 private windows
C12 power lost after something was shown as saved
D04 a disk that cannot be written
D06 connections cut, the pool full
D13 five years of rows
D14 work that takes too long
D15 a server stopped while it answers
W09 a job that runs twice
M07 an import that moves branches
M08 workbooks with macros
X03 files of plain text
U06 too many photos
U07 pictures that crash the decoder
N08 an inspector from the own branch
N10 names in logs and copies
S06 accounts found by trying
S12 codes used twice
S13 hosts and headers
J04 templates, logs, mail headers
J05 huge texts
L04 somebody wants to be forgotten
L05 keeping no longer than allowed
L06 packages with known holes
""",
    ),
    *_listed(
        Priority.LATER,
        """
D07 a replica that is behind
D12 old code on a new database
A09 rows hidden by the database itself
N11 time and size that tell
L07 recordings
""",
    ),
)
"""All of them, the most important first."""
