"""What a WSGI server serves: `gunicorn wsgi:app`, set up by the environment alone."""

import os

from inspect_app.app import create_app
from inspect_app.config import read_settings
from inspect_app.logs import begin_log

settings = read_settings(os.environ)
begin_log(settings)
app = create_app(settings)
