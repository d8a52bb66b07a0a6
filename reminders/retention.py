"""How long each field of this app is kept."""

from accounts.retention import Fields, Keep

FIELDS: Fields = {
    "Reminder": {
        Keep.WHILE_HERE: "id programme rule partner attendance occurs_at due_at message"
        " withdrawn_at",
    },
}
