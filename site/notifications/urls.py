"""Addresses of following."""

from django.urls import path

from .following import mail_views, views

app_name = "following"
urlpatterns = [
    path("follow/asked/", mail_views.asked, name="asked"),
    path("follow/confirm/<str:token>/", mail_views.confirm, name="confirm"),
    path("follow/by-mail/<str:signed>/", mail_views.by_mail_list, name="by-mail"),
    path("follow/<slug:target>/<id:pk>/", views.follow, name="follow"),
    path("follow/<slug:target>/<id:pk>/<slug:detail>/", views.follow, name="follow"),
    path("me/following/", views.mine, name="mine"),
    path("me/following/<id:pk>/end/", views.end, name="end"),
    path("me/following/<id:pk>/end/undo/", views.end_undo, name="end-undo"),
]
