"""Route the addresses of the settings of the site."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.edit, name="site-settings"),
    path("preview/", views.preview, name="site-preview"),
    path("preview/<str:values>.css", views.preview_look, name="site-preview-look"),
    path("undo/", views.go_back, name="site-settings-undo"),
]
