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
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150)),
                ('known_as', models.CharField(blank=True, help_text='What they like to be called', max_length=60)),
                ('sort_key', models.CharField(editable=False, max_length=160)),
                ('email', models.EmailField(blank=True, max_length=254, null=True, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('joined_on', models.DateField(blank=True, null=True)),
                ('status', models.CharField(choices=[('active', 'Active'), ('on_break', 'On a break'), ('left', 'Left')], default='active', max_length=10)),
                ('access_needs', models.TextField(blank=True, max_length=2000, verbose_name='access and communication needs')),
                ('dbs_expires_on', models.DateField(blank=True, null=True, verbose_name='DBS check to be renewed by')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partners', to='accounts.programme')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='partners', to=settings.AUTH_USER_MODEL, verbose_name='sign-in')),
            ],
            options={
                'ordering': ('sort_key', 'pk'),
                'indexes': [models.Index(fields=['programme', 'sort_key', 'id'], name='partner_register')],
                'constraints': [models.UniqueConstraint(models.F('programme'), django.db.models.functions.text.Lower('email'), name='partner_email_once', violation_error_message='A partner of this programme already has this e-mail.'), models.UniqueConstraint(fields=('programme', 'user'), name='partner_user_once', violation_error_message='This sign-in already belongs to a partner.'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='partner_has_name', violation_error_message="Enter the partner's name."), models.CheckConstraint(condition=models.Q(('email__isnull', True), models.Q(('email', ''), _negated=True), _connector='OR'), name='partner_email_empty_is_null', violation_error_message='Leave the e-mail address out altogether.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_partnerevent" ("dbs_expires_on", "email", "id", "joined_on", "known_as", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "programme_id", "sort_key", "status", "user_id") VALUES (NEW."dbs_expires_on", NEW."email", NEW."id", NEW."joined_on", NEW."known_as", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."programme_id", NEW."sort_key", NEW."status", NEW."user_id"); RETURN NULL;', hash='85e07cac320b193a393e8ed7e6e0345337b0220b', operation='INSERT', pgid='pgtrigger_insert_insert_71860', table='partners_partner', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."dbs_expires_on" IS DISTINCT FROM (NEW."dbs_expires_on") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."joined_on" IS DISTINCT FROM (NEW."joined_on") OR OLD."known_as" IS DISTINCT FROM (NEW."known_as") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."sort_key" IS DISTINCT FROM (NEW."sort_key") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))', func='INSERT INTO "partners_partnerevent" ("dbs_expires_on", "email", "id", "joined_on", "known_as", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "programme_id", "sort_key", "status", "user_id") VALUES (NEW."dbs_expires_on", NEW."email", NEW."id", NEW."joined_on", NEW."known_as", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."programme_id", NEW."sort_key", NEW."status", NEW."user_id"); RETURN NULL;', hash='49b887be6d13d452c1fc3c928d6051bf63dbbbe3', operation='UPDATE', pgid='pgtrigger_update_update_17ece', table='partners_partner', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_partnerevent" ("dbs_expires_on", "email", "id", "joined_on", "known_as", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "programme_id", "sort_key", "status", "user_id") VALUES (OLD."dbs_expires_on", OLD."email", OLD."id", OLD."joined_on", OLD."known_as", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."programme_id", OLD."sort_key", OLD."status", OLD."user_id"); RETURN NULL;', hash='fb4390ffcd21788199966ede197c10b976f947b4', operation='DELETE', pgid='pgtrigger_delete_delete_e7dd8', table='partners_partner', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='RegisterImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=200)),
                ('sheet', models.CharField(max_length=100)),
                ('header_row', models.PositiveIntegerField()),
                ('headers', models.JSONField(default=list)),
                ('rows', models.JSONField(blank=True, default=list)),
                ('mapping', models.JSONField(blank=True, default=dict)),
                ('outcome', models.JSONField(blank=True, default=dict)),
                ('status', models.CharField(choices=[('read', 'Columns to check'), ('mapped', 'Ready to confirm'), ('applied', 'Brought in'), ('dropped', 'Let go')], default='read', max_length=10)),
                ('uploaded_at', models.DateTimeField()),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='register_imports', to='accounts.programme')),
                ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-uploaded_at', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['applied', 'dropped']), _negated=True), ('rows', []), _connector='OR'), name='register_import_ended_is_empty', violation_error_message='An import that has ended keeps no rows.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_registerimportevent" ("filename", "header_row", "headers", "id", "mapping", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "sheet", "status", "uploaded_at", "uploaded_by_id") VALUES (NEW."filename", NEW."header_row", NEW."headers", NEW."id", NEW."mapping", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."sheet", NEW."status", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;', hash='8d816028626983155a4a46d6fdf25b148492bda0', operation='INSERT', pgid='pgtrigger_insert_insert_cbc3c', table='partners_registerimport', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."filename" IS DISTINCT FROM (NEW."filename") OR OLD."header_row" IS DISTINCT FROM (NEW."header_row") OR OLD."headers" IS DISTINCT FROM (NEW."headers") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."mapping" IS DISTINCT FROM (NEW."mapping") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."sheet" IS DISTINCT FROM (NEW."sheet") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id"))', func='INSERT INTO "partners_registerimportevent" ("filename", "header_row", "headers", "id", "mapping", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "sheet", "status", "uploaded_at", "uploaded_by_id") VALUES (NEW."filename", NEW."header_row", NEW."headers", NEW."id", NEW."mapping", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id", NEW."sheet", NEW."status", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;', hash='3316d79ce4e1b53f89e7d3ad2f0e4efd2770af12', operation='UPDATE', pgid='pgtrigger_update_update_cebd0', table='partners_registerimport', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_registerimportevent" ("filename", "header_row", "headers", "id", "mapping", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "sheet", "status", "uploaded_at", "uploaded_by_id") VALUES (OLD."filename", OLD."header_row", OLD."headers", OLD."id", OLD."mapping", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."sheet", OLD."status", OLD."uploaded_at", OLD."uploaded_by_id"); RETURN NULL;', hash='b564a47f706b247f7a7713f616e53456b4730f43', operation='DELETE', pgid='pgtrigger_delete_delete_15e7d', table='partners_registerimport', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='RememberedColumn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('header', models.CharField(max_length=200)),
                ('field', models.CharField(blank=True, max_length=40)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remembered_columns', to='accounts.programme')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('programme'), django.db.models.functions.text.Lower('header'), name='remembered_column_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_rememberedcolumnevent" ("field", "header", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id") VALUES (NEW."field", NEW."header", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id"); RETURN NULL;', hash='f93e692d96a4dd20f39b54e050dadd5c8128999d', operation='INSERT', pgid='pgtrigger_insert_insert_65bbd', table='partners_rememberedcolumn', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "partners_rememberedcolumnevent" ("field", "header", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id") VALUES (NEW."field", NEW."header", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id"); RETURN NULL;', hash='851601180a0224f9d4a3b963f3ee39482dc33b95', operation='UPDATE', pgid='pgtrigger_update_update_3466f', table='partners_rememberedcolumn', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_rememberedcolumnevent" ("field", "header", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id") VALUES (OLD."field", OLD."header", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."programme_id"); RETURN NULL;', hash='e717fa98ba8ed72507444a68ebc04af415c6896b', operation='DELETE', pgid='pgtrigger_delete_delete_25224', table='partners_rememberedcolumn', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Expertise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('frozen_asset', 'From life before illness'), ('jewel', 'From being a patient or carer')], max_length=15)),
                ('text', models.TextField(max_length=2000)),
                ('visibility', models.CharField(choices=[('only_me', 'Only me'), ('coordinators', 'Coordinators'), ('staff', 'Staff of the programme')], default='only_me', max_length=15)),
                ('added_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expertise', to='partners.partner')),
            ],
            options={
                'verbose_name_plural': 'expertise',
                'ordering': ('kind', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='expertise_has_text', violation_error_message='Write a few words.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_expertiseevent" ("added_at", "changed_at", "id", "kind", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "visibility") VALUES (NEW."added_at", NEW."changed_at", NEW."id", NEW."kind", NEW."partner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."visibility"); RETURN NULL;', hash='50989270bb5c9daf0b2869c59b8e6d1a52326e28', operation='INSERT', pgid='pgtrigger_insert_insert_27732', table='partners_expertise', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."changed_at" IS DISTINCT FROM (NEW."changed_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."partner_id" IS DISTINCT FROM (NEW."partner_id") OR OLD."visibility" IS DISTINCT FROM (NEW."visibility"))', func='INSERT INTO "partners_expertiseevent" ("added_at", "changed_at", "id", "kind", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "visibility") VALUES (NEW."added_at", NEW."changed_at", NEW."id", NEW."kind", NEW."partner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."visibility"); RETURN NULL;', hash='ec76a689b044becfbdb80d33985fb31ea1d1d7c2', operation='UPDATE', pgid='pgtrigger_update_update_52fa3', table='partners_expertise', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_expertiseevent" ("added_at", "changed_at", "id", "kind", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "visibility") VALUES (OLD."added_at", OLD."changed_at", OLD."id", OLD."kind", OLD."partner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."visibility"); RETURN NULL;', hash='c92ad1c6b4e0ad85007ddd2ccdc3562ca32b1444', operation='DELETE', pgid='pgtrigger_delete_delete_85dfe', table='partners_expertise', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mdt', 'MDT meeting'), ('meeting', 'Meeting'), ('project', 'Project work'), ('event', 'Event'), ('panel', 'Panel'), ('recruitment', 'Recruitment'), ('observation', 'Clinic observation'), ('mentoring', 'Mentoring'), ('research', 'Research'), ('education', 'Teaching or learning'), ('reading', 'Reading and comments'), ('writing', 'Writing'), ('other', 'Something else')], max_length=15)),
                ('happened_on', models.DateField(verbose_name='day')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('source_path', models.CharField(blank=True, editable=False, max_length=200)),
                ('reflection', models.TextField(blank=True, max_length=20000)),
                ('payable', models.BooleanField(default=True)),
                ('status', models.CharField(choices=[('recorded', 'Recorded'), ('confirmed', 'Confirmed'), ('withdrawn', 'Withdrawn')], default='recorded', max_length=10)),
                ('recorded_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='accounts.programme')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='partners.partner')),
            ],
            options={
                'ordering': ('-happened_on', '-pk'),
                'indexes': [models.Index(fields=['partner', '-happened_on', '-id'], name='contribution_portfolio'), models.Index(condition=models.Q(('claimed_at__isnull', True), ('payable', True), ('status', 'confirmed')), fields=['partner', 'happened_on', 'id'], name='contribution_claimable'), models.Index(condition=models.Q(('status', 'recorded')), fields=['programme', 'happened_on', 'id'], name='contribution_to_confirm'), models.Index(fields=['programme', '-happened_on', '-id'], name='contribution_ledger')],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='contribution_minutes_in_a_day', violation_error_message='Enter between 1 minute and 24 hours.'), models.CheckConstraint(condition=models.Q(('kind__in', ['mdt', 'meeting', 'project', 'event', 'panel', 'recruitment', 'observation', 'mentoring', 'research', 'education', 'reading', 'writing', 'other'])), name='contribution_kind_known', violation_error_message='Choose a kind of work from the list.'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='contribution_has_title', violation_error_message='Say in a few words what it was.'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), _connector='OR'), name='contribution_confirmed_pair', violation_error_message='Say both when this was done and who did it.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'confirmed'), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='contribution_confirmed_has_stamp', violation_error_message='A confirmed contribution says who confirmed it.'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'recorded'), _negated=True), ('confirmed_at__isnull', True), _connector='OR'), name='contribution_recorded_no_stamp', violation_error_message='Only a confirmed contribution carries a confirmation.'), models.CheckConstraint(condition=models.Q(('claimed_at__isnull', True), models.Q(('payable', True), ('status', 'confirmed')), _connector='OR'), name='contribution_claimed_is_payable', violation_error_message='Only confirmed, payable work can be claimed.')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_contributionevent" ("claimed_at", "confirmed_at", "confirmed_by_id", "happened_on", "id", "kind", "minutes", "partner_id", "payable", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "recorded_at", "recorded_by_id", "source_path", "status", "title") VALUES (NEW."claimed_at", NEW."confirmed_at", NEW."confirmed_by_id", NEW."happened_on", NEW."id", NEW."kind", NEW."minutes", NEW."partner_id", NEW."payable", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."recorded_at", NEW."recorded_by_id", NEW."source_path", NEW."status", NEW."title"); RETURN NULL;', hash='c29934481fb2867c701123dbae539001f4a9bcbf', operation='INSERT', pgid='pgtrigger_insert_insert_d2824', table='partners_contribution', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."claimed_at" IS DISTINCT FROM (NEW."claimed_at") OR OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at") OR OLD."confirmed_by_id" IS DISTINCT FROM (NEW."confirmed_by_id") OR OLD."happened_on" IS DISTINCT FROM (NEW."happened_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."minutes" IS DISTINCT FROM (NEW."minutes") OR OLD."partner_id" IS DISTINCT FROM (NEW."partner_id") OR OLD."payable" IS DISTINCT FROM (NEW."payable") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."source_path" IS DISTINCT FROM (NEW."source_path") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."title" IS DISTINCT FROM (NEW."title"))', func='INSERT INTO "partners_contributionevent" ("claimed_at", "confirmed_at", "confirmed_by_id", "happened_on", "id", "kind", "minutes", "partner_id", "payable", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "recorded_at", "recorded_by_id", "source_path", "status", "title") VALUES (NEW."claimed_at", NEW."confirmed_at", NEW."confirmed_by_id", NEW."happened_on", NEW."id", NEW."kind", NEW."minutes", NEW."partner_id", NEW."payable", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id", NEW."recorded_at", NEW."recorded_by_id", NEW."source_path", NEW."status", NEW."title"); RETURN NULL;', hash='0f89f5a37648617c9ceab1c1eca809f12f419bd9', operation='UPDATE', pgid='pgtrigger_update_update_b8949', table='partners_contribution', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_contributionevent" ("claimed_at", "confirmed_at", "confirmed_by_id", "happened_on", "id", "kind", "minutes", "partner_id", "payable", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "recorded_at", "recorded_by_id", "source_path", "status", "title") VALUES (OLD."claimed_at", OLD."confirmed_at", OLD."confirmed_by_id", OLD."happened_on", OLD."id", OLD."kind", OLD."minutes", OLD."partner_id", OLD."payable", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."recorded_at", OLD."recorded_by_id", OLD."source_path", OLD."status", OLD."title"); RETURN NULL;', hash='44290783f93a84a1ca5aca24ea472380683bbfd3', operation='DELETE', pgid='pgtrigger_delete_delete_cfd53', table='partners_contribution', when='AFTER')), pgtrigger.compiler.Trigger(name='facts_freeze', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."confirmed_at" IS NOT NULL AND (OLD."partner_id" IS DISTINCT FROM (NEW."partner_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."happened_on" IS DISTINCT FROM (NEW."happened_on") OR OLD."minutes" IS DISTINCT FROM (NEW."minutes")))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='9dcb8bffe0a42b6feb2d26693e5114afd8fb3c8c', operation='UPDATE', pgid='pgtrigger_facts_freeze_7c602', table='partners_contribution', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PartnerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=150)),
                ('known_as', models.CharField(blank=True, help_text='What they like to be called', max_length=60)),
                ('sort_key', models.CharField(editable=False, max_length=160)),
                ('email', models.EmailField(blank=True, max_length=254, null=True, verbose_name='e-mail address')),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('joined_on', models.DateField(blank=True, null=True)),
                ('status', models.CharField(choices=[('active', 'Active'), ('on_break', 'On a break'), ('left', 'Left')], default='active', max_length=10)),
                ('dbs_expires_on', models.DateField(blank=True, null=True, verbose_name='DBS check to be renewed by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partners.partner')),
                ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sign-in')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a13e8879ffafbd590ff94ddd2a82e6a6ef165dbd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_20581', table='partners_partnerevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='RegisterImportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('filename', models.CharField(max_length=200)),
                ('sheet', models.CharField(max_length=100)),
                ('header_row', models.PositiveIntegerField()),
                ('headers', models.JSONField(default=list)),
                ('mapping', models.JSONField(blank=True, default=dict)),
                ('status', models.CharField(choices=[('read', 'Columns to check'), ('mapped', 'Ready to confirm'), ('applied', 'Brought in'), ('dropped', 'Let go')], default='read', max_length=10)),
                ('uploaded_at', models.DateTimeField()),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partners.registerimport')),
                ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                ('uploaded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c1377d42211bb45bd239616a9b7acd249f9eede7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3b856', table='partners_registerimportevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='RegisterImportHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('from_status', models.CharField(blank=True, max_length=20)),
                ('to_status', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='partners.registerimport')),
            ],
            options={
                'ordering': ('at', 'pk'),
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='806c8a0ef899d6ebf8c2ac92c2d66a6c03219b85', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ee574', table='partners_registerimporthistory', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='RememberedColumnEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('header', models.CharField(max_length=200)),
                ('field', models.CharField(blank=True, max_length=40)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partners.rememberedcolumn')),
                ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='02eee03aaa5577f6483a7b16610e35c248732238', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_12bd7', table='partners_rememberedcolumnevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ContributionHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('from_status', models.CharField(blank=True, max_length=20)),
                ('to_status', models.CharField(max_length=20)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='partners.contribution')),
            ],
            options={
                'ordering': ('at', 'pk'),
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b9d87b588551aa9952d8dac5aaf08ecce503ee41', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_5c2a6', table='partners_contributionhistory', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ExpertiseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('frozen_asset', 'From life before illness'), ('jewel', 'From being a patient or carer')], max_length=15)),
                ('visibility', models.CharField(choices=[('only_me', 'Only me'), ('coordinators', 'Coordinators'), ('staff', 'Staff of the programme')], default='only_me', max_length=15)),
                ('added_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partners.expertise')),
                ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.partner')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e805d18aa315706233b4079fa57be316520bebb3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8eec7', table='partners_expertiseevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='ContributionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('mdt', 'MDT meeting'), ('meeting', 'Meeting'), ('project', 'Project work'), ('event', 'Event'), ('panel', 'Panel'), ('recruitment', 'Recruitment'), ('observation', 'Clinic observation'), ('mentoring', 'Mentoring'), ('research', 'Research'), ('education', 'Teaching or learning'), ('reading', 'Reading and comments'), ('writing', 'Writing'), ('other', 'Something else')], max_length=15)),
                ('happened_on', models.DateField(verbose_name='day')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('source_path', models.CharField(blank=True, editable=False, max_length=200)),
                ('payable', models.BooleanField(default=True)),
                ('status', models.CharField(choices=[('recorded', 'Recorded'), ('confirmed', 'Confirmed'), ('withdrawn', 'Withdrawn')], default='recorded', max_length=10)),
                ('recorded_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('claimed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partners.contribution')),
                ('programme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.programme')),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.partner')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b7b3e7d247ee94b890440d31ec760821db8ee3d0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_df9d4', table='partners_contributionevent', when='BEFORE'))],
            },
        ),
        workflow.triggers.InstallTriggers(
        ),
    ]
