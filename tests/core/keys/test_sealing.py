"""What is sealed opens for its own case and purpose, and for nothing else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.core.errors import BadInput, BrokenPromise
from onward.core.keys import SEALED_MOST, KeyGone, KeyId, KeyMissing, KeyRing, SealBroken
from tests.core.keys.world import NOW, PASSPHRASE, new_ring, refusal


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return new_ring(tmp_path_factory.mktemp("ring"))


@pytest.fixture(scope="module")
def case(ring: KeyRing) -> KeyId:
    return ring.new_key(now=NOW)


@given(text=st.text())
def test_any_text_comes_back_as_it_was_sealed(ring: KeyRing, case: KeyId, text: str) -> None:
    assert ring.unseal(case, "person.name", ring.seal(case, "person.name", text)) == text


@pytest.mark.parametrize("text", ["", "\0", "a\0\0", "\x80", "x" * 31, "x" * 32, "🧳" * 400, "مريم"])
def test_text_that_looks_like_padding_comes_back_whole(ring: KeyRing, case: KeyId, text: str) -> None:
    assert ring.unseal(case, "wish", ring.seal(case, "wish", text)) == text


@given(content=st.binary(max_size=200))
def test_any_bytes_come_back_as_they_were_sealed(ring: KeyRing, case: KeyId, content: bytes) -> None:
    assert ring.unseal_bytes(case, "receipt", ring.seal_bytes(case, "receipt", content)) == content


def test_the_length_of_what_is_sealed_does_not_tell_no_from_declined(ring: KeyRing, case: KeyId) -> None:
    lengths = {len(ring.seal(case, "need", answer)) for answer in ("", "no", "yes", "unknown", "declined")}
    assert lengths == {1 + 12 + 32 + 16}


def test_the_same_text_is_never_sealed_to_the_same_bytes(ring: KeyRing, case: KeyId) -> None:
    assert len({ring.seal(case, "person.name", "Ana") for _ in range(100)}) == 100


def test_what_is_sealed_does_not_hold_the_text(ring: KeyRing, case: KeyId) -> None:
    assert b"Esperanza" not in ring.seal(case, "person.name", "Esperanza")


def test_a_sealed_field_moved_to_another_case_does_not_open(ring: KeyRing, case: KeyId) -> None:
    sealed = ring.seal(case, "person.name", "Ana")
    with pytest.raises(SealBroken) as refused:
        ring.unseal(ring.new_key(now=NOW), "person.name", sealed)
    assert isinstance(refused.value, BrokenPromise)


def test_a_sealed_field_moved_to_another_purpose_does_not_open(ring: KeyRing, case: KeyId) -> None:
    sealed = ring.seal(case, "person.name", "Ana")
    with pytest.raises(SealBroken):
        ring.unseal(case, "contact.name", sealed)


def test_a_sealed_text_does_not_open_as_a_file(ring: KeyRing, case: KeyId) -> None:
    with pytest.raises(SealBroken):
        ring.unseal_bytes(case, "wish", ring.seal(case, "wish", "Montréal"))


def test_every_byte_of_a_sealed_field_is_guarded(ring: KeyRing, case: KeyId) -> None:
    sealed = ring.seal(case, "wish", "Montréal")
    for at in range(len(sealed)):
        altered = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(SealBroken):
            ring.unseal(case, "wish", altered)


@pytest.mark.parametrize("kept", [0, 1, 12, 28, 60])
def test_a_sealed_field_cut_short_does_not_open(ring: KeyRing, case: KeyId, kept: int) -> None:
    with pytest.raises(SealBroken):
        ring.unseal(case, "wish", ring.seal(case, "wish", "Montréal")[:kept])


def test_a_field_read_back_as_a_memoryview_opens(ring: KeyRing, case: KeyId) -> None:
    sealed = memoryview(ring.seal(case, "wish", "Montréal"))
    assert ring.unseal(case, "wish", sealed) == "Montréal"
    assert ring.unseal_many([(case, "wish", sealed)]) == ["Montréal"]


def test_a_receipt_of_the_largest_size_is_sealed_and_one_byte_more_refused(ring: KeyRing, case: KeyId) -> None:
    largest = b"\xff" * SEALED_MOST
    assert ring.unseal_bytes(case, "receipt", ring.seal_bytes(case, "receipt", largest)) == largest
    with refusal(BadInput, "seal.too_large") as refused:
        ring.seal_bytes(case, "receipt", largest + b"\xff")
    assert "at most 10 MB" in str(refused.value)


def test_half_a_character_is_refused_without_quoting_the_text(ring: KeyRing, case: KeyId) -> None:
    with refusal(BadInput, "seal.text_unreadable") as refused:
        ring.seal(case, "person.name", "Esperanza \ud800")
    assert "Esperanza" not in str(refused.value) + repr(refused.value.values)
    assert refused.value.__cause__ is None


def test_a_field_without_a_purpose_is_refused(ring: KeyRing, case: KeyId) -> None:
    with pytest.raises(ValueError, match="purpose"):
        ring.seal(case, "", "Ana")


def test_many_fields_are_unsealed_in_their_order_with_none_for_erased_cases(tmp_path: Path) -> None:
    ring = new_ring(tmp_path)
    cases = [ring.new_key(now=NOW) for _ in range(4)]
    fields = [
        (case, purpose, ring.seal(case, purpose, f"{purpose} {n}"))
        for n, case in enumerate(cases)
        for purpose in ("person.name", "wish")
    ]
    ring.destroy(cases[1], legal_holds=(), now=NOW)
    expected = ["person.name 0", "wish 0", None, None, "person.name 2", "wish 2", "person.name 3", "wish 3"]
    assert ring.unseal_many(fields) == expected
    fresh = KeyRing.open(tmp_path / "keys", PASSPHRASE)
    assert fresh.unseal_many(fields) == expected
    assert fresh.unseal_many(fields[::-1]) == expected[::-1]
    assert fresh.unseal_many([]) == []


def test_one_altered_field_among_many_is_not_passed_over(ring: KeyRing, case: KeyId) -> None:
    sealed = ring.seal(case, "wish", "Montréal")
    with pytest.raises(SealBroken):
        ring.unseal_many([(case, "wish", sealed), (case, "wish", sealed[:-1] + b"\0\0")])


def test_more_cases_than_stay_open_in_memory_are_all_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onward.core.keys.ring.OPENED_MOST", 3)
    ring = new_ring(tmp_path)
    cases = [ring.new_key(now=NOW) for _ in range(10)]
    fields = [(case, "wish", ring.seal(case, "wish", case)) for case in cases]
    assert [ring.unseal(*field) for field in fields] == cases == ring.unseal_many(fields)
    assert len(ring._opened._keys) == 3


def test_a_key_the_store_never_held_is_a_fault_and_no_erasure(ring: KeyRing) -> None:
    stranger = KeyId("0" * 32)
    with pytest.raises(KeyMissing) as refused:
        ring.unseal(stranger, "wish", b"\x11" * 60)
    assert not isinstance(refused.value, KeyGone)
    with pytest.raises(KeyMissing):
        ring.destroy(stranger, legal_holds=(), now=NOW)
