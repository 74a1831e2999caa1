"""URLs of signing up and in, and of one's own account."""

from django.urls import include, path

from . import views

people = ([path("me/handle/", views.handle, name="handle")], "people")

urlpatterns = [
    path("accounts/2fa/", include("accounts.second_factor.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("", include(people)),
]
