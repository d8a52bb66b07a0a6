"""What each field of what programmes decide together says about a person."""

from accounts.privacy import HISTORY, Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "Round": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "title": _S.NONE,
        "question": _S.NONE,
        "opens_on": _S.NONE,
        "votes_from": _S.NONE,
        "closes_on": _S.NONE,
        "status": _S.NONE,
        "result": _S.NONE,
    },
    "RoundHistory": HISTORY,
    "Proposal": {
        "id": _S.NONE,
        "round": _S.NONE,
        "title": _S.NONE,
        "text": _S.HEALTH,
        "proposed_by": _S.IDENTIFIES,
        "proposed_at": _S.NONE,
        "withdrawn_at": _S.NONE,
        "answer_link": _S.NONE,
        "answer": _S.NONE,
        "answered_at": _S.NONE,
        "answered_by": _S.IDENTIFIES,
    },
    "Ballot": {
        "id": _S.NONE,
        "round": _S.NONE,
        "voter": _S.IDENTIFIES,
        "cast_at": _S.NONE,
    },
    "Preference": {
        "id": _S.NONE,
        "ballot": _S.NONE,
        "proposal": _S.CONDUCT,
        "rank": _S.CONDUCT,
    },
    "Challenger": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "user": _S.IDENTIFIES,
        "starts_on": _S.NONE,
        "ends_on": _S.NONE,
    },
    "Advice": {
        "id": _S.NONE,
        "proposal": _S.NONE,
        "text": _S.CONDUCT,
        "given_at": _S.NONE,
        "given_by": _S.IDENTIFIES,
        "decision": _S.NONE,
        "reason": _S.CONDUCT,
        "decided_at": _S.NONE,
        "decided_by": _S.IDENTIFIES,
    },
}
