"""What a program may rely on, whichever database is behind the service."""

from __future__ import annotations

import json

import httpx
import pytest

from detector import Detector, Page
from detector.model.artefact import default_model
from tests.service.conftest import HONEST, Service, scraped

URL = "https://herald.example/news/a"


def test_a_verdict_is_the_librarys_with_an_id(client: httpx.Client, detector: Detector) -> None:
    answer = client.post("/v1/classify", json={"text": scraped(), "url": URL, "id": "p1"})
    assert answer.status_code == 200
    body = answer.json()
    assert len(body.pop("verdict_id")) == 32
    assert body == detector.classify(Page.from_text(scraped(), URL, "p1")).to_dict()
    assert body["flagged"] and body["evidence"]


def test_a_batch_is_answered_in_order(client: httpx.Client) -> None:
    pages = [{"id": str(number), "html": HONEST if number % 2 else ""} for number in range(64)]
    answer = client.post("/v1/classify:batch", json={"pages": pages})
    assert answer.status_code == 200
    found = answer.json()["verdicts"]
    assert [verdict["id"] for verdict in found] == [page["id"] for page in pages]
    assert {verdict["abstained"] for verdict in found[::2]} == {"empty"}


def test_feedback_is_kept_listed_and_taken_back(client: httpx.Client) -> None:
    id = client.post("/v1/classify", json={"text": scraped(), "url": "https://feedback.example/a"}).json()["verdict_id"]
    said = client.post(f"/v1/verdicts/{id}/feedback", json={"label": "clean", "note": "syndicated"}).json()
    assert said["decided"] == "clean" and said["feedback"][0]["note"] == "syndicated"
    listed = client.get("/v1/verdicts", params={"host": "feedback.example", "decided": True}).json()
    assert [verdict["verdict_id"] for verdict in listed["verdicts"]] == [id] and listed["next"] is None
    undone = client.delete(f"/v1/verdicts/{id}/feedback").json()
    assert undone["decided"] is None and undone["feedback"][0]["undone_at"]
    assert client.delete(f"/v1/verdicts/{id}/feedback").status_code == 404
    assert client.get(f"/v1/verdicts/{id}").json() == undone


def test_a_listing_is_walked_page_by_page(client: httpx.Client) -> None:
    ids = [client.post("/v1/classify", json={"html": HONEST, "url": "https://walk.example/"}).json()["verdict_id"] for _ in range(5)]
    seen: list[str] = []
    parameters: dict[str, str | int] = {"host": "walk.example", "limit": 2}
    while True:
        page = client.get("/v1/verdicts", params=parameters).json()
        seen += [verdict["verdict_id"] for verdict in page["verdicts"]]
        if page["next"] is None:
            break
        parameters["before"] = page["next"]
    assert seen == sorted(ids, reverse=True)


@pytest.mark.parametrize(
    ("path", "body", "status", "name"),
    [
        ("/v1/classify", {"html": "a", "text": "b"}, 422, "invalid-request"),
        ("/v1/classify", {}, 422, "invalid-request"),
        ("/v1/classify", {"html": "a", "url": "nul\0"}, 422, "invalid-request"),
        ("/v1/classify:batch", {"pages": [{"html": ""}] * 65}, 422, "invalid-request"),
        (f"/v1/verdicts/{'0' * 32}/feedback", {"label": "clean"}, 404, "no-such-verdict"),
        (f"/v1/verdicts/{'0' * 32}/feedback", {"label": "evil"}, 422, "invalid-request"),
        ("/v1/verdicts/none/feedback", {"label": "clean"}, 422, "invalid-request"),
        ("/v1/elsewhere", {}, 404, "not-found"),
        ("/v1/model", {}, 405, "method-not-allowed"),
    ],
)
def test_what_is_wrong_is_a_problem_that_says_so(client: httpx.Client, path: str, body: dict[str, object], status: int, name: str) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == f"urn:detector:problem:{name}" and problem["status"] == status and problem["title"] and problem["detail"]


def test_broken_json_is_a_problem(client: httpx.Client) -> None:
    answer = client.post("/v1/classify", content='{"html": "é",\n "url": oops}'.encode(), headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    problem = answer.json()
    assert problem["type"] == "urn:detector:problem:broken-json" and "line 2 column 9" in problem["detail"]
    assert (problem["line"], problem["column"]) == (2, 9)


@pytest.mark.parametrize(
    ("path", "body", "pointer", "said"),
    [
        ("/v1/classify", {"html": "a", "url": 1}, "/url", "/url: Input"),
        ("/v1/classify", {"html": "a", "a/b~c": 1}, "/a~1b~0c", "/a~1b~0c: Extra"),
        ("/v1/classify", {}, "", "the body: give exactly one"),
        ("/v1/classify:batch", {"pages": [{"html": "a"}, {"html": 2}]}, "/pages/1/html", "/pages/1/html: Input"),
    ],
)
def test_what_does_not_fit_is_pointed_at_from_the_body(
    client: httpx.Client, path: str, body: dict[str, object], pointer: str, said: str
) -> None:
    problem = client.post(path, json=body).json()
    assert [error["pointer"] for error in problem["errors"]] == [pointer] and problem["detail"].startswith(said)


def test_a_parameter_that_does_not_fit_is_named(client: httpx.Client) -> None:
    problem = client.get("/v1/verdicts", params={"limit": 0}).json()
    assert [error["parameter"] for error in problem["errors"]] == ["limit"] and problem["detail"].startswith("limit: ")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/verdicts/zzz", 404, "There is no verdict of that id; it may be of another store."),
        (f"/verdicts/{'0' * 32}", 404, "There is no verdict of that id; it may be of another store."),
        ("/nowhere", 404, "There is nothing at this address; check how it is written."),
        ("/sign-out", 405, "This address does not take GET."),
        ("/queue?before=zzz", 200, "Queue"),
        (f"/queue?host={'a' * 300}", 200, "No verdict fits."),
    ],
)
def test_a_person_is_told_in_sentences(client: httpx.Client, path: str, status: int, said: str) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == status and answer.headers["content-type"].startswith("text/html")
    assert said in answer.text and "[0-9a-f]" not in answer.text and "should" not in answer.text


