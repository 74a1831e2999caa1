"""Route the page of the admins about articles by mail, and the webhooks of the provider."""

from django.urls import path

from . import views

app_name = "deliverability"
urlpatterns = [
    path("settings/articles/", views.articles, name="articles"),
    path("settings/articles/pause/", views.pause, name="pause"),
    path("settings/articles/pause/<id:pk>/end/", views.go_on, name="go-on"),
    path("webhooks/mail/", views.webhook, name="webhook"),
]
