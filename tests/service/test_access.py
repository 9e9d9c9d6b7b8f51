"""Who may ask for what, and from where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.conftest import HONEST, TOKEN, Service, running, scraped


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    token: Path = tmp_path_factory.mktemp("token") / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    with running("--workers", 1, "--token-file", token, "--allow-host", "review.example") as service:
        yield service


def csrf_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def test_without_the_token_nothing_but_health_is_answered(guarded: Service) -> None:
    with guarded.client() as client:
        for path in ("/v1/verdicts", "/v1/model", "/metrics", f"/v1/verdicts/{'0' * 32}"):
            answer = client.get(path)
            assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer", path
        assert client.post("/v1/classify", json={"html": HONEST}).status_code == 401
        assert client.post("/", data={"body": "x"}).status_code == 403
        assert client.get("/").headers["location"] == "/sign-in?back=%2F"
        assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    for token in ("wrong", TOKEN[:-1], TOKEN + "x", "é" * 20):
        with guarded.client() as client:
            assert client.get("/v1/model", headers={"authorization": f"Bearer {token}".encode()}).status_code == 401


def test_with_the_token_a_program_is_answered(guarded: Service) -> None:
    with guarded.client(TOKEN) as client:
        id = client.post("/v1/classify", json={"text": scraped()}).json()["verdict_id"]
        said = client.post(f"/v1/verdicts/{id}/feedback", json={"label": "spam"}).json()
        assert said["feedback"][0]["reviewer"] == "api"
        assert client.get("/healthz", headers={"host": "review.example:8443"}).status_code == 200
        assert client.get("/healthz", headers={"host": "other.example"}).status_code == 421


def test_a_browsers_cookie_alone_changes_nothing(guarded: Service) -> None:
    with guarded.client() as client:
        client.post("/sign-in", data={"name": "Ada", "token": TOKEN})
        csrf = csrf_of(client.get("/").text)
        assert client.get("/v1/model").status_code == 200
        assert client.post("/v1/classify", json={"html": HONEST}).status_code == 403
        assert client.post("/v1/classify", json={"html": HONEST}, headers={"x-csrf-token": "0" * 64}).status_code == 403
        assert client.post("/v1/classify", json={"html": HONEST}, headers={"x-csrf-token": csrf}).status_code == 200
        assert client.post("/", data={"body": scraped()}).status_code == 403
        assert client.post("/", data={"body": scraped(), "csrf": csrf}).status_code == 200


def test_a_session_that_was_made_up_is_none(guarded: Service) -> None:
    with guarded.client() as client:
        client.post("/sign-in", data={"name": "Ada", "token": TOKEN})
        name = f"detector_session_{client.base_url.port}"
        session = client.cookies[name]
    for made_up in ("", "x", "x.y", session[:-1] + ("0" if session[-1] != "0" else "1"), "A" + session, "é.é"):
        with guarded.client() as client:
            assert client.get("/v1/model", headers={"cookie": f"{name}={made_up}".encode()}).status_code == 401


def test_sessions_of_two_ports_of_a_host_leave_each_other_alone(guarded: Service) -> None:
    """Browsers send a host's cookies to all of its ports."""
    names = []
    for host in ("localhost:8000", "localhost:8001", "localhost", "[::1]", "localhost:x"):
        with guarded.client() as client:
            answer = client.post("/sign-in", data={"name": "Ada", "token": TOKEN}, headers={"host": host})
            assert answer.status_code == 303
            names += client.cookies.keys()
            assert client.get("/v1/model", headers={"host": host}).status_code == 200
    assert names == ["detector_session_8000", "detector_session_8001", *["detector_session"] * 3]


def test_the_schema_asks_for_the_token(guarded: Service) -> None:
    with guarded.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    assert paths["/v1/model"]["get"]["security"] == paths["/metrics"]["get"]["security"] == [{"HTTPBearer": []}]


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "/a\r\nset-cookie: x=1"])
def test_signing_in_leads_to_this_service_only(guarded: Service, back: str) -> None:
    with guarded.client() as client:
        answer = client.post("/sign-in", data={"name": "Ada", "token": TOKEN, "back": back})
        assert answer.status_code == 303 and answer.headers["location"] == "/"


def test_what_was_submitted_is_kept_only_with_a_store(guarded: Service, tmp_path: Path) -> None:
    with guarded.client(TOKEN) as client:
        id = client.post("/v1/classify", json={"text": scraped()}).json()["verdict_id"]
        shown = client.get(f"/verdicts/{id}").text
        assert "The text was not kept" in shown and "the hallway of the Chilean Embassy" not in shown
    with running("--workers", 1, "--store", tmp_path / "store.db") as service, service.client() as client:
        id = client.post("/v1/classify", json={"text": scraped()}).json()["verdict_id"]
        assert "the hallway of the Chilean Embassy" in client.get(f"/verdicts/{id}").text
    with running("--workers", 1, "--store", tmp_path / "store.db", "--keep-days", 0) as service, service.client() as client:
        assert "The text is kept no longer" in client.get(f"/verdicts/{id}").text
