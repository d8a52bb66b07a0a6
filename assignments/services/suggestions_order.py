"""The one query that puts partners in order for an opportunity.

Every reason is a set of partners that is made once and looked up by hash, so that ten thousand
partners cost one pass, and only the page that is asked for leaves the database.
"""

from typing import Any

from partners.models import Expertise, Passion, Priority

OWN_WORDS: dict[str, Any] = {
    "expertise": Expertise,
    "passions": Passion,
    "priorities": Priority,
}

_HERE = """
here AS (
    SELECT partner.id, partner.sort_key, partner.joined_on, partner.status,
           partner.hours_wanted, partner.hours_per
    FROM partners_partner AS partner
    WHERE partner.programme_id = %(programme)s
      AND partner.status = ANY(%(placeable)s)
      AND partner.id <> ALL(%(apart)s::bigint[])
      AND partner.id NOT IN (
          SELECT partner_id FROM assignments_assignment
          WHERE work_group_id = %(work_group)s AND (ends_on IS NULL OR ends_on >= %(today)s))
      AND partner.id NOT IN (
          SELECT partner_id FROM assignments_offer
          WHERE opportunity_id = %(opportunity)s AND status = ANY(%(live)s))
)"""


def _own_words(name: str, model: Any) -> str:
    """Partners with own words, shared with coordinators, that match in words or in a theme."""
    table, themes = model._meta.db_table, model.themes.through._meta.db_table
    return f"""
{name} AS (
    SELECT DISTINCT own.partner_id FROM {table} AS own
    WHERE own.visibility = ANY(%(shared)s)
      AND (own.search @@ websearch_to_tsquery('english', %(words)s) OR own.id IN (
          SELECT mine.{model._meta.model_name}_id FROM {themes} AS mine
          JOIN assignments_opportunity_themes AS theirs ON theirs.theme_id = mine.theme_id
          WHERE theirs.opportunity_id = %(opportunity)s))
)"""  # noqa: S608 (names of our own tables)


