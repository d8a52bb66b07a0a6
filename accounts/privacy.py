"""What each field says about a person: the vocabulary, and the fields of this app.

Every app has a `privacy.py` with FIELDS; a test fails for a field that nobody has classified.
"""

from enum import StrEnum


class Sensitivity(StrEnum):
    """The most telling thing that a field holds."""

    NONE = "none"
    """Keys, states, dates of the work itself, words of the programme."""
    IDENTIFIES = "identifies"
    """Who somebody is: a name, a birthday, a link to their sign-in."""
    CONTACT = "contact"
    """How to reach somebody: e-mail address, telephone, postal address."""
    HEALTH = "health"
    """Health, access needs, lived experience, and what people write in their own words."""
    MONEY = "money"
    """What somebody is paid, claims or may earn."""
    CONDUCT = "conduct"
    """How somebody behaves at work, and what was said about it."""
    SECRET = "secret"  # noqa: S105  (a word, not a secret)
    """Opens something: never shown, never exported, never in the audit."""


_S = Sensitivity

# The rows of workflow's histories are alike in every app.
HISTORY: dict[str, Sensitivity] = {
    "id": _S.NONE,
    "at": _S.NONE,
    "by": _S.IDENTIFIES,
    "from_status": _S.NONE,
    "to_status": _S.NONE,
    # In somebody's own words: it may tell anything.
    "why": _S.HEALTH,
    "subject": _S.NONE,
}

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "Programme": {
        "id": _S.NONE,
        "name": _S.NONE,
        "slug": _S.NONE,
        "partner_term": _S.NONE,
        "partner_term_plural": _S.NONE,
        "partner_term_short": _S.NONE,
        "accent": _S.NONE,
        "contact_name": _S.IDENTIFIES,
        "contact_phone": _S.CONTACT,
        "contact_email": _S.CONTACT,
        "concern_lead": _S.IDENTIFIES,
        "is_demo": _S.NONE,
    },
    "Team": {"id": _S.NONE, "programme": _S.NONE, "name": _S.NONE},
    "User": {
        "id": _S.NONE,
        "password": _S.SECRET,
        "last_login": _S.NONE,
        "is_superuser": _S.NONE,
        "email": _S.CONTACT,
        "name": _S.IDENTIFIES,
        "is_active": _S.NONE,
        "joined_at": _S.NONE,
        "left_at": _S.NONE,
        # Larger text or stronger contrast says something of somebody's sight.
        "text_size": _S.HEALTH,
        "contrast": _S.HEALTH,
        "letterforms": _S.HEALTH,
        "groups": _S.NONE,
        "user_permissions": _S.NONE,
    },
    "RoleGrant": {
        "id": _S.NONE,
        "user": _S.IDENTIFIES,
        "programme": _S.NONE,
        "team": _S.NONE,
        "role": _S.NONE,
        "granted_at": _S.NONE,
        "granted_by": _S.IDENTIFIES,
        "ended_at": _S.NONE,
        "ended_by": _S.IDENTIFIES,
    },
    "Invitation": {
        "id": _S.NONE,
        "user": _S.IDENTIFIES,
        "programme": _S.NONE,
        "token_hash": _S.SECRET,
        "invited_at": _S.NONE,
        "invited_by": _S.IDENTIFIES,
        "expires_at": _S.NONE,
        "accepted_at": _S.NONE,
        "withdrawn_at": _S.NONE,
    },
    "Session": {
        "session_key": _S.SECRET,
        "session_data": _S.SECRET,
        "expire_date": _S.NONE,
        "user": _S.IDENTIFIES,
    },
    "UnsentForm": {
        "id": _S.NONE,
        "user": _S.IDENTIFIES,
        "path": _S.NONE,
        "page": _S.NONE,
        # Whatever somebody was writing: held for a day, for its writer alone.
        "fields": _S.HEALTH,
        "had_files": _S.NONE,
        "kept_at": _S.NONE,
    },
    "Message": {
        "id": _S.NONE,
        "key": _S.NONE,
        "kind": _S.NONE,
        "programme": _S.NONE,
        "recipient": _S.IDENTIFIES,
        "to_name": _S.IDENTIFIES,
        "to_address": _S.CONTACT,
        "subject": _S.NONE,
        "body": _S.IDENTIFIES,
        # An invitation's link opens a sign-in until it is used.
        "link": _S.SECRET,
        "link_label": _S.NONE,
        "calendar": _S.NONE,
        "status": _S.NONE,
        "created_at": _S.NONE,
        "due_at": _S.NONE,
        "claimed_at": _S.NONE,
        "sent_at": _S.NONE,
        "attempts": _S.NONE,
        "error": _S.NONE,
    },
}
