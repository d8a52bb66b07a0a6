from django.urls import path

from reminders import views

app_name = "reminders"
urlpatterns = [
    path("mail/", views.demo_mails, name="demo_mails"),
    path("mail/<str:name>/", views.demo_mail, name="demo_mail"),
]
