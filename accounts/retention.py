"""How long each field is kept: the vocabulary, and the fields of this app.

Every app has a `retention.py` with FIELDS: of each model, the fields by verdict. The verdict on the
key is the verdict on the row: a row whose key goes is deleted, of any other its fields are emptied.
`partners.services.leaving` reads these tables and erases by them; a test fails for a field that
has no verdict, or two.
"""

from enum import StrEnum


class Keep(StrEnum):
    """Until when a field is kept."""

    PROGRAMME = "programme"
    """The programme's own words, plans and decisions, about nobody's life: as long as it lasts."""
    WHILE_HERE = "while_here"
    """A person's own: until they have left, and `leaving.GRACE` is over or they say so earlier."""
    UNLESS_DONATED = "unless_donated"
    """As WHILE_HERE, unless its owner gave it to the programme at leaving and still allows a use.

    Rows that point to a donated one stay with it.
    """
    FINANCE = "finance"
    """Who was paid what for which work: six years after the financial year of the last of it.

    Then names become "Former partner" and texts are emptied; days, minutes and amounts stay.
    """
    RECORD = "record"
    """Who did and decided what, the proof that it went rightly: as long as FINANCE, and so ended.
    """
    SHORT = "short"
    """Days: what is under way, or opens something. A task clears it whether somebody left or not.
    """


Fields = dict[str, dict[Keep, str]]

# The rows of workflow's histories are alike in every app; what somebody noted is in words.
_MOVE = "id at by from_status to_status subject"
# Of what stays when its person leaves, the moves stay and the words go.
HISTORY: dict[Keep, str] = {Keep.RECORD: _MOVE, Keep.WHILE_HERE: "why"}
# Of what is proof, words included.
RECORD_HISTORY: dict[Keep, str] = {Keep.RECORD: f"{_MOVE} why"}
# Of what goes when its person leaves.
HISTORY_THAT_GOES: dict[Keep, str] = {Keep.WHILE_HERE: f"{_MOVE} why"}
# Of what is the programme's.
PROGRAMME_HISTORY: dict[Keep, str] = {Keep.PROGRAMME: f"{_MOVE} why"}

FIELDS: Fields = {
    "Programme": {
        Keep.PROGRAMME: "id name slug partner_term partner_term_plural partner_term_short accent"
        " contact_name contact_phone contact_email concern_lead is_demo",
    },
    "Team": {Keep.PROGRAMME: "id programme name"},
    "User": {
        # The name behind what somebody did; the sign-in itself is closed and opens nothing.
        Keep.RECORD: "id name is_superuser is_active joined_at left_at groups user_permissions",
        Keep.WHILE_HERE: "email password last_login text_size contrast letterforms",
    },
    "RoleGrant": {
        Keep.RECORD: "id user programme team role granted_at granted_by ended_at ended_by"
    },
    "Invitation": {
        Keep.RECORD: "id user programme invited_at invited_by expires_at accepted_at withdrawn_at",
        # A hash that opens nothing any more.
        Keep.PROGRAMME: "token_hash",
    },
    "Session": {Keep.SHORT: "session_key session_data expire_date user"},
    "UnsentForm": {Keep.SHORT: "id user path page fields had_files kept_at"},
    "Message": {
        Keep.WHILE_HERE: "id key kind programme recipient to_name to_address subject body link"
        " link_label calendar status created_at due_at claimed_at sent_at attempts error",
    },
}
