"""The shape of everything sealed: a header byte, a nonce and AES-256-GCM, bound to where it belongs."""

import os
from enum import IntEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onward.core.errors import BadInput, BrokenPromise, message

KEY_BYTES = 32
NONCE_BYTES = 12
SEALED_MOST = 10 * 1024 * 1024
"""Bytes that may be sealed at once: a receipt file, 10 MiB."""

_PAD_TO = 32
_PAD_MARK = b"\x80"
_LEAST = 1 + NONCE_BYTES + 16


class Kind(IntEnum):
    """The header byte. The high half is the format's version, the low half says what is inside."""

    TEXT = 0x11
    BYTES = 0x12
    DATA_KEY = 0x13
    RING_KEY = 0x14


class SealBroken(BrokenPromise):
    """What was sealed was altered, cut short, or belongs to another case or purpose."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "seal.broken",
            message("What is kept at %(place)s cannot be opened: it was altered, or it was moved from elsewhere."),
            remedy=message("Tell whoever runs this installation; do not overwrite it."),
            values={"place": place},
        )


def lock(cipher: AESGCM, kind: Kind, place: str, plain: bytes) -> bytes:
    """Seal bytes under a cipher: header, 12 random bytes of nonce, ciphertext with its 16-byte tag.

    place: where it belongs, such as "<key id>:<purpose>"; it is authenticated with the header and not stored
    (NIST SP 800-38D, additional authenticated data), so that a value moved elsewhere does not open.
    """
    nonce = os.urandom(NONCE_BYTES)
    return bytes((kind,)) + nonce + cipher.encrypt(nonce, plain, _bound_to(kind, place))


def unlock(cipher: AESGCM, kind: Kind, place: str, sealed: bytes) -> bytes:
    """The bytes that `lock` sealed under the same cipher, kind and place; SealBroken for anything else."""
    if len(sealed) < _LEAST or sealed[0] != kind:
        raise SealBroken(place)
    try:
        return cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], _bound_to(kind, place))
    except InvalidTag:
        raise SealBroken(place) from None


def padded(text: str) -> bytes:
    """Text as UTF-8, filled up to a multiple of 32 bytes, so that a sealed "no" is as long as a sealed "declined".

    The filling is a mark and zeros (ISO/IEC 7816-4:2020). BadInput for text that UTF-8 cannot carry.
    """
    try:
        marked = text.encode() + _PAD_MARK
    except UnicodeEncodeError:
        # The exception itself quotes the text: it is not chained.
        raise BadInput(
            "seal.text_unreadable",
            message("The text holds half a character that cannot be stored."),
            remedy=message("Type it again, or leave out the unusual character."),
        ) from None
    return marked.ljust(-(-len(marked) // _PAD_TO) * _PAD_TO, b"\0")


def unpadded(plain: bytes) -> str:
    """The text that `padded` filled up."""
    return plain.rstrip(b"\0")[: -len(_PAD_MARK)].decode()


def require_sealable(size: int) -> None:
    """BadInput when `size` bytes are more than may be sealed at once."""
    if size > SEALED_MOST:
        raise BadInput(
            "seal.too_large",
            message("This is %(size)s MB; at most %(most)s MB can be kept."),
            remedy=message("Make the file smaller, or take a picture with fewer details."),
            values={"size": -(-size // 1_000_000), "most": SEALED_MOST // 1_000_000},
        )


def _bound_to(kind: Kind, place: str) -> bytes:
    return (chr(kind) + place).encode()
