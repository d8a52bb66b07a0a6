from django.urls import path

from partners.views import stories

urlpatterns = [
    path("me/stories/", stories.own_stories, name="stories"),
    path("me/stories/add/", stories.add_story, name="add_story"),
    path("me/stories/<int:pk>/", stories.story, name="story"),
    path("me/stories/<int:pk>/change/", stories.change_story, name="change_story"),
    path("me/stories/<int:pk>/reading/", stories.story_reading, name="story_reading"),
    path("me/stories/<int:pk>/where/", stories.story_consents, name="story_consents"),
    path("me/stories/<int:pk>/withdraw/", stories.withdraw_story, name="withdraw_story"),
    path("me/stories/<int:pk>/bring-back/", stories.bring_back_story, name="bring_back_story"),
    path("me/stories/stop/<int:pk>/", stories.stop_story_use, name="stop_story_use"),
    path("stories/", stories.story_bank, name="story_bank"),
    path("stories/<int:pk>/", stories.read_story, name="read_story"),
]
