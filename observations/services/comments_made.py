"""What an observer wrote for the clinician: it waits to be read for names."""

from observations.models import Comment, Observation


def make(sheet: Observation) -> list[Comment]:
    """A waiting comment for each of the two boxes that has words in it."""
    said = ((Comment.Kind.WORKED, sheet.worked), (Comment.Kind.TO_TRY, sheet.to_try))
    return [
        Comment.objects.create(observation=sheet, kind=kind, text=text)
        for kind, text in said
        if text
    ]
