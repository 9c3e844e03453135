"""What the resuming downloader tells, and that it does not believe a short answer. See also test_retrieval.py."""

import requests

from offshell.datasets.download import resuming_downloader


class Answers:
    """A server that forgets to break the connection: each answer is shorter than it says, but for the last."""

    def __init__(self, content, lengths):
        self.content, self.lengths = content, lengths

    def get(self, _url, *, headers, **_options):
        start = int(headers.get("Range", "bytes=0-")[6:-1])
        response = requests.Response()
        response.status_code = 206 if start else 200
        response.headers["Content-Length"] = str(len(self.content) - start)
        response.headers["Content-Range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        block = self.content[start : start + self.lengths.pop(0)]
        response.iter_content = lambda _size: iter([block])
        response.close = lambda: None
        return response


def test_what_is_there_and_what_there_will_be_is_told_across_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(requests, "get", Answers(b"0123456789", [4, 3, 3]).get)
    told = []
    download = resuming_downloader(
        tmp_path / "part", on_progress=lambda arrived, total: told.append((arrived, total))
    )
    download("http://toy", str(tmp_path / "whole"), None)
    assert told == [(4, 10), (7, 10), (10, 10)]
    assert (tmp_path / "whole").read_bytes() == b"0123456789"
    assert not (tmp_path / "part").exists()
