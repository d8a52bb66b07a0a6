import django.contrib.postgres.constraints
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import workflow.triggers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("partners", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        migrations.CreateModel(
            name='WorkGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mdt', 'MDT'), ('project', 'Project'), ('committee', 'Committee'), ('recruitment', 'Recruitment panel'), ('research', 'Research study'), ('education', 'Teaching or learning'), ('event', 'Event')], max_length=15)),
                ('name', models.CharField(max_length=150)),
                ('purpose', models.TextField(blank=True, max_length=2000)),
                ('lead_name', models.CharField(blank=True, max_length=120, verbose_name='who leads it')),
                ('contact_phone', models.CharField(blank=True, max_length=60, verbose_name='who to ring')),
                ('place', models.CharField(blank=True, max_length=200)),
                ('join_link', models.URLField(blank=True, max_length=500, verbose_name='link to join online')),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work_groups', to='accounts.programme')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='work_groups', to='accounts.team')),
            ],
            options={
                'ordering': ('name', 'pk'),
                'indexes': [models.Index(fields=['programme', 'name', 'id'], name='work_group_list')],
                'constraints': [models.UniqueConstraint(models.F('programme'), django.db.models.functions.text.Lower('name'), name='work_group_name_once', violation_error_message='The programme already has a work group of this name.'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='work_group_ends_after_start', violation_error_message='The last day must be on or after the first day.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_workgroupevent" ("contact_phone", "ends_on", "id", "join_link", "kind", "lead_name", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "programme_id", "purpose", "starts_on", "team_id") VALUES (NEW."contact_phone", NEW."ends_on", NEW."id", NEW."join_link", NEW."kind", NEW."lead_name", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."programme_id", NEW."purpose", NEW."starts_on", NEW."team_id"); RETURN NULL;', hash='bad2162e8fdd30ec9daa708166b43b7a5dca0119', operation='INSERT', pgid='pgtrigger_insert_insert_5c66b', table='assignments_workgroup', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "assignments_workgroupevent" ("contact_phone", "ends_on", "id", "join_link", "kind", "lead_name", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "programme_id", "purpose", "starts_on", "team_id") VALUES (NEW."contact_phone", NEW."ends_on", NEW."id", NEW."join_link", NEW."kind", NEW."lead_name", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."programme_id", NEW."purpose", NEW."starts_on", NEW."team_id"); RETURN NULL;', hash='f74e795fb631911a4d9a444857cafd49afd28ce8', operation='UPDATE', pgid='pgtrigger_update_update_e1cf6', table='assignments_workgroup', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_workgroupevent" ("contact_phone", "ends_on", "id", "join_link", "kind", "lead_name", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "programme_id", "purpose", "starts_on", "team_id") VALUES (OLD."contact_phone", OLD."ends_on", OLD."id", OLD."join_link", OLD."kind", OLD."lead_name", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."programme_id", OLD."purpose", OLD."starts_on", OLD."team_id"); RETURN NULL;', hash='ac3e97de57e4e33a631f79f621a3a8caa0dfad43', operation='DELETE', pgid='pgtrigger_delete_delete_d5070', table='assignments_workgroup', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(default='Patient and Carer Partner', max_length=80)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('status', models.CharField(choices=[('current', 'Current'), ('ended', 'Ended')], default='current', max_length=10)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='partners.partner')),
                ('work_group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='assignments.workgroup')),
            ],
            options={
                'ordering': ('work_group', 'starts_on', 'pk'),
                'indexes': [models.Index(fields=['partner', 'starts_on'], name='assignment_of_partner')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=(('work_group', '='), ('partner', '='), (models.Func(models.F('starts_on'), models.F('ends_on'), models.Value('[]'), function='daterange'), '&&')), name='assignment_once_at_a_time', violation_error_message='This partner already has a place in this group then.'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='assignment_ends_after_start', violation_error_message='The last day must be on or after the first day.'), models.CheckConstraint(condition=models.Q(('status', 'current'), ('ends_on__isnull', False), _connector='OR'), name='assignment_ended_has_day', violation_error_message='A place that ended has a last day.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_assignmentevent" ("ends_on", "id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "status", "work_group_id") VALUES (NEW."ends_on", NEW."id", NEW."partner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."starts_on", NEW."status", NEW."work_group_id"); RETURN NULL;', hash='ffba9f34ec64ed14d28a1110171b799b8f6f14ad', operation='INSERT', pgid='pgtrigger_insert_insert_50a77', table='assignments_assignment', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "assignments_assignmentevent" ("ends_on", "id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "status", "work_group_id") VALUES (NEW."ends_on", NEW."id", NEW."partner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."starts_on", NEW."status", NEW."work_group_id"); RETURN NULL;', hash='da07a345c56ae931d4018786bd4f6741cda53891', operation='UPDATE', pgid='pgtrigger_update_update_22493', table='assignments_assignment', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_assignmentevent" ("ends_on", "id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_on", "status", "work_group_id") VALUES (OLD."ends_on", OLD."id", OLD."partner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."starts_on", OLD."status", OLD."work_group_id"); RETURN NULL;', hash='7b755e2a79e1e296a70a86fbde0a2f15a2912669', operation='DELETE', pgid='pgtrigger_delete_delete_8d071', table='assignments_assignment', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, help_text="Left empty: the group's name", max_length=150)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('place', models.CharField(blank=True, max_length=200)),
                ('join_link', models.URLField(blank=True, max_length=500, verbose_name='link to join online')),
                ('asks', models.TextField(blank=True, max_length=1000, verbose_name='what it asks of partners')),
                ('preparation_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='minutes to prepare')),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('held', 'Held'), ('cancelled', 'Cancelled')], default='planned', max_length=10)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='accounts.programme')),
                ('work_group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='assignments.workgroup')),
            ],
            options={
                'ordering': ('starts_at', 'pk'),
                'indexes': [models.Index(fields=['programme', 'starts_at', 'id'], name='meeting_diary'), models.Index(fields=['work_group', 'starts_at'], name='meeting_of_group'), models.Index(condition=models.Q(('status', 'planned')), fields=['starts_at', 'id'], name='meeting_planned')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='meeting_ends_after_start', violation_error_message='The meeting must end after it starts.'), models.CheckConstraint(condition=models.Q(('preparation_minutes__lte', 1440)), name='meeting_preparation_in_a_day', violation_error_message='Preparation is at most 24 hours.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_meetingevent" ("asks", "ends_at", "id", "join_link", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "preparation_minutes", "programme_id", "starts_at", "status", "title", "work_group_id") VALUES (NEW."asks", NEW."ends_at", NEW."id", NEW."join_link", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."preparation_minutes", NEW."programme_id", NEW."starts_at", NEW."status", NEW."title", NEW."work_group_id"); RETURN NULL;', hash='e0d59d3de24fbb3145ddf6c61e0fe11a49e9a219', operation='INSERT', pgid='pgtrigger_insert_insert_5be24', table='assignments_meeting', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "assignments_meetingevent" ("asks", "ends_at", "id", "join_link", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "preparation_minutes", "programme_id", "starts_at", "status", "title", "work_group_id") VALUES (NEW."asks", NEW."ends_at", NEW."id", NEW."join_link", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."preparation_minutes", NEW."programme_id", NEW."starts_at", NEW."status", NEW."title", NEW."work_group_id"); RETURN NULL;', hash='1866ea60793977857c752daa293528c9b2421a46', operation='UPDATE', pgid='pgtrigger_update_update_25058', table='assignments_meeting', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_meetingevent" ("asks", "ends_at", "id", "join_link", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "preparation_minutes", "programme_id", "starts_at", "status", "title", "work_group_id") VALUES (OLD."asks", OLD."ends_at", OLD."id", OLD."join_link", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."preparation_minutes", OLD."programme_id", OLD."starts_at", OLD."status", OLD."title", OLD."work_group_id"); RETURN NULL;', hash='357d545b6835c7830b9b8893a8735eaaa343eaa1', operation='DELETE', pgid='pgtrigger_delete_delete_95b7f', table='assignments_meeting', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='WorkGroupEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('mdt', 'MDT'), ('project', 'Project'), ('committee', 'Committee'), ('recruitment', 'Recruitment panel'), ('research', 'Research study'), ('education', 'Teaching or learning'), ('event', 'Event')], max_length=15)),
                ('name', models.CharField(max_length=150)),
                ('purpose', models.TextField(blank=True, max_length=2000)),
                ('lead_name', models.CharField(blank=True, max_length=120, verbose_name='who leads it')),
                ('contact_phone', models.CharField(blank=True, max_length=60, verbose_name='who to ring')),
                ('place', models.CharField(blank=True, max_length=200)),
                ('join_link', models.URLField(blank=True, max_length=500, verbose_name='link to join online')),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='assignments.workgroup')),
                ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                ('team', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.team')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e381eee4dff3db84448cbc3364e554c72285b7a6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_48e26', table='assignments_workgroupevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='AssignmentHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('from_status', models.CharField(blank=True, max_length=20)),
                ('to_status', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='assignments.assignment')),
            ],
            options={
                'ordering': ('at', 'pk'),
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2911cccb8262b76a46846558d5849be9c59d415d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0d69d', table='assignments_assignmenthistory', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan', models.CharField(choices=[('unanswered', 'No answer yet'), ('coming', 'Coming'), ('online', 'Joining online'), ('not_this_time', 'Not this time')], default='unanswered', max_length=15)),
                ('planned_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(choices=[('unknown', 'Not confirmed yet'), ('there', 'There'), ('part', 'There for part'), ('missed', 'Not there')], default='unknown', max_length=10)),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contribution', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.contribution')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='partners.partner')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='assignments.meeting')),
            ],
            options={
                'ordering': ('meeting', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('meeting', 'partner'), name='attendance_once', violation_error_message='This partner is already down for this meeting.'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), _connector='OR'), name='attendance_confirmed_pair', violation_error_message='Say both when this was done and who did it.'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('outcome', 'unknown')), models.Q(models.Q(('outcome', 'unknown'), _negated=True), ('confirmed_at__isnull', False)), _connector='OR'), name='attendance_outcome_has_stamp', violation_error_message='A confirmed attendance says who confirmed it.'), models.CheckConstraint(condition=models.Q(('contribution__isnull', True), ('outcome__in', ['there', 'part']), _connector='OR'), name='attendance_contribution_was_there', violation_error_message='Only somebody who was there contributed.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_attendanceevent" ("confirmed_at", "confirmed_by_id", "contribution_id", "id", "meeting_id", "minutes", "outcome", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "planned_at") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."contribution_id", NEW."id", NEW."meeting_id", NEW."minutes", NEW."outcome", NEW."partner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan", NEW."planned_at"); RETURN NULL;', hash='64fcc080c7793512cce28348930e4a9f193515b8', operation='INSERT', pgid='pgtrigger_insert_insert_1e26d', table='assignments_attendance', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "assignments_attendanceevent" ("confirmed_at", "confirmed_by_id", "contribution_id", "id", "meeting_id", "minutes", "outcome", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "planned_at") VALUES (NEW."confirmed_at", NEW."confirmed_by_id", NEW."contribution_id", NEW."id", NEW."meeting_id", NEW."minutes", NEW."outcome", NEW."partner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan", NEW."planned_at"); RETURN NULL;', hash='ecc36ed035902e4fe98a6808f05b247473d36352', operation='UPDATE', pgid='pgtrigger_update_update_d4beb', table='assignments_attendance', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "assignments_attendanceevent" ("confirmed_at", "confirmed_by_id", "contribution_id", "id", "meeting_id", "minutes", "outcome", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "planned_at") VALUES (OLD."confirmed_at", OLD."confirmed_by_id", OLD."contribution_id", OLD."id", OLD."meeting_id", OLD."minutes", OLD."outcome", OLD."partner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan", OLD."planned_at"); RETURN NULL;', hash='bc4264bb772dd5cc2f0a997db02e909977256e1b', operation='DELETE', pgid='pgtrigger_delete_delete_0d799', table='assignments_attendance', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='MeetingHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('from_status', models.CharField(blank=True, max_length=20)),
                ('to_status', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='assignments.meeting')),
            ],
            options={
                'ordering': ('at', 'pk'),
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='318b7415ca3603ca75e25878ae4bec864d4a964b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2d0b4', table='assignments_meetinghistory', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='MeetingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('title', models.CharField(blank=True, help_text="Left empty: the group's name", max_length=150)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('place', models.CharField(blank=True, max_length=200)),
                ('join_link', models.URLField(blank=True, max_length=500, verbose_name='link to join online')),
                ('asks', models.TextField(blank=True, max_length=1000, verbose_name='what it asks of partners')),
                ('preparation_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='minutes to prepare')),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('held', 'Held'), ('cancelled', 'Cancelled')], default='planned', max_length=10)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='assignments.meeting')),
                ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                ('work_group', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assignments.workgroup')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='75626445bad69a748a33921141b08fcd69a8e46b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fee65', table='assignments_meetingevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='AssignmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(default='Patient and Carer Partner', max_length=80)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('status', models.CharField(choices=[('current', 'Current'), ('ended', 'Ended')], default='current', max_length=10)),
                ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.partner')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='assignments.assignment')),
                ('work_group', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assignments.workgroup')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b907f8319460db0cf6fcc555097eb1f011524d89', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_65df3', table='assignments_assignmentevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='AttendanceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('plan', models.CharField(choices=[('unanswered', 'No answer yet'), ('coming', 'Coming'), ('online', 'Joining online'), ('not_this_time', 'Not this time')], default='unanswered', max_length=15)),
                ('planned_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(choices=[('unknown', 'Not confirmed yet'), ('there', 'There'), ('part', 'There for part'), ('missed', 'Not there')], default='unknown', max_length=10)),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('contribution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.contribution')),
                ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.partner')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='assignments.attendance')),
                ('meeting', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assignments.meeting')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a900ecc721b95ddddccdd0c8320afe89206631ca', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d2bfb', table='assignments_attendanceevent', when='BEFORE'))],
            },
        ),
        workflow.triggers.InstallTriggers(
        ),
    ]
