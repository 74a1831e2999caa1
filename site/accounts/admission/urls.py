"""Route the addresses of invitation links; `accounts.urls` includes them in its namespace."""

from django.urls import path

from . import views

urlpatterns = [
    path("settings/site/invitations/", views.invitations, name="invitations"),
    path("settings/site/invitations/<id:pk>/revocation/", views.revocation, name="revocation"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
