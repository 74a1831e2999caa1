"""Addresses of second factors: our image, and allauth's pages."""

from allauth.mfa import urls as allauth_urls
from django.urls import include, path

from ..reauthentication.routes import guarded
from . import views

own = ([path("totp/qr/", views.qr, name="qr")], "second-factor")

urlpatterns = [
    path("", include(own)),
    path("", include(guarded(allauth_urls.urlpatterns))),
]
