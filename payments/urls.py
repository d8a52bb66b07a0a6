from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [
    path("", views.money, name="money"),
    path("claims/", views.claim_list, name="claims"),
    path("claims/open/", views.open_claim, name="open_claim"),
    path("claims/expenses/", views.open_expenses, name="open_expenses"),
    path("claims/<int:pk>/", views.claim, name="claim"),
    path("claims/<int:pk>/expense/", views.add_expense, name="add_expense"),
    path("claims/<int:pk>/send/", views.submit, name="submit"),
    path("claims/<int:pk>/sent/", views.sent, name="sent"),
    path("claims/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("lines/<int:pk>/remove/", views.remove_line, name="remove_line"),
]
