from django.urls import path

from partners.views import needs, profile

urlpatterns = [
    path("me/", profile.profile, name="profile"),
    path("me/seen/", profile.what_others_see, name="what_others_see"),
    path("me/name/", profile.change_name, name="change_name"),
    path("me/contact/", profile.change_contact, name="change_contact"),
    path("me/access/", needs.access, name="access"),
    path("me/access/words/", needs.change_access, name="change_access"),
    path("me/access/add/", needs.add_need, name="add_need"),
    path("me/access/<int:pk>/", needs.change_need, name="change_need"),
    path("me/access/<int:pk>/remove/", needs.remove_need, name="remove_need"),
    path("me/access/<int:pk>/still-right/", needs.review_need, name="review_need"),
    path("me/days/", profile.change_availability, name="change_availability"),
    path("me/pace/", profile.change_pace, name="change_pace"),
    path("me/away/", profile.pauses, name="pauses"),
    path("me/away/add/", profile.add_pause, name="add_pause"),
    path("me/away/<int:pk>/end/", profile.end_pause, name="end_pause"),
    path("me/away/<int:pk>/remove/", profile.remove_pause, name="remove_pause"),
    path("me/emergency/", profile.emergency, name="emergency"),
    path("me/emergency/remove/", profile.remove_emergency, name="remove_emergency"),
]
