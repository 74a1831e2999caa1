"""URLs of signing up and in, and of one's own account."""

from allauth.account import urls as allauth_urls
from django.urls import URLPattern, URLResolver, include, path

from . import views
from .reauthentication.routes import guarded
from .restoring import views as restoring
from .signing_up.views import sign_up

people: tuple[list[URLPattern | URLResolver], str] = (
    [
        path("me/account/", views.account, name="account"),
        path("me/handle/", views.handle, name="handle"),
        path("", include("accounts.admission.urls")),
        path("restoration/<str:token>/", restoring.restoration, name="restoration"),
    ],
    "people",
)

urlpatterns = [
    path("accounts/2fa/", include("accounts.second_factor.urls")),
    path("accounts/signup/", sign_up, name="account_signup"),
    path("accounts/", include(guarded(allauth_urls.urlpatterns))),
    path("", include(people)),
]
