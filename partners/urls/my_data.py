from django.urls import path

from partners.views import leaving, my_data

urlpatterns = [
    path("me/data/", my_data.my_data, name="my_data"),
    path("me/data/copy/", my_data.ask_data_copy, name="ask_data_copy"),
    path("me/data/copy/<int:pk>/", my_data.copy, name="data_copy"),
    path("me/data/copy/<int:pk>/progress/", my_data.copy_progress, name="data_copy_progress"),
    path("me/data/copy/<int:pk>/download/", my_data.copy_file, name="data_copy_file"),
    path("me/data/put-right/", my_data.ask_correction, name="ask_correction"),
    path("me/leaving/", leaving.leaving_page, name="leaving"),
    path("me/leaving/leave/", leaving.leave, name="leave"),
    path("me/leaving/stay/", leaving.stay, name="stay"),
    path("me/leaving/erase/", leaving.erase_now, name="erase_now"),
]
