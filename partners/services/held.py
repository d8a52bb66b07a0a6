"""Whose each row is: the ways from every model of the portal to a person.

Found by following the keys in the registry of models: apps above this one are taken in without
being imported, and so is a model that somebody adds tomorrow.
"""

from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from pghistory.models import Event

from accounts.models import Message, User
from accounts.privacy import Sensitivity
from accounts.retention import Keep
from partners.models import Partner, StoredFile

Model = type[models.Model]
Ways = dict[Model, str]

# A key to a sign-in says whose a row is when it has one of these names; by any other (approved_by,
# author, lead) somebody did something to a row that is another's.
OF_ITS_PERSON = frozenset(
    {
        "user",
        "recipient",
        "voter",
        "raised_by",
        "proposed_by",
        "given_by",
        "written_by",
        "person",
        "clinician",
    }
)
# Where somebody looked at the work of one of these, the row is theirs who looked.
_LOOKED_AT = "clinician"
# By these a row names another than whose it is, who is not to know: it goes with them too, and is
# in no copy of theirs.
OF_ANOTHER = frozenset({"with_partner", "with_person"})
# What its author wrote for nobody else.
IN_CONFIDENCE: dict[str, frozenset[str]] = {"partners.CheckIn": frozenset({"private"})}


def our_models() -> list[Model]:
    """Every model of which an app of ours says how telling its fields are; no audit rows."""
    return [
        model
        for model in apps.get_models()
        if not issubclass(model, Event) and model.__name__ in _table(model, "privacy")
    ]


def _table(model: Model, name: str) -> dict[str, Any]:
    try:
        table: dict[str, Any] = import_module(f"{model._meta.app_config.name}.{name}").FIELDS
    except (ImportError, AttributeError):
        return {}
    return table


@cache
def told_by(model: Model) -> dict[str, Sensitivity]:
    """What each field of `model` says about a person."""
    fields: dict[str, Sensitivity] = _table(model, "privacy")[model.__name__]
    return fields


@cache
def verdicts(model: Model) -> dict[str, Keep]:
    """Until when each field of `model` is kept."""
    by_verdict = _table(model, "retention")[model.__name__]
    return {field: keep for keep, fields in by_verdict.items() for field in fields.split()}


def verdict(model: Model) -> Keep:
    """Until when a row of `model` is kept: the verdict on its key."""
    return verdicts(model)[model._meta.pk.name]


# --- Ways ----------------------------------------------------------------------------------------


def _keys(model: Model) -> list[Any]:
    keys = (field for field in model._meta.concrete_fields if field.remote_field)
    return sorted(keys, key=lambda field: field.name == _LOOKED_AT)


def _leads(field: Any, first: Model) -> bool:
    """The key says whose the row is: straight, or through a row that it belongs to."""
    if field.remote_field.model is first:
        is_own = first is Partner and field.name not in OF_ANOTHER
        return is_own or field.name in OF_ITS_PERSON
    goes_along = field.remote_field.on_delete is models.CASCADE
    return field.name == "subject" or field.one_to_one or goes_along


def _ways(first: Model) -> Ways:
    found: Ways = {first: "pk"}
    further = found
    while further:
        further = {}
        for model in our_models():
            for field in _keys(model):
                way = found.get(field.remote_field.model)
                if way and model not in found | further and _leads(field, first):
                    further[model] = field.name if way == "pk" else f"{field.name}__{way}"
        found = found | further
    return found


@cache
def ways_to_partner() -> Ways:
    """Of each model whose rows are a partner's, the way there, such as `contribution__partner`."""
    return _ways(Partner)


@cache
def ways_to_user() -> Ways:
    """Of each model whose rows are of somebody who signs in, the way there; partners' not."""
    return {
        model: way
        for model, way in _ways(User).items()
        if model is not Partner and (model not in ways_to_partner() or _of_either(model, way))
    }


def _of_either(model: Model, way: str) -> bool:
    """Rows of it are a partner's or, where that key is empty, somebody's who signs in."""
    to_partner = (key for key in _keys(model) if key.remote_field.model is Partner)
    return "__" not in way and any(key.null for key in to_partner)


@cache
def ways_of_another(first: Model) -> Ways:
    """Of each model whose rows name `first` (partners, or sign-ins) as another, the way there."""
    return {
        model: field.name
        for model in our_models()
        for field in _keys(model)
        if field.remote_field.model is first and field.name in OF_ANOTHER
    }


@cache
def shared_with_partner() -> Ways:
    """Of each model whose rows are about several people's, the way there through many-to-many."""
    mine = ways_to_partner()
    return {
        model: f"{field.name}__{mine[field.remote_field.model]}"
        for model in our_models()
        if model not in mine
        for field in model._meta.many_to_many
        if field.remote_field.model in mine
    }


@cache
def acts() -> dict[Model, tuple[str, ...]]:
    """Of each model, the keys that say who did something to a row."""
    return {
        model: names
        for model in our_models()
        if (
            names := tuple(
                field.name
                for field in _keys(model)
                if field.remote_field.model is User and field.name not in OF_ITS_PERSON | OF_ANOTHER
            )
        )
    }


@cache
def events_of(model: Model) -> Model | None:
    """The audit of `model`."""
    audits: list[Any] = [one for one in apps.get_models() if issubclass(one, Event)]
    of_model = (one for one in audits if one._meta.get_field("pgh_obj").related_model is model)
    return next(of_model, None)


def files_of(model: Model) -> tuple[str, ...]:
    """The keys of `model` to a file that goes with its row."""
    return tuple(field.name for field in _keys(model) if field.remote_field.model is StoredFile)


# --- Rows ----------------------------------------------------------------------------------------


def rows_of(user: User | None, partner: Partner | None = None) -> dict[Model, QuerySet[Any]]:
    """Every row that is somebody's: of their sign-in and all the partners they are.

    Of one partner with `partner`: then, of a sign-in, what is not another programme's.
    """
    found: dict[Model, Q] = {}
    for model, way in {**ways_to_partner(), **shared_with_partner()}.items():
        if partner is not None:
            found[model] = Q(**{way: partner.pk})
        elif user is not None:
            to_user = "user" if way == "pk" else f"{way}__user"
            found[model] = Q(**{to_user: user})
    if user is not None:
        for model, way in ways_to_user().items():
            mine = Q(**{way: user.pk})
            if partner is not None and any(key.name == "programme" for key in _keys(model)):
                mine &= Q(programme=partner.programme_id)
            found[model] = found[model] | mine if model in found else mine
    whole: dict[Model, QuerySet[Any]] = {
        model: model._default_manager.filter(mine) for model, mine in found.items()
    }
    for model in shared_with_partner().keys() & whole.keys():
        whole[model] = whole[model].distinct()
    if user is None and partner is not None:
        whole[Message] = messages_to(partner)
    return whole


def messages_to(partner: Partner) -> QuerySet[Any]:
    """Messages to a partner's address that no sign-in stands behind."""
    address = partner.email or "-"
    rows: QuerySet[Any] = Message.objects.filter(
        programme=partner.programme_id, recipient__isnull=True, to_address__iexact=address
    )
    return rows
