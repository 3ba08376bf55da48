"""The key ring: personal fields sealed under a key per case, kept in a store of their own."""

from onward.core.keys.envelope import SEALED_MOST, SealBroken
from onward.core.keys.ring import KeyRing
from onward.core.keys.ring_file import PASSPHRASE_LEAST, RFC_9106_SECOND, Cost
from onward.core.keys.store import Destruction, KeyGone, KeyId, KeyMissing, KeyStore

__all__ = [
    "PASSPHRASE_LEAST",
    "RFC_9106_SECOND",
    "SEALED_MOST",
    "Cost",
    "Destruction",
    "KeyGone",
    "KeyId",
    "KeyMissing",
    "KeyRing",
    "KeyStore",
    "SealBroken",
]
