from django.urls import URLPattern, path

from partners.views import learning

urlpatterns: list[URLPattern] = [
    path("learning/", learning.learning, name="learning"),
    path("learning/<int:pk>/", learning.learning_item, name="learning_item"),
    path("learning/<int:pk>/did-it/", learning.did_it, name="did_it"),
    path("learning/sessions/<int:pk>/book/", learning.book, name="book"),
    path("learning/sessions/<int:pk>/give-back/", learning.give_back, name="give_back"),
    path(
        "learning/places/<int:pk>/reflect/",
        learning.reflect_on_learning,
        name="reflect_on_learning",
    ),
]
