"""Route what browsers fetch of the site profile: its style sheet and its manifest."""

from django.urls import path

from . import views

app_name = "publication"
urlpatterns = [
    path("look/<slug:digest>.css", views.sheet, name="look"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
