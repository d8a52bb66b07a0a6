"""How long each field of this app is kept."""

from accounts.retention import HISTORY, HISTORY_THAT_GOES, PROGRAMME_HISTORY, Fields, Keep

_COUNTED = "id programme team clinician version month"

FIELDS: Fields = {
    "ObservationSettings": {
        Keep.PROGRAMME: "id programme least_consultations least_observers least_partners"
        " least_clinicians least_in_group recordings furthest_mark furthest_total"
        " calibrated_months must_be_calibrated requirement minutes",
    },
    "Instrument": {
        Keep.PROGRAMME: "id programme key name about licence licence_url attribution may_display"
        " may_edit needs_acceptance accepted_at accepted_by",
    },
    "InstrumentVersion": {
        Keep.PROGRAMME: "id instrument number lowest highest follows agreed comments_open status"
        " sealed_at made_at",
    },
    "InstrumentVersionHistory": PROGRAMME_HISTORY,
    "Item": {Keep.PROGRAMME: "id version number short text help"},
    "Anchor": {Keep.PROGRAMME: "id version mark words"},
    "Scale": {Keep.PROGRAMME: "id version number name rule items"},
    "Crosswalk": {Keep.PROGRAMME: "id scale before factor constant basis"},
    "ItemComment": {
        Keep.WHILE_HERE: "id version item written_by text said_at answer answered_at answered_by",
    },
    "PracticeRecording": {
        Keep.PROGRAMME: "id version title where minutes marks agreed_by retired_at",
    },
    "PracticeRating": {Keep.WHILE_HERE: "id recording partner person marks distance bias rated_at"},
    # That who rated was fit to.
    "Calibration": {
        Keep.RECORD: "id version partner person from_on until_on recordings distance bias ended_at",
    },
    "ClinicSession": {
        Keep.RECORD: "id programme team clinician version day half place asked said_yes said_no"
        " status planned_at",
    },
    "ClinicSessionHistory": HISTORY,
    "Observer": {Keep.RECORD: "id session partner person answer invited_at answered_at ended_at"},
    "Consultation": {Keep.PROGRAMME: "id session number"},
    "Debrief": {Keep.WHILE_HERE: "id observer feeling note wants_talk said_at talked_at"},
    "SelfRating": {Keep.WHILE_HERE: "id session marks rated_at"},
    # The marks are what the results rest on; the words as they were written go with their writer.
    "Observation": {
        Keep.RECORD: "id consultation observer version decision marks minutes edition status"
        " began_at saved_at submitted_at contribution",
        Keep.WHILE_HERE: "worked to_try",
    },
    "ObservationHistory": HISTORY,
    # What was read for names, and is the clinician's to keep.
    "Comment": {Keep.RECORD: "id observation kind text theme status read_at read_by"},
    "Consensus": {
        Keep.RECORD: "id consultation marks written_at written_by",
        Keep.WHILE_HERE: "note",
    },
    "Tally": {
        Keep.RECORD: f"{_COUNTED} side sheets consultations no_decision items_n items_sum scales_n"
        " scales_sum scales_squares themes",
    },
    "PairTally": {
        Keep.RECORD: f"{_COUNTED} pairs table scales_n partner_sum peer_sum partner_squares"
        " peer_squares products",
    },
    "ObserverTally": {
        Keep.RECORD: f"{_COUNTED} partner person sheets gaps gap_sum gap_squares",
    },
    "Reflection": {
        Keep.WHILE_HERE: "id team clinician version first_month last_month words written_at status",
    },
    "ReflectionHistory": HISTORY_THAT_GOES,
    "AppraisalPdf": {
        Keep.WHILE_HERE: "id status done total seen_at error asked_at asked_by ready_at reflection"
        " file",
    },
}
