"""The queue of messages: what people were told, what waits, and what could not be sent."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.admin_site import ScopedAdmin, Waits, column
from accounts.models import Message, Role
from accounts.querysets import programmes_of
from reminders import rules, services


@admin.register(Message)
class MessageAdmin(ScopedAdmin):
    """Messages of the programmes one coordinates. Their links stay hidden: some open a sign-in."""

    list_display = (
        "subject",
        column("to_name", "to"),
        "status",
        column("due_at", "goes out"),
        column("sent_at", "sent"),
        column("attempts", "tries"),
    )
    list_filter = ("status",)
    search_fields = ("to_name", "subject")
    search_help_text = "Search by who it is for, or the subject"
    ordering = ("-due_at", "-pk")
    change_list_template = "admin/reminders/messages.html"

    def get_urls(self) -> list[URLPattern]:
        again = self.page(self.send_again)
        own = [path("<int:pk>/send-again/", again, name="accounts_message_send_again")]
        return own + super().get_urls()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {**(extra_context or {}), "title": "Messages", "is_demo": settings.DEMO}
        )

    def record(self, request: HttpRequest, message: Message) -> HttpResponse:
        """What a message says, and what became of it."""
        return render(
            request,
            "admin/reminders/message.html",
            self.context(
                request,
                title=message.subject,
                message=message,
                may_send_again=rules.may_send_again(request.user, message),
            ),
        )

    def send_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a message that failed back into the queue."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found = self.found(request, pk)
        try:
            services.send_again(message=found, by=request.user, now=timezone.now())
        except services.MessageError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, "It is in the queue again and goes out within seconds.")
        return redirect("admin:accounts_message_change", found.pk)


@admin.site.waits
def waiting(user: Any) -> list[Waits]:
    """Messages that could not be sent."""
    if not programmes_of(user, Role.COORDINATOR):
        return []
    failed = Message.objects.visible_to(user).filter(status=Message.Status.FAILED)
    return [
        Waits(
            rows=failed,
            one="message not sent",
            many="messages not sent",
            url=f"{reverse('admin:accounts_message_changelist')}?status__exact=failed",
            sentence="The mail server refused them. Check the address, or ring.",
        )
    ]
