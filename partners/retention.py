"""How long each field of this app is kept."""

from accounts.retention import (
    HISTORY,
    HISTORY_THAT_GOES,
    PROGRAMME_HISTORY,
    RECORD_HISTORY,
    Fields,
    Keep,
)

_JOB = "id status done total seen_at error asked_at asked_by ready_at"
_OWN_WORDS = "id partner text visibility added_at changed_at search themes"

REGISTER: Fields = {
    "Partner": {
        # Whom the money went to; the link to the sign-in finds the name there.
        Keep.FINANCE: "id programme user name sort_key joined_on status erased_at",
        Keep.WHILE_HERE: "known_as email phone access_needs say_name preferred_channel phone_hours"
        " address hours_wanted hours_per longest_minutes rest_days availability dbs_expires_on",
    },
    "PartnerHistory": HISTORY,
    "Need": {
        Keep.WHILE_HERE: "id partner kind text to_do shared review_on reviewed_at added_at"
        " changed_at",
    },
    "Pause": {Keep.WHILE_HERE: "id partner starts_on ends_on added_at"},
    "EmergencyContact": {Keep.WHILE_HERE: "id partner name relation phone"},
    "RegisterImport": {
        Keep.PROGRAMME: "id programme filename sheet header_row headers mapping status uploaded_at"
        " uploaded_by",
        # A whole register: until it is brought in or let go, and what changed for a month after.
        Keep.SHORT: "rows outcome",
    },
    "RegisterImportHistory": PROGRAMME_HISTORY,
    "RememberedColumn": {Keep.PROGRAMME: "id programme header field"},
    "Theme": {Keep.PROGRAMME: "id programme name"},
    "Expertise": {Keep.WHILE_HERE: f"{_OWN_WORDS} kind"},
    "Passion": {Keep.WHILE_HERE: _OWN_WORDS},
    "Priority": {Keep.WHILE_HERE: f"{_OWN_WORDS} reached_on"},
}

LEDGER: Fields = {
    "Contribution": {
        Keep.FINANCE: "id programme partner kind happened_on minutes title source_path payable"
        " status recorded_at recorded_by confirmed_at confirmed_by claimed_at",
        Keep.WHILE_HERE: "reflection",
    },
    "ContributionHistory": HISTORY,
    "PortfolioEntry": {
        Keep.WHILE_HERE: "id contribution role brought changed visibility changed_at search",
    },
    "Evidence": {Keep.WHILE_HERE: "id entry title link file added_at"},
    "ThankYou": {
        Keep.WHILE_HERE: "id contribution name email token_hash asked_at asked_by expires_at words"
        " given_at shown_at",
    },
    "PortfolioPdf": {Keep.WHILE_HERE: f"{_JOB} partner entries file"},
}

TOGETHER: Fields = {
    "Round": {
        Keep.PROGRAMME: "id programme title question opens_on votes_from closes_on status result",
    },
    "RoundHistory": PROGRAMME_HISTORY,
    # Put to everybody, and counted: the programme's from the day it was proposed.
    "Proposal": {
        Keep.RECORD: "id round title text proposed_by proposed_at withdrawn_at answer_link answer"
        " answered_at answered_by",
    },
    "Ballot": {Keep.RECORD: "id round voter cast_at"},
    "Preference": {Keep.RECORD: "id ballot proposal rank"},
    "Challenger": {Keep.RECORD: "id programme user starts_on ends_on"},
    "Advice": {
        Keep.RECORD: "id proposal text given_at given_by decision reason decided_at decided_by",
    },
    # What was raised in meetings and what became of it, in the programme's words.
    "Impact": {
        Keep.PROGRAMME: "id programme title raised is_ask category raised_on recorded_by owner"
        " owner_name heard_on decided_on answer planned_for made_on change checked_on public_text"
        " status contributions",
    },
    "ImpactHistory": PROGRAMME_HISTORY,
}

PATHWAY: Fields = {
    "PathwayRole": {Keep.PROGRAMME: "id programme name purpose position"},
    "PathwayLink": {Keep.PROGRAMME: "id from_role to_role"},
    "RoleSkill": {Keep.PROGRAMME: "id role kind text"},
    # What a reference needs.
    "RoleHeld": {Keep.RECORD: "id partner role starts_on ends_on where"},
    "RoleWish": {Keep.WHILE_HERE: "id partner role added_at"},
    "LearningItem": {
        Keep.PROGRAMME: "id programme title about kind link minutes payable retired_on roles",
    },
    "LearningSession": {
        Keep.PROGRAMME: "id item starts_at ends_at place join_link places status",
    },
    "LearningSessionHistory": PROGRAMME_HISTORY,
    "LearningPlace": {
        Keep.FINANCE: "id session partner status asked_at contribution",
        Keep.WHILE_HERE: "reflection",
    },
    "LearningPlaceHistory": HISTORY,
    "Requirement": {
        Keep.PROGRAMME: "id programme name about kind strength dbs_level valid_months warn_days"
        " evidence_wanted retired_on roles",
    },
    "AgreementText": {Keep.PROGRAMME: "id requirement number text from_on"},
    "RequirementRecord": {
        Keep.WHILE_HERE: "id requirement partner status obtained_on expires_on agreement"
        " from_elsewhere file recorded_at approved_at approved_by",
    },
    "RequirementRecordHistory": HISTORY_THAT_GOES,
}

SUPPORT: Fields = {
    "StageStep": {Keep.PROGRAMME: "id programme stage text position retired_on"},
    "StageStepDone": {Keep.WHILE_HERE: "id partner step done_at done_by"},
    "CheckIn": {
        Keep.WHILE_HERE: "id partner happened_on author shared private next_on written_at",
    },
    "DeclaredConflict": {
        Keep.WHILE_HERE: "id programme partner person with_partner with_person with_team"
        " declared_at declared_by ended_at ended_by",
    },
    # What somebody was worried about, and what was done: it must not end with who raised it.
    "Concern": {
        Keep.RECORD: "id programme raised_by lead text wants_call raised_at outcome closed_at"
        " closed_by status",
    },
    "ConcernHistory": RECORD_HISTORY,
}

STORIES: Fields = {
    "Story": {
        Keep.UNLESS_DONATED: "id partner title text credit take_care added_at changed_at"
        " withdrawn_at donated_at search",
    },
    "StoryConsent": {Keep.UNLESS_DONATED: "id story use given_at until withdrawn_at"},
    "StoryUse": {Keep.UNLESS_DONATED: "id story use where used_on logged_at logged_by"},
    # The proof that it was its owner's wish, when the story itself is gone.
    "StoryWithdrawal": {Keep.RECORD: "id partner story at by told"},
}

MY_DATA: Fields = {
    # With the row that it belongs to.
    "StoredFile": {Keep.WHILE_HERE: "id programme name media_type size sha256 stored_at"},
    "FilePiece": {Keep.WHILE_HERE: "id file number content"},
    # The file is gone a week after it is ready.
    "DataCopy": {
        Keep.WHILE_HERE: f"{_JOB} user partner programme file expires_at taken_at taken_by",
    },
    "Correction": {
        Keep.WHILE_HERE: "id partner about text asked_at answer answered_at status",
    },
    "CorrectionHistory": HISTORY_THAT_GOES,
}

FIELDS: Fields = {
    **REGISTER,
    **LEDGER,
    **TOGETHER,
    **PATHWAY,
    **SUPPORT,
    **STORIES,
    **MY_DATA,
}
