"""Make the province of the browser tests in an installation of its own, and describe it.

``python -m tests.e2e.prepare``: run as a process with its own ``TONGQU_HOME``, so that the
tests talk to a real server over a real database and to nothing else.
"""

import json
import os
import sys
from pathlib import Path


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongqu.project.settings"
    import django

    django.setup()
    from tongqu.project import installation

    installation.prepare()
    from tests.e2e import province

    made = province.make()
    made["sessions"] = {username: _session(username) for username in made["people"]}
    Path(sys.argv[1]).write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")


def _session(username: str) -> str:
    from django.test import Client

    from tongqu.identity.models import Person

    client = Client()
    client.force_login(
        Person.objects.get(username=f"demo-{username}"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return str(client.cookies["sessionid"].value)


if __name__ == "__main__":
    main()
