"""A model field whose column is encrypted, and which fields those are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from . import ciphers as encryption

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


class Ciphertext(str):
    """What the column holds."""

    __slots__ = ()


class EncryptedAttribute(DeferredAttribute):
    """Decrypts when it is read first: a list of rows costs nothing, and a row that cannot be read can still be saved."""

    field: "EncryptedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Ciphertext):
            value = instance.__dict__[self.field.attname] = self.field.decrypted(instance, value)
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(_TextField):
    """Text that is encrypted in the database, for its own row only: `bound_to` names the field that says whose it is.

    That field is known before the row is saved, and never changes. "" and NULL stay what they are. Rows are saved to
    encrypt; `update()` with a text, and looking for one, are refused. Dumps of Django's leave it out.
    """

    descriptor_class = EncryptedAttribute

    def __init__(self, *args: Any, bound_to: str, **kwargs: Any) -> None:
        self.bound_to = bound_to
        super().__init__(*args, **{**kwargs, "serialize": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "bound_to": self.bound_to}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_bound_to()]

    def _check_bound_to(self) -> list[checks.CheckMessage]:
        try:
            self.model._meta.get_field(self.bound_to)
        except FieldDoesNotExist:
            return [checks.Error(f"bound_to names no field: {self.bound_to!r}", obj=self, id="core.E001")]
        return []

    def context_of(self, instance: models.Model) -> str:
        """Where the text belongs."""
        bound_to = self.model._meta.get_field(self.bound_to)
        assert isinstance(bound_to, models.Field)  # noqa: S101  # `check` looked
        owner = bound_to.value_from_object(instance)
        return f"{self.model._meta.label_lower}.{self.name}:{owner}"

    def encrypted(self, instance: models.Model, text: str) -> Ciphertext:
        """The text as the row's column holds it."""
        return Ciphertext(encryption.encrypt(text, context=self.context_of(instance)))

    def decrypted(self, instance: models.Model, stored: str) -> str:
        """What the row's column says. Raises CannotDecrypt."""
        return encryption.decrypt(stored, context=self.context_of(instance))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        return self.encrypted(model_instance, value) if value and not isinstance(value, Ciphertext) else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return Ciphertext(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        if value and not isinstance(value, Ciphertext):
            raise ValueError(f"{self.name} is encrypted when its row is saved, and cannot be looked for")
        return value and str(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Nothing can be asked of it but whether it is there."""
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None


def encrypted_fields() -> Iterator[EncryptedTextField]:
    """Every encrypted field of every installed model: what is rotated, and what tests look at."""
    for model in apps.get_models(include_auto_created=True):
        yield from (field for field in model._meta.local_fields if isinstance(field, EncryptedTextField))
