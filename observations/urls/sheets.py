from django.urls import path

from observations.views import sheets, sheets_compared, sheets_submitted

_CLINIC = "observing/<int:pk>/"
_ONE = f"{_CLINIC}<int:number>/"
urlpatterns = [
    path(f"{_CLINIC}sheets/", sheets.own_sheets, name="sheets"),
    path(_ONE, sheets.sheet, name="sheet"),
    path(f"{_CLINIC}check/", sheets_submitted.check_all, name="check_sheets"),
    path(f"{_ONE}check/", sheets_submitted.check_one, name="check_sheet"),
    path(f"{_CLINIC}submitted/", sheets_submitted.done, name="sheets_submitted"),
    path(f"{_ONE}compare/", sheets_compared.compare, name="compare_sheets"),
    path(f"{_ONE}consensus/", sheets_compared.agree, name="consensus"),
]
