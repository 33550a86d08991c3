"""The database refuses UPDATE, DELETE and TRUNCATE on the trail."""

from django.db import migrations

from tongqu.audit.append_only import install, uninstall


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: install(editor.connection),
            lambda apps, editor: uninstall(editor.connection),
        )
    ]
