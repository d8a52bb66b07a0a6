import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0009_story_withdrawal"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="datacopy",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="datacopy",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="datacopy",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="datacopy",
            name="partner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="data_copies",
                to="partners.partner",
            ),
        ),
        migrations.AddField(
            model_name="datacopy",
            name="taken_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="handed over"),
        ),
        migrations.AddField(
            model_name="datacopy",
            name="taken_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="datacopyevent",
            name="partner",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partners.partner",
            ),
        ),
        migrations.AddField(
            model_name="datacopyevent",
            name="taken_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="handed over"),
        ),
        migrations.AddField(
            model_name="datacopyevent",
            name="taken_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="datacopy",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="data_copies",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="datacopyevent",
            name="user",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datacopy",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "partners_datacopyevent" ("asked_at", "asked_by_id", "done", "error", "expires_at", "file_id", "id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "ready_at", "seen_at", "status", "taken_at", "taken_by_id", "total", "user_id") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."done", NEW."error", NEW."expires_at", NEW."file_id", NEW."id", NEW."partner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."ready_at", NEW."seen_at", NEW."status", NEW."taken_at", NEW."taken_by_id", NEW."total", NEW."user_id"); RETURN NULL;',
                    hash="a2606df9c9bc533432bdf5c08449d58e817926b9",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_21b54",
                    table="partners_datacopy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datacopy",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "partners_datacopyevent" ("asked_at", "asked_by_id", "done", "error", "expires_at", "file_id", "id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "ready_at", "seen_at", "status", "taken_at", "taken_by_id", "total", "user_id") VALUES (NEW."asked_at", NEW."asked_by_id", NEW."done", NEW."error", NEW."expires_at", NEW."file_id", NEW."id", NEW."partner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id", NEW."ready_at", NEW."seen_at", NEW."status", NEW."taken_at", NEW."taken_by_id", NEW."total", NEW."user_id"); RETURN NULL;',
                    hash="2b61de47c00701ef2c727d040306d2148f93397a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_049ae",
                    table="partners_datacopy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datacopy",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "partners_datacopyevent" ("asked_at", "asked_by_id", "done", "error", "expires_at", "file_id", "id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "ready_at", "seen_at", "status", "taken_at", "taken_by_id", "total", "user_id") VALUES (OLD."asked_at", OLD."asked_by_id", OLD."done", OLD."error", OLD."expires_at", OLD."file_id", OLD."id", OLD."partner_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."programme_id", OLD."ready_at", OLD."seen_at", OLD."status", OLD."taken_at", OLD."taken_by_id", OLD."total", OLD."user_id"); RETURN NULL;',
                    hash="1cd552b33ccb5edbd93c7373d7505b7295b78cff",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_efdea",
                    table="partners_datacopy",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="datacopy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["waiting", "working"])),
                fields=("partner",),
                name="data_copy_one_at_a_time_for_partner",
                violation_error_message="Their copy is being made already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="datacopy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("partner__isnull", True), ("user__isnull", False)),
                    models.Q(("partner__isnull", False), ("user__isnull", True)),
                    _connector="OR",
                ),
                name="data_copy_of_one_person",
                violation_error_message="Say of whom the copy is.",
            ),
        ),
        migrations.AddConstraint(
            model_name="datacopy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_at__isnull", True), ("taken_by__isnull", True)),
                    models.Q(
                        ("partner__isnull", False),
                        ("taken_at__isnull", False),
                        ("taken_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="data_copy_taken_by_somebody",
                violation_error_message="Say who took the copy, and when.",
            ),
        ),
    ]
