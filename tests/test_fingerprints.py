"""A file of the user is known again by its size and its content."""

from hashlib import blake2b

import pytest

from offshell.errors import InputError
from offshell.samples import fingerprints
from offshell.samples.fingerprints import fingerprint
from offshell.samples.samples import Sample


def test_closed_form(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    assert fingerprint(path) == (3, blake2b(b"[3]abc", digest_size=16).hexdigest())


@pytest.mark.parametrize("place", [0, 5, 9, 10, 24])
def test_every_byte_of_a_small_file_counts(place, tmp_path, monkeypatch):
    monkeypatch.setattr(fingerprints, "_BLOCK", 10)
    path, content = tmp_path / "file", bytearray(range(25))
    path.write_bytes(content)
    before = fingerprint(path)
    content[place] ^= 1
    path.write_bytes(content)
    assert fingerprint(path) != before


def test_of_a_large_file_the_first_and_the_last_block_are_read_and_no_more_than_the_most(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(fingerprints, "_BLOCK", 10)
    monkeypatch.setattr(fingerprints, "_MOST_BLOCKS", 4)
    path, content = tmp_path / "file", bytes(range(95))
    path.write_bytes(content)
    read = list(fingerprints._blocks(path, len(content), most=4))
    assert [block[0] for block in read] == [0, 30, 60, 90]
    assert read[-1] == content[90:]


def test_a_copy_is_the_same_and_a_longer_one_is_not(tmp_path):
    for name, content in (("a", b"x" * 100), ("b", b"x" * 100), ("c", b"x" * 101)):
        (tmp_path / name).write_bytes(content)
    a, b, c = (fingerprint(tmp_path / name) for name in "abc")
    assert a == b != c


def test_of_a_folder_all_its_parquet_files_count(tmp_path):
    for name in ("MET/0.parquet", "jets/0.parquet"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"1234")
    before = fingerprint(tmp_path)
    (tmp_path / "README").write_text("of no matter")
    assert fingerprint(tmp_path) == before
    (tmp_path / "jets/0.parquet").write_bytes(b"1235")
    assert fingerprint(tmp_path) != before
    assert before.size == 8


def test_a_file_that_is_gone(tmp_path):
    with pytest.raises(InputError, match=r"Cannot read .*gone\.h5"):
        fingerprint(tmp_path / "gone.h5")


def test_another_file_of_the_same_name_is_refused(tmp_path):
    path = tmp_path / "data.h5"
    path.write_bytes(b"mine")
    known = fingerprint(path)
    assert Sample("data", path, "events", known=known).fingerprint == known
    path.write_bytes(b"your")
    for read in (lambda s: s.fingerprint, lambda s: s.read(0, 1), lambda s: s.provide(1), lambda s: s.origin):
        with pytest.raises(InputError, match=r"not the file that the run was made from\. Expected: 4 bytes"):
            read(Sample("data", path, "events", known=known))


def test_a_file_that_has_moved_is_asked_for(tmp_path):
    path = tmp_path / "data.h5"
    path.write_bytes(b"mine")
    known = fingerprint(path)
    path.unlink()
    with pytest.raises(
        InputError, match=r"no such file; if it has moved, write its new place into recipe\.toml"
    ):
        Sample("data", path, "events", known=known).read(0, 1)
