"""What each field of the register and the ledger says about a person."""

from accounts.privacy import HISTORY, Sensitivity

_S = Sensitivity

FIELDS: dict[str, dict[str, Sensitivity]] = {
    "Partner": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "user": _S.IDENTIFIES,
        "name": _S.IDENTIFIES,
        "known_as": _S.IDENTIFIES,
        "sort_key": _S.IDENTIFIES,
        "email": _S.CONTACT,
        "phone": _S.CONTACT,
        "joined_on": _S.NONE,
        "status": _S.NONE,
        "access_needs": _S.HEALTH,
        "say_name": _S.IDENTIFIES,
        "preferred_channel": _S.NONE,
        "phone_hours": _S.CONTACT,
        "address": _S.CONTACT,
        "hours_wanted": _S.HEALTH,
        "hours_per": _S.NONE,
        "longest_minutes": _S.HEALTH,
        "rest_days": _S.HEALTH,
        "availability": _S.HEALTH,
        # The day alone: what a check found is never held.
        "dbs_expires_on": _S.IDENTIFIES,
        "erased_at": _S.NONE,
    },
    "Contribution": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "partner": _S.IDENTIFIES,
        "kind": _S.NONE,
        "happened_on": _S.NONE,
        "minutes": _S.NONE,
        "title": _S.NONE,
        "source_path": _S.NONE,
        "reflection": _S.HEALTH,
        "payable": _S.MONEY,
        "status": _S.NONE,
        "recorded_at": _S.NONE,
        "recorded_by": _S.IDENTIFIES,
        "confirmed_at": _S.NONE,
        "confirmed_by": _S.IDENTIFIES,
        "claimed_at": _S.MONEY,
    },
    "ContributionHistory": HISTORY,
    "RegisterImport": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "filename": _S.NONE,
        "sheet": _S.NONE,
        "header_row": _S.NONE,
        "headers": _S.NONE,
        # A whole register, health stories included, until it is brought in or let go.
        "rows": _S.HEALTH,
        "mapping": _S.NONE,
        "outcome": _S.IDENTIFIES,
        "status": _S.NONE,
        "uploaded_at": _S.NONE,
        "uploaded_by": _S.IDENTIFIES,
    },
    "RegisterImportHistory": HISTORY,
    "RememberedColumn": {
        "id": _S.NONE,
        "programme": _S.NONE,
        "header": _S.NONE,
        "field": _S.NONE,
    },
}
