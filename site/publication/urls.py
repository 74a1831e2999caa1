"""Route the style sheet of the site profile."""

from django.urls import path

from . import views

app_name = "publication"
urlpatterns = [path("look/<slug:digest>.css", views.sheet, name="look")]
