import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models

import workflow.triggers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("assignments", "0001_initial"),
        ("partners", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(choices=[('meeting_tomorrow', 'Your meeting is tomorrow')], max_length=30)),
                ('occurs_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('attendance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='assignments.attendance')),
                ('message', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.message')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='partners.partner')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='accounts.programme')),
            ],
            options={
                'ordering': ('-due_at', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('rule', 'attendance', 'occurs_at'), name='reminder_once_per_occurrence', violation_error_message='This reminder exists already.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reminders_reminderevent" ("attendance_id", "due_at", "id", "message_id", "occurs_at", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "rule", "withdrawn_at") VALUES (NEW."attendance_id", NEW."due_at", NEW."id", NEW."message_id", NEW."occurs_at", NEW."partner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."rule", NEW."withdrawn_at"); RETURN NULL;', hash='707b8a566bf703eebb79bf4148142c53b834b6a3', operation='INSERT', pgid='pgtrigger_insert_insert_3d2e2', table='reminders_reminder', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reminders_reminderevent" ("attendance_id", "due_at", "id", "message_id", "occurs_at", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "rule", "withdrawn_at") VALUES (NEW."attendance_id", NEW."due_at", NEW."id", NEW."message_id", NEW."occurs_at", NEW."partner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id", NEW."rule", NEW."withdrawn_at"); RETURN NULL;', hash='520047ec0b03aa68428673db13fd60a658c3630e', operation='UPDATE', pgid='pgtrigger_update_update_c3ab0', table='reminders_reminder', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reminders_reminderevent" ("attendance_id", "due_at", "id", "message_id", "occurs_at", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "rule", "withdrawn_at") VALUES (OLD."attendance_id", OLD."due_at", OLD."id", OLD."message_id", OLD."occurs_at", OLD."partner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."rule", OLD."withdrawn_at"); RETURN NULL;', hash='120ad776d461bf17dca0a5141bc2004f10c536a9', operation='DELETE', pgid='pgtrigger_delete_delete_fe464', table='reminders_reminder', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ReminderEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('rule', models.CharField(choices=[('meeting_tomorrow', 'Your meeting is tomorrow')], max_length=30)),
                ('occurs_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('attendance', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assignments.attendance')),
                ('message', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.message')),
                ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.partner')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reminders.reminder')),
                ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='67c06c48290c80195a599ddc481a1aa5d03ab237', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f6b82', table='reminders_reminderevent', when='BEFORE'))],
            },
        ),
        workflow.triggers.InstallTriggers(
        ),
    ]
