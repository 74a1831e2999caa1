"""Addresses of second factors: our image, and allauth's pages."""

from django.urls import include, path

from . import views

own = ([path("totp/qr/", views.qr, name="qr")], "second-factor")

urlpatterns = [
    path("", include(own)),
    path("", include("allauth.mfa.urls")),
]
