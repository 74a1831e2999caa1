"""Addresses of mail: of its settings, and of the links in it."""

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("me/notifications/settings/", views.mail_settings, name="mail-settings"),
    path("me/notifications/settings/address/", views.address_again, name="mail-address-again"),
    path("mail/<str:token>/", views.stop, name="mail-stop"),
]
