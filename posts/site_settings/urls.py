"""Route the addresses of the settings of the site, and of its set-up."""

from django.urls import URLPattern, path

from . import reading, setup, views

urlpatterns: list[URLPattern] = [
    path("", views.edit, name="site-settings"),
    path("preview/", views.preview, name="site-preview"),
    path("preview/<str:values>.css", views.preview_look, name="site-preview-look"),
    path("undo/", views.go_back, name="site-settings-undo"),
    path("setup/", setup.naming, name="site-setup"),
    path("setup/later/", setup.leave_name, name="site-setup-later"),
    path("setup/article/", setup.first_article, name="site-setup-article"),
    path("setup/article/<id:pk>/", reading.read, name="site-setup-reading"),
]