def test_a_form_of_another_site_is_refused(client: httpx.Client) -> None:
    assert client.post("/v1/classify", content=b'{"html": ""}', headers={"content-type": "text/plain"}).status_code == 415
    assert client.post("/v1/classify", json={"html": ""}, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post("/v1/classify", json={"html": ""}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    own = str(client.base_url).rstrip("/")
    assert client.post("/v1/classify", json={"html": ""}, headers={"origin": own, "sec-fetch-site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.", ""])
def test_another_name_is_not_answered(client: httpx.Client, host: str) -> None:
    answer = client.get("/healthz", headers={"host": host})
    assert answer.status_code in (400, 421)


def test_the_model_names_its_operating_points_and_their_rates(client: httpx.Client, detector: Detector) -> None:
    model = client.get("/v1/model").json()
    assert model["model"] == detector.model
    assert {name: point["threshold"] for name, point in model["operating_points"].items()} == detector.operating_points
    # What the rates may be is the quality gate's business.
    stored = json.loads((default_model() / "metrics.json").read_text(encoding="utf-8"))["operating_points"]
    rates = {name: point["false_positive_rate"] for name, point in model["operating_points"].items()}
    assert rates == {name: point["false_positive_rate"] for name, point in stored.items()}


def test_health_readiness_and_counts(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "workers": 1}
    client.post("/v1/classify", json={"html": ""})
    text = client.get("/metrics").text
    for name in (
        "detector_pages_total",
        'detector_abstentions_total{reason="empty"}',
        "detector_page_seconds_bucket",
        "detector_queue_pages 0.0",
    ):
        assert name in text


def test_health_and_readiness_answer_head(client: httpx.Client) -> None:
    for path in ("/healthz", "/readyz"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b""), path


def test_the_schema_is_a_route_of_its_own(client: httpx.Client, service: Service) -> None:
    client.get("/openapi.json")
    assert 'detector_requests_total{method="GET",route="/openapi.json",status="200"}' in client.get("/metrics").text
    assert '"route": "/openapi.json"' in "".join(service.log)


def test_a_form_that_cannot_be_read_leaves_no_bare_line_in_the_log(client: httpx.Client, service: Service) -> None:
    answer = client.post("/", content=b"no boundary", headers={"content-type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 400
    client.get("/healthz")
    # The first lines tell where it serves.
    assert '"status": 400' in "".join(service.log)
    assert [line for line in service.log if not line.startswith(("{", "detector: "))] == []


def test_the_schema_offers_the_token_and_says_when_to_come_back(client: httpx.Client) -> None:
    schema = client.get("/openapi.json").json()
    assert schema["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    paths = schema["paths"]
    # On loopback nobody needs it: the empty requirement.
    assert [operation["security"] for path in paths for operation in paths[path].values() if path.startswith("/v1/")] == [
        [{"HTTPBearer": []}, {}]
    ] * 7
    assert "security" not in paths["/healthz"]["get"]
    for path in ("/v1/classify", "/v1/classify:batch"):
        assert paths[path]["post"]["responses"]["429"]["headers"]["Retry-After"]["schema"]["type"] == "integer"


def test_the_log_has_no_word_of_a_page(client: httpx.Client, service: Service) -> None:
    client.post("/v1/classify", json={"text": "unmistakable " * 50, "url": "https://unmistakable.example/", "id": "unmistakable"})
    client.get("/v1/verdicts", params={"host": "unmistakable.example"})
    client.get("/unmistakable")
    client.get("/healthz")
    log = "".join(service.log)
    assert '"route": "/v1/classify"' in log and "unmistakable" not in log


def test_the_schema_has_examples_that_the_service_takes(client: httpx.Client) -> None:
    schema = client.get("/openapi.json").json()
    example = schema["components"]["schemas"]["PageIn"]["examples"][0]
    assert client.post("/v1/classify", json=example).status_code == 200
    example = schema["components"]["schemas"]["BatchIn"]["examples"][0]
    assert client.post("/v1/classify:batch", json=example).status_code == 200
    assert all("summary" in operation for path in schema["paths"].values() for operation in path.values())
