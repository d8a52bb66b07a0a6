from django.urls import path

from assignments.views import offers as views

urlpatterns = [
    path("places/", views.places, name="places"),
    path("places/<int:pk>/", views.place, name="place"),
    path("offers/<int:pk>/", views.offer, name="offer"),
    path("offers/<int:pk>/accept/", views.accept_offer, name="accept_offer"),
    path("offers/<int:pk>/stand-in/", views.stand_in, name="stand_in"),
    path("offers/<int:pk>/decline/", views.decline_offer, name="decline_offer"),
    path("offers/<int:pk>/give-back/", views.give_back, name="give_back"),
]
