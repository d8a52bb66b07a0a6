from django.urls import path

from partners.views import support

urlpatterns = [
    path("how-it-is-going/", support.check_ins, name="check_ins"),
    path("concerns/", support.concerns, name="concerns"),
    path("concerns/raise/", support.raise_concern, name="raise_concern"),
    path("concerns/<int:pk>/", support.concern, name="concern"),
    path("concerns/<int:pk>/seen/", support.take_up_concern, name="take_up_concern"),
    path("concerns/<int:pk>/close/", support.close_concern, name="close_concern"),
]
