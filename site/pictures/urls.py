"""Route the files of pictures. In production the web server has them (deploy/nginx.conf)."""

from django.urls import path

from . import views

app_name = "pictures"
urlpatterns = [path("media/<str:name>", views.picture, name="picture")]