# What is over somebody's pace is what `pacing.standing_of` calls "ask first".
_FACTS = """
places AS (
    SELECT place.partner_id, max(place.starts_on) AS latest,
           count(*) FILTER (WHERE place.ends_on IS NULL OR place.ends_on >= %(today)s) AS carried
    FROM assignments_assignment AS place
    JOIN assignments_workgroup AS work_group ON work_group.id = place.work_group_id
    WHERE work_group.programme_id = %(programme)s
    GROUP BY place.partner_id
),
offers AS (
    SELECT offer.partner_id,
           (max(offer.queued_at) AT TIME ZONE 'Europe/London')::date AS latest
    FROM assignments_offer AS offer
    JOIN assignments_opportunity AS opportunity ON opportunity.id = offer.opportunity_id
    WHERE opportunity.programme_id = %(programme)s
    GROUP BY offer.partner_id
),
expected AS (
    SELECT attendance.partner_id, meeting.starts_at AT TIME ZONE 'Europe/London' AS starts,
           extract(epoch FROM meeting.ends_at - meeting.starts_at) / 60
               + meeting.preparation_minutes AS minutes
    FROM assignments_attendance AS attendance
    JOIN assignments_meeting AS meeting ON meeting.id = attendance.meeting_id
    WHERE meeting.programme_id = %(programme)s AND meeting.status = 'planned'
      AND meeting.starts_at >= %(month)s::timestamp AT TIME ZONE 'Europe/London'
      AND meeting.starts_at < %(months_end)s::timestamp AT TIME ZONE 'Europe/London'
      AND attendance.plan <> 'not_this_time'
      AND NOT (attendance.stands_in AND attendance.plan = 'unanswered')
),
months AS (
    SELECT partner_id, sum(minutes) AS minutes
    FROM (
        SELECT partner_id, date_trunc('month', happened_on::timestamp) AS month, minutes
        FROM partners_contribution
        WHERE programme_id = %(programme)s AND status <> 'withdrawn'
          AND happened_on >= %(month)s AND happened_on < %(months_end)s
        UNION ALL
        SELECT partner_id, date_trunc('month', starts), minutes FROM expected
    ) AS work
    GROUP BY partner_id, month
),
fullest AS (SELECT partner_id, max(minutes) AS minutes FROM months GROUP BY partner_id),
coming AS (
    SELECT partner_id, count(*) AS meetings FROM expected
    WHERE starts >= %(today)s GROUP BY partner_id
),
usual AS (
    SELECT avg(coalesce(places.carried, 0)) AS carried,
           greatest(percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(coming.meetings, 0)), 1)
               AS meetings
    FROM partners_partner AS partner
    LEFT JOIN places ON places.partner_id = partner.id
    LEFT JOIN coming ON coming.partner_id = partner.id
    WHERE partner.programme_id = %(programme)s AND partner.status = ANY(%(placeable)s)
),
resting AS (
    SELECT DISTINCT ON (partner_id) partner_id, starts_on, ends_on FROM partners_pause
    WHERE starts_on <= %(last_day)s AND (ends_on IS NULL OR ends_on >= %(first_day)s)
    ORDER BY partner_id, starts_on, id
),
facts AS (
    SELECT here.*, places.carried, resting.starts_on AS away_from, resting.ends_on AS away_until,
           coalesce(greatest(places.latest, offers.latest), here.joined_on) AS since,
           here.id IN (SELECT partner_id FROM expertise) AS has_expertise,
           here.id IN (SELECT partner_id FROM passions) AS has_passions,
           here.id IN (SELECT partner_id FROM priorities) AS has_priorities,
           here.id IN (SELECT partner_id FROM partners_rolewish WHERE role_id = %(role)s)
               AS has_wishes,
           here.status <> 'on_break'
               AND coalesce(resting.starts_on > %(first_day)s, true) AS has_free,
           CASE WHEN here.hours_wanted IS NULL
               THEN coalesce(coming.meetings, 0) <= 2 * usual.meetings
               ELSE coalesce(fullest.minutes, 0) <= round(here.hours_wanted * 60
                   * CASE here.hours_per WHEN 'week' THEN 52 / 12.0 ELSE 1 END)
           END AS has_pace,
           coalesce(places.carried, 0) = 0 OR places.carried < usual.carried AS has_lightly_loaded
    FROM here
    CROSS JOIN usual
    LEFT JOIN places ON places.partner_id = here.id
    LEFT JOIN offers ON offers.partner_id = here.id
    LEFT JOIN fullest ON fullest.partner_id = here.id
    LEFT JOIN coming ON coming.partner_id = here.id
    LEFT JOIN resting ON resting.partner_id = here.id
),
scored AS (
    SELECT facts.*, coalesce(since <= %(long_ago)s, false) AS has_waited,
           %(expertise)s * has_expertise::int + %(passions)s * has_passions::int
               + %(priorities)s * has_priorities::int + %(wishes)s * has_wishes::int
               + %(free)s * has_free::int + %(pace)s * has_pace::int
               + %(waited)s * coalesce(since <= %(long_ago)s, false)::int
               + %(lightly_loaded)s * has_lightly_loaded::int AS score
    FROM facts
),
page AS (
    SELECT * FROM scored
    ORDER BY score DESC, coalesce(since, %(today)s), sort_key, id
    LIMIT %(limit)s OFFSET %(first)s
)"""

HOW_MANY = f"WITH {_HERE} SELECT count(*) FROM here"  # noqa: S608 (our own words)

_OF_THE_PAGE = """
SELECT partner.id, partner.programme_id, partner.name, partner.known_as, partner.sort_key,
       partner.status, partner.hours_wanted, partner.user_id, page.score, page.since,
       (SELECT count(*) FROM here) AS total,
       coalesce(page.carried, 0) AS carried, page.away_from, page.away_until,
       page.has_expertise, page.has_passions, page.has_priorities, page.has_wishes, page.has_free,
       page.has_pace, page.has_waited, page.has_lightly_loaded,
       coalesce(interest.answer, '') AS answered
FROM page
JOIN partners_partner AS partner ON partner.id = page.id
LEFT JOIN assignments_interest AS interest
    ON interest.partner_id = page.id AND interest.opportunity_id = %(opportunity)s
ORDER BY page.score DESC, coalesce(page.since, %(today)s), page.sort_key, page.id
"""

_REASONS = [_own_words(name, model) for name, model in OWN_WORDS.items()]
IN_ORDER = " ".join(["WITH", ",".join([_HERE, *_REASONS, _FACTS]), _OF_THE_PAGE])
