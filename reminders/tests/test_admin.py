"""The queue of messages, and the mail of a demonstration, for coordinators."""

import pytest

from accounts.models import Message
from accounts.tests.factories import ProgrammeFactory, person
from partners.tests.factories import signed_up_partner
from reminders.services import deliver
from reminders.tests.factories import NOW, waiting_message

pytestmark = pytest.mark.django_db
QUEUE = "/admin/accounts/message/"


@pytest.fixture
def cora(client_for, coordinator, now):
    return client_for(coordinator)


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "pcp_portal.mail.FolderBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


def failed(programme, key="note:1"):
    message = waiting_message(key, programme=programme)
    Message.objects.filter(pk=message.pk).update(
        status="failed", attempts=1, error="The mail server refused the message (550)."
    )
    return message


def test_queue_shows_one_state_when_asked(cora, programme):
    waiting_message("note:1", programme=programme, subject="It waits")
    failed(programme, "note:2")

    listed = cora.get(QUEUE, {"status__exact": "waiting"}).context["cl"].result_list

    assert [str(message) for message in listed] == ["It waits"]


def test_message_page_says_why_and_hides_the_link(cora, programme):
    message = failed(programme)
    Message.objects.filter(pk=message.pk).update(link="/account/invitation/opens-a-sign-in/")

    text = cora.get(f"{QUEUE}{message.pk}/change/").content.decode()

    assert "The mail server refused the message (550)." in text
    assert "Your claim is approved. &lt;Thank&gt; you." in text
    assert "opens-a-sign-in" not in text


def test_message_that_failed_is_sent_again(cora, programme):
    message = failed(programme)
    there = f"{QUEUE}{message.pk}/send-again/"

    cora.post(there)
    again = cora.post(there, follow=True)

    message.refresh_from_db()
    assert message.status == "waiting"
    assert "Only a message that could not be sent can be sent again." in again.content.decode()
    assert cora.get(there).status_code == 405


def test_failed_messages_are_on_the_worklist_only_while_there_are_any(cora, programme):
    before = {item.title for item in cora.get("/admin/").context["worklist"]}
    failed(programme)
    after = {item.title: item.count for item in cora.get("/admin/").context["worklist"]}

    assert "message not sent" not in before
    assert after["message not sent"] == 1


def test_messages_of_another_programme_are_not_found(client_for, programme, now):
    message = failed(programme)
    stranger = client_for(person("coordinator", ProgrammeFactory()))

    assert stranger.get(f"{QUEUE}{message.pk}/change/").status_code == 404
    assert stranger.post(f"{QUEUE}{message.pk}/send-again/").status_code == 404
    assert not stranger.get(QUEUE).context["cl"].result_list


@pytest.mark.parametrize("rows", [1, 3])
def test_queue_asks_the_database_as_often_for_one_as_for_three(
    cora, programme, rows, django_assert_num_queries
):
    for number in range(rows):
        waiting_message(f"note:{number}", programme=programme)
    cora.get(QUEUE)

    with django_assert_num_queries(5):
        cora.get(QUEUE)


def test_mail_of_the_demonstration_is_readable(cora, programme, folder):
    waiting_message(programme=programme, subject="Hello <b>Mo</b>")
    deliver(now=NOW)
    [name] = [path.stem for path in folder.iterdir()]

    listed = cora.get("/admin/mail/").content.decode()
    text = cora.get(f"/admin/mail/{name}/").content.decode()

    assert "Hello &lt;b&gt;Mo&lt;/b&gt;" in listed
    assert "Your claim is approved. &lt;Thank&gt; you." in text
    assert '/money/" rel="nofollow"' in text


@pytest.mark.parametrize(
    "name", ["..%2F..%2Fsecret", "..%2Fsecret.eml", "secret", "%2e%2e%2fsecret", "link", "x%00y"]
)
def test_mail_page_opens_nothing_but_mails_of_the_folder(cora, folder, name):
    folder.mkdir()
    (folder.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    (folder / "secret").write_text("Subject: secret\n\nsecret")
    (folder / "link.eml").symlink_to(folder.parent / "secret.eml")

    assert cora.get(f"/admin/mail/{name}/").status_code in {400, 404}


def test_mail_page_is_there_in_a_demonstration_only(cora, folder, settings):
    settings.DEMO = False

    assert cora.get("/admin/mail/").status_code == 404
    assert "/admin/mail/" not in cora.get(QUEUE).content.decode()


def test_mail_and_queue_are_for_coordinators(client_for, programme, folder, now):
    people = [person("finance", programme), signed_up_partner(programme).user]

    for who in people:
        client = client_for(who)
        assert client.get("/admin/mail/").status_code == 403
        assert client.get(QUEUE).status_code in {302, 403}


def test_mail_that_is_damaged_is_shown_as_far_as_it_goes(cora, folder):
    folder.mkdir()
    (folder / "a.eml").write_bytes(b"\xff\xfe\x00no mail at all")
    (folder / "b.eml").write_bytes(
        b"Subject: B\nContent-Type: text/plain; charset=nonsense\n\n\xe4\xff"
    )

    assert cora.get("/admin/mail/").status_code == 200
    assert cora.get("/admin/mail/a/").status_code == 200
    assert cora.get("/admin/mail/b/").status_code == 200
