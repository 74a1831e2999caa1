"""Serve the bare site by ASGI."""

from django.core.asgi import get_asgi_application

from . import bare

application = get_asgi_application()
urlpatterns = bare.urlpatterns
