from django.apps import AppConfig


class WorkflowTestsConfig(AppConfig):
    """Two small models to try `workflow` on; installed by settings.test only."""

    name = "workflow.tests"
    label = "workflow_tests"
