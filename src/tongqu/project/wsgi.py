"""The web process: ``gunicorn tongqu.project.wsgi``. Long work goes to the queue from here."""

import os

from django.core.wsgi import get_wsgi_application

from tongqu.adapters.jobs.queue import Queue
from tongqu.kernel.jobs import use_runner

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongqu.project.settings")
application = get_wsgi_application()
use_runner(Queue())
