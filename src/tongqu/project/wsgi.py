"""The web process: ``gunicorn tongqu.project.wsgi``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongqu.project.settings")
application = get_wsgi_application()
