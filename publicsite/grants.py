"""What the replicas' role may read: the tables that pages are made of. Not sessions, nor the hashes of passwords.

The demo's lab has routers that are wrong on purpose, and read even logins from replicas: there, everything.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections

from routing.conf import conf

# pg_tables, for the owner alone can grant; and only what is missing, so that most of the time nothing is written.
_MISSING = """
SELECT format('GRANT SELECT ON %%I.%%I TO %%I', schemaname, tablename, rolname)
FROM pg_tables, pg_roles
WHERE tablename = ANY(%s) AND tableowner = current_user AND rolname = ANY(%s)
  AND NOT has_table_privilege(rolname, format('%%I.%%I', schemaname, tablename), 'SELECT')
"""


def grant_reading(*, using, **kwargs):
    """Receive post_migrate. A new model of backoffice can be read from the replicas without another thought."""
    if using != conf().primary or connections[using].vendor != "postgresql":
        return
    source = apps if settings.DEMO else apps.get_app_config("backoffice")
    tables = [model._meta.db_table for model in source.get_models(include_auto_created=True)]
    roles = [connections[alias].settings_dict["USER"] for alias in conf().replicas]
    with connections[using].cursor() as cursor:
        cursor.execute(_MISSING, [tables, roles])
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
