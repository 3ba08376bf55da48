"""Centres, accounts, memberships."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from onward.core.actor import Role


class Centre(models.Model):
    """A sending centre. place_key: where it stands (data/places.csv). zone: IANA. currency: of its books.

    bed_sentence: the operator's own signed words on what saying no means for a bed, by language ({"en": "..."});
    bed_sentence_signed_by and _on: who signed, when (P2).
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    place_key = models.SlugField()
    zone = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    phone = models.CharField(max_length=40)
    stop_codes = models.JSONField(default=list)
    bed_sentence = models.JSONField(default=dict)
    bed_sentence_signed_by = models.CharField(max_length=120, blank=True)
    bed_sentence_signed_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_account(self, email: str, name: str, password: str, **fields: Any) -> "Account":
        """A new account with a hashed password."""
        account = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A member of staff. language: of their pages."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_username(self) -> str:
        """The address the account signs in with."""
        return self.email


class Membership(models.Model):
    """What an account may do at one centre."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "centre", "role"], name="accounts_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} at {self.centre_id}"
