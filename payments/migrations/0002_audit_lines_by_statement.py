import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0001_initial'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='claimline',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='claimline',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='claimline',
            name='delete_delete',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "payments_claimlineevent" ("amount", "claim_id", "contribution_id", "description", "donated", "expense_id", "happened_on", "id", "minutes", "partner_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate_id", "run_id", "voided_at") SELECT new_values."amount", new_values."claim_id", new_values."contribution_id", new_values."description", new_values."donated", new_values."expense_id", new_values."happened_on", new_values."id", new_values."minutes", new_values."partner_id", new_values."percent", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."rate_id", new_values."run_id", new_values."voided_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='25eeeda7ec12d953f7e73d02b7a9e1f4ec97c801', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4b3a2', referencing='REFERENCING NEW TABLE AS new_values ', table='payments_claimline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "payments_claimlineevent" ("amount", "claim_id", "contribution_id", "description", "donated", "expense_id", "happened_on", "id", "minutes", "partner_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate_id", "run_id", "voided_at") SELECT new_values."amount", new_values."claim_id", new_values."contribution_id", new_values."description", new_values."donated", new_values."expense_id", new_values."happened_on", new_values."id", new_values."minutes", new_values."partner_id", new_values."percent", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."rate_id", new_values."run_id", new_values."voided_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a7052a7c0ba8a5302eee1aeeaa3d1ddf64c4f43c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_fa368', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='payments_claimline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "payments_claimlineevent" ("amount", "claim_id", "contribution_id", "description", "donated", "expense_id", "happened_on", "id", "minutes", "partner_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rate_id", "run_id", "voided_at") SELECT old_values."amount", old_values."claim_id", old_values."contribution_id", old_values."description", old_values."donated", old_values."expense_id", old_values."happened_on", old_values."id", old_values."minutes", old_values."partner_id", old_values."percent", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."rate_id", old_values."run_id", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b7fcaad3bb8da8d1ecaddf30ac8050237c7cc6d1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e0396', referencing='REFERENCING OLD TABLE AS old_values ', table='payments_claimline', when='AFTER')),
        ),
    ]
