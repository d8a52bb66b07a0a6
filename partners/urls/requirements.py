from django.urls import URLPattern, path

from partners.views import requirements

urlpatterns: list[URLPattern] = [
    path("in-place/", requirements.requirements, name="requirements"),
    path("in-place/<int:pk>/", requirements.requirement, name="requirement"),
    path("in-place/<int:pk>/accept/", requirements.accept_agreement, name="accept_agreement"),
    path("in-place/<int:pk>/show/", requirements.show_requirement, name="show_requirement"),
    path("in-place/files/<int:pk>/", requirements.requirement_file, name="requirement_file"),
]
