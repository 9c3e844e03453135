"""Public files are downloaded, resumed and checked, against a server on this machine."""

import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from offshell.datasets import catalog, download
from offshell.datasets.catalog import DataFile, DataSet
from offshell.datasets.retrieval import fetch
from offshell.errors import InputError

CONTENT = bytes(range(256)) * 4000  # 1 MB, sixteen blocks


def checksum(content):
    return f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"


class Zenodo(BaseHTTPRequestHandler):
    """A record of one file; the connection can break, and ranges can be unknown."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        settings = self.server.settings
        address = urlsplit(self.path).path
        if address.startswith("/api/records/"):
            self.answer(200, settings["api"])
        elif settings["status"] != 200:
            self.answer(settings["status"], b"")
        else:
            self.send_file(settings)

    def send_file(self, settings):
        content = settings["content"]
        start = int(re.sub(r"\D", "", self.headers.get("Range", "") or "0"))
        settings["starts"].append(start)
        if start and settings["ranges"]:
            if start >= len(content):
                self.answer(416, b"", ("Content-Range", f"bytes */{len(content)}"))
                return
            self.answer(
                206, content[start:], ("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            )
        else:
            self.answer(200, content)

    def answer(self, status, body, *headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for header in headers:
            self.send_header(*header)
        self.end_headers()
        breaks = self.server.settings["breaks"]
        sent = (
            breaks.pop(0)
            if breaks and status in {200, 206} and body is not self.server.settings["api"]
            else None
        )
        self.wfile.write(body[:sent])
        self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    """What the server does; `starts` is where each download was asked to start."""
    api = {"files": [{"key": "file.h5", "checksum": checksum(CONTENT), "size": len(CONTENT)}]}
    settings = {"content": CONTENT, "breaks": [], "ranges": True, "status": 200, "starts": []}
    settings["api"] = json.dumps(api).encode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Zenodo)
    server.settings = settings
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setattr("offshell.datasets.zenodo.ADDRESS", f"http://127.0.0.1:{server.server_port}")
    yield settings
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def toy(monkeypatch):
    """A data set whose file has a checksum in the catalog, and one without."""
    common = {"title": "toy", "record": 7, "license": "CC0-1.0", "citation": "none"}
    pinned = DataFile("file.h5", checksum(CONTENT), len(CONTENT))
    monkeypatch.setitem(catalog.CATALOG, "pinned", DataSet(**common, files=(pinned,)))
    monkeypatch.setitem(catalog.CATALOG, "unpinned", DataSet(**common, files=(DataFile("file.h5"),)))
    monkeypatch.setitem(catalog.CATALOG, "missing", DataSet(**common, files=(DataFile("other.h5"),)))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def refusal(name, folder):
    with pytest.raises(InputError) as refused:
        fetch(name, folder=folder)
    message = str(refused.value)
    assert "\n" not in message
    assert "Expected: " in message
    assert "Received: " in message
    return message


@pytest.mark.usefixtures("server")
def test_a_file_is_fetched_and_nothing_else_left(tmp_path):
    path = tmp_path / "pinned" / "file.h5"
    assert fetch("pinned", folder=str(tmp_path)) == [path]
    assert path.read_bytes() == CONTENT
    assert names(path.parent) == ["file.h5"]
    (tmp_path / "plain").touch()
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_what_is_there_is_not_fetched_again(server, tmp_path, capfd):
    fetch("pinned", folder=tmp_path)
    assert "file.h5" in capfd.readouterr().err
    fetch("pinned", folder=tmp_path)
    assert server["starts"] == [0]
    assert capfd.readouterr() == ("", "")


def test_what_is_there_but_wrong_is_fetched_again(server, tmp_path):
    (path,) = fetch("pinned", folder=tmp_path)
    path.write_bytes(CONTENT[:-1])
    fetch("pinned", folder=tmp_path)
    assert path.read_bytes() == CONTENT
    assert server["starts"] == [0, 0]


def test_a_broken_connection_is_taken_up_where_it_broke(server, tmp_path):
    server["breaks"] = [300_000, 300_000]
    (path,) = fetch("pinned", folder=tmp_path)
    assert path.read_bytes() == CONTENT
    first, second, third = server["starts"]
    assert first < second < third
    assert second > 200_000


def test_a_download_that_failed_goes_on_the_next_time(server, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_ATTEMPTS", 1)
    server["breaks"] = [300_000]
    message = refusal("pinned", tmp_path)
    assert "broke off" in message
    assert "run the same again" in message
    assert names(tmp_path / "pinned") == ["file.h5.part"]
    (path,) = fetch("pinned", folder=tmp_path)
    assert path.read_bytes() == CONTENT
    assert names(path.parent) == ["file.h5"]
    assert server["starts"][1] > 200_000


def test_a_server_that_sends_nothing_new_is_given_up(server, tmp_path):
    server["breaks"] = [0] * 20
    assert "broke off" in refusal("pinned", tmp_path)
    assert server["starts"] == [0]


def test_a_server_without_ranges_sends_everything_again(server, tmp_path):
    server["ranges"] = False
    server["breaks"] = [300_000]
    (path,) = fetch("pinned", folder=tmp_path)
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("length", [len(CONTENT), len(CONTENT) + 5])
def test_a_part_that_is_complete_or_too_long(server, tmp_path, length):
    (tmp_path / "pinned").mkdir()
    (tmp_path / "pinned" / "file.h5.part").write_bytes((CONTENT + bytes(5))[:length])
    (path,) = fetch("pinned", folder=tmp_path)
    assert path.read_bytes() == CONTENT
    assert server["starts"] == ([length] if length == len(CONTENT) else [length, 0])


def test_a_wrong_checksum_is_refused_and_nothing_kept(server, tmp_path):
    server["content"] = CONTENT[::-1]
    assert f"Expected: {checksum(CONTENT)}" in refusal("pinned", tmp_path)
    assert names(tmp_path / "pinned") == []


def test_a_part_of_another_file_is_not_taken_for_right(server, tmp_path):
    (tmp_path / "pinned").mkdir()
    (tmp_path / "pinned" / "file.h5.part").write_bytes(bytes(1000))
    assert "wrong checksum" in refusal("pinned", tmp_path)
    (path,) = fetch("pinned", folder=tmp_path)
    assert path.read_bytes() == CONTENT
    assert server["starts"] == [1000, 0]


def test_a_checksum_that_is_not_in_the_catalog_is_asked_for_once(server, tmp_path):
    fetch("unpinned", folder=tmp_path)
    assert names(tmp_path / "unpinned") == ["file.h5", "file.h5.checksum"]
    server["api"] = b"gone"
    fetch("unpinned", folder=tmp_path)
    assert server["starts"] == [0]


def test_a_published_checksum_is_held_against_the_file(server, tmp_path):
    server["content"] = CONTENT[::-1]
    assert "wrong checksum" in refusal("unpinned", tmp_path)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [(b"<html>", "not a record"), (b"{}", "no checksums"), (b'{"files": [{}]}', "no checksums")],
)
def test_without_a_checksum_nothing_is_fetched(server, tmp_path, answer, complaint):
    server["api"] = answer
    assert complaint in refusal("unpinned", tmp_path)
    assert server["starts"] == []


@pytest.mark.usefixtures("server")
def test_a_record_without_the_file_says_what_it_has(tmp_path):
    assert "Expected: other.h5. Received: file.h5" in refusal("missing", tmp_path)


@pytest.mark.parametrize("status", [404, 429, 503])
def test_a_refusal_of_the_server(server, tmp_path, status):
    server["status"] = status
    assert f"status {status}" in refusal("pinned", tmp_path)


@pytest.mark.parametrize("name", ["pinned", "unpinned"])
def test_without_a_network_the_simulation_is_offered(tmp_path, monkeypatch, name):
    monkeypatch.setattr("offshell.datasets.zenodo.ADDRESS", "http://127.0.0.1:9")
    message = refusal(name, tmp_path)
    assert "no connection" in message
    assert "offshell simulate events background" in message


def test_an_unknown_name(tmp_path):
    assert "Received: 'adc2022'" in refusal("adc2022", tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    assert "Cannot write to" in refusal("pinned", tmp_path / "file")
