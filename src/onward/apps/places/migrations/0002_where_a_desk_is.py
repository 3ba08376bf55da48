"""Where the door of a receiving desk is; not known for those there are."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("places", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(model_name="receivingplace", name="lat", field=models.FloatField(null=True)),
        migrations.AddField(model_name="receivingplace", name="lon", field=models.FloatField(null=True)),
    ]
