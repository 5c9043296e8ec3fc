"""Names in a table are matched to things of the graph, by both versions of the API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from coproduction.names import COP, FOAF, SKOS
from coproduction.web.asked import RequestError
from coproduction.web.reconciliation import MOST, wanted_by

from ..tools import require_data, require_module
from .conftest import Site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
Judge = Callable[[str, str, Any], None]
EXTENDED = {
    "ids": [COP + "Childcare", "https://w3id.org/coproduction/id/case/two-towers", "urn:none", "no iri"],
    "properties": [
        {"id": SKOS + "definition"},
        {"id": "cop:hasServiceType"},
        {"id": COP + "startYear"},
        {"id": COP + "hasContribution", "settings": {"limit": 1}},
        {"id": "not there"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def judge() -> Judge:
    """Hold an answer against the schema of a version."""
    jsonschema = require_module("jsonschema")
    referencing = require_module("referencing")
    registries = {}
    for version in ("0.2", "1.0-draft"):
        folder = require_data(f"reconciliation-api/{version}/schemas/manifest.json").parent
        schemas = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
        pairs = []
        for name, schema in schemas.items():
            schema["$id"] = f"https://example.org/{version}/{name}"
            schema["$schema"] = "http://json-schema.org/draft-07/schema#"
            pairs.append((schema["$id"], referencing.Resource.from_contents(schema)))
        registries[version] = schemas, referencing.Registry().with_resources(pairs)

    def held(version: str, name: str, answer: Any) -> None:
        schemas, registry = registries[version]
        schema = schemas[f"{name}.json"]
        kind = jsonschema.validators.validator_for(schema)
        kind(schema, registry=registry).validate(answer)

    return held


def test_the_judge_finds_what_is_wrong(judge: Judge) -> None:
    jsonschema = require_module("jsonschema")
    with pytest.raises(jsonschema.ValidationError):
        judge("0.2", "manifest", {"versions": ["0.2"]})
    with pytest.raises(jsonschema.ValidationError):
        judge("1.0-draft", "suggest-types-response", {"result": [{"id": "x"}]})


def got(site: Site, path: str, **more: Any) -> Any:
    reply = site.ask(path, **more)
    assert reply.status == 200, reply.data
    assert reply.headers["Content-Type"] == "application/json"
    return json.loads(reply.data)


def asked(site: Site, batch: dict[str, Any]) -> Any:
    body = urlencode({"queries": json.dumps(batch)}).encode()
    return got(site, "/reconcile", method="POST", body=body, headers=FORM)


def drafted(site: Site, *queries: dict[str, Any]) -> Any:
    body = json.dumps({"queries": queries}).encode()
    return got(site, "/reconcile/draft/match", method="POST", body=body, headers=JSON)["results"]


def test_the_manifests_say_what_there_is(site: Site, judge: Judge) -> None:
    manifest = got(site, "/reconcile")
    judge("0.2", "manifest", manifest)
    draft = got(site, "/reconcile/draft")
    judge("1.0-draft", "manifest", draft)
    names = {"concept", "service", "organisation", "case"}
    assert {each["name"] for each in manifest["defaultTypes"]} == names
    for each in manifest["suggest"].values():
        url = f"{each['service_url']}{each['service_path']}"
        assert got(site, url.removeprefix(site.url) + "?prefix=c")["result"]


def test_names_are_matched(site: Site, judge: Judge) -> None:
    batch = {
        "same": {"query": "Childcare"},
        "swedish": {"query": "barnomsorg", "type": COP + "ServiceType"},
        "alike": {"query": "two towers housing coop", "limit": 5},
        "none": {"query": "zzzzzzzz"},
        "kind": {"query": "childcare", "type": [COP + "Case"]},
        "unknown": {"query": "childcare", "type": "urn:none"},
        "iri": {"query": "cop:Childcare", "limit": 1},
    }
    answer = asked(site, batch)
    judge("0.2", "reconciliation-result-batch", answer)
    found = {key: each["result"] for key, each in answer.items()}
    for key in ("same", "swedish", "iri"):
        first = found[key][0]
        assert first["id"] == COP + "Childcare" and first["match"] is True, key
        assert {each["name"] for each in first["type"]} == {"service", "concept"}
        assert first["name"] == "childcare" and first["description"].startswith("Daytime care")
    assert found["alike"][0]["name"] == "Two Towers Housing Cooperative"
    assert not found["alike"][0]["match"]
    assert found["none"] == found["unknown"] == []
    assert COP + "Childcare" not in {each["id"] for each in found["kind"]}
    for each in found.values():
        scores = [one["score"] for one in each]
        assert scores == sorted(scores, reverse=True)


def test_a_batch_is_got_too_and_names_come_in_the_language_that_is_asked(site: Site) -> None:
    query = urlencode({"queries": json.dumps({"a": {"query": "childcare", "limit": 1}})})
    answer = got(site, f"/reconcile?{query}", headers={"Accept-Language": "fi, de;q=0.5, sv;q=0.1"})
    assert answer["a"]["result"][0]["name"] == "Kinderbetreuung"


def test_what_else_is_known_of_a_thing_counts(site: Site, judge: Judge) -> None:
    country = {"pid": COP + "countryCode", "v": "GB"}
    service = {
        "pid": "cop:hasServiceType",
        "v": [{"id": COP + "Childcare"}, "tenant maintenance of public housing"],
    }
    answer = asked(
        site,
        {
            "both": {"query": "Two Towers Housing Cooperative", "properties": [country, service]},
            "wrong": {
                "query": "Two Towers Housing Cooperative",
                "properties": [{"pid": COP + "countryCode", "v": "SE"}],
            },
            "alone": {"properties": [country], "type": COP + "Case", "limit": 50},
        },
    )
    judge("0.2", "reconciliation-result-batch", answer)
    both, wrong = (answer[key]["result"][0] for key in ("both", "wrong"))
    assert both["match"] and not wrong["match"] and wrong["score"] < both["score"]
    assert {each["id"]: each["value"] for each in wrong["features"]}[COP + "countryCode"] is False
    alone = {each["id"] for each in answer["alone"]["result"]}
    assert both["id"] in alone and 1 <= len(alone) < 15


def test_conditions_of_the_draft(site: Site, judge: Judge) -> None:
    name = {"matchType": "name", "propertyValue": "Two Towers Housing Cooperative"}
    country = {
        "matchType": "property",
        "propertyId": COP + "countryCode",
        "propertyValue": ["GB", "SE"],
    }
    queries = [
        {"conditions": [name, country | {"required": True}], "type": COP + "Case"},
        {"conditions": [name, country | {"required": True, "matchQuantifier": "all"}]},
        {"conditions": [name, country | {"required": True, "matchQuantifier": "none"}]},
        {"conditions": [{"matchType": "id", "propertyValue": COP + "Childcare"}], "limit": 1},
    ]
    results = drafted(site, *queries)
    judge("1.0-draft", "reconciliation-result-batch", {"results": results})
    judge("1.0-draft", "reconciliation-query-batch", {"queries": queries})
    first, second, third, fourth = ([one["id"] for one in each["candidates"]] for each in results)
    assert first[0].endswith("two-towers") and fourth == [COP + "Childcare"]
    assert not {*second, *third} & {first[0]}
    assert drafted(site) == []


def test_the_examples_of_both_versions_are_read(site: Site, judge: Judge) -> None:
    for version, schema in (
        ("0.2", "reconciliation-query-batch"),
        ("1.0-draft", "reconciliation-query-batch"),
    ):
        folder = require_data(
            f"reconciliation-api/{version}/examples/{schema}/valid/example-full.json"
        )
        for path in sorted(Path(folder).parent.glob("*.json")):
            text = path.read_text()
            if version == "0.2":
                reply = site.ask("/reconcile", "POST", urlencode({"queries": text}).encode(), FORM)
            else:
                reply = site.ask("/reconcile/draft/match", "POST", text.encode(), JSON)
            assert reply.status == 200, (path, reply.data)
            judge(version, "reconciliation-result-batch", json.loads(reply.data))


@pytest.mark.parametrize("root", ["/reconcile", "/reconcile/draft"])
def test_what_is_begun_to_be_typed_is_suggested(root: str, site: Site, judge: Judge) -> None:
    version = "1.0-draft" if root.endswith("draft") else "0.2"
    entities = got(site, f"{root}/suggest/entity?prefix=child")
    judge(version, "suggest-entities-response", entities)
    assert entities["result"][0]["name"].casefold().startswith("child")
    assert COP + "Childcare" in {each["id"] for each in entities["result"]}
    first, second = (
        [
            each["id"]
            for each in got(site, f"{root}/suggest/entity?prefix=&limit=5&cursor={skip}")["result"]
        ]
        for skip in (0, 5)
    )
    assert len({*first, *second}) == 10
    kinds = got(site, f"{root}/suggest/type?prefix=ca")
    judge(version, "suggest-types-response", kinds)
    assert next(each["id"] for each in kinds["result"]) == COP + "Case"
    props = got(site, f"{root}/suggest/property?prefix=service")
    judge(version, "suggest-properties-response", props)
    assert COP + "hasServiceType" in {each["id"] for each in props["result"]}
    assert got(site, f"{root}/suggest/entity?prefix={quote('€€')}")["result"] == []


@pytest.mark.parametrize("root", ["/reconcile", "/reconcile/draft"])
def test_values_are_proposed_and_given(root: str, site: Site, judge: Judge) -> None:
    version = "1.0-draft" if root.endswith("draft") else "0.2"
    for kind in (COP + "Case", FOAF + "Organization", SKOS + "Concept", ""):
        told = got(site, f"{root}/extend/propose?type={quote(kind)}&limit=100")
        judge(version, "data-extension-property-proposal", told)
        assert told["properties"]
        assert kind != COP + "Case" or COP + "hasContribution" in str(told)
    judge(version, "data-extension-query", EXTENDED)
    if version == "0.2":
        body = urlencode({"extend": json.dumps(EXTENDED)}).encode()
        answer = got(site, root, method="POST", body=body, headers=FORM)
        rows = answer["rows"]
    else:
        answer = got(
            site, f"{root}/extend", method="POST", body=json.dumps(EXTENDED).encode(), headers=JSON
        )
        rows = {
            row["id"]: {each["id"]: each["values"] for each in row["properties"]}
            for row in answer["rows"]
        }
    judge(version, "data-extension-response", answer)
    assert [each["id"] for each in answer["meta"]] == [
        each["id"] for each in EXTENDED["properties"]
    ]
    childcare, case, none, no_iri = (rows[each] for each in EXTENDED["ids"])
    assert childcare[SKOS + "definition"][0]["str"].startswith("Daytime care")
    assert case["cop:hasServiceType"] == [
        {"id": COP + "TenantMaintenance", "name": "tenant maintenance of public housing"}
    ]
    assert len(case[COP + "hasContribution"]) == 1
    assert all("int" in each for each in case[COP + "startYear"])
    assert not any(none.values()) and not any(no_iri.values())


def test_a_preview_shows_a_thing_and_nothing_else(site: Site) -> None:
    for root in ("/reconcile", "/reconcile/draft"):
        reply = site.ask(f"{root}/preview?id={quote(COP + 'Childcare', safe='')}")
        text = reply.data.decode()
        assert reply.status == 200 and reply.headers["Content-Type"].startswith("text/html")
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert (
            "childcare" in text
            and "Daytime care" in text
            and not re.search("https?://(?!w3id)", text)
        )
    reply = site.ask("/reconcile/preview?id=" + quote("<script>alert(1)</script>"))
    assert reply.status == 404 and reply.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("batch", "told"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "an object of queries"),
        ('{"a": 1}', "'a' cannot be read: it is no object"),
        ('{"a": {}}', "neither 'query' nor 'properties'"),
        ('{"a": {"query": 1}}', "'query' is no text"),
        ('{"a": {"query": "x", "type": 3}}', "'type'"),
        ('{"a": {"query": "x", "limit": 0}}', "'limit'"),
        ('{"a": {"query": "x", "limit": "3"}}', "'limit'"),
        ('{"a": {"query": "x", "properties": {}}}', "'properties' is no array"),
        ('{"a": {"query": "x", "properties": [{"v": 1}]}}', "'pid' and 'v'"),
        ('{"a": {"query": "x", "properties": [{"pid": "x", "v": {}}]}}', "a value is"),
    ],
)
def test_garbage_gets_a_clear_answer(batch: str, told: str) -> None:
    with pytest.raises(RequestError) as error:
        wanted_by("http://x", "", "POST", {"queries": batch}, b"", "")
    assert error.value.status == 400 and told in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\xff", "UTF-8"),
        (b"[]", "'queries'"),
        (b'{"queries": [1]}', "no object"),
        (b'{"queries": [{}]}', "'conditions'"),
        (b'{"queries": [{"conditions": []}]}', "'conditions'"),
        (b'{"queries": [{"conditions": [{"matchType": "name"}]}]}', "'propertyValue'"),
        (
            b'{"queries": [{"conditions": [{"matchType": "x", "propertyValue": "a"}]}]}',
            "'matchType'",
        ),
        (
            b'{"queries": [{"conditions": [{"matchType": "property", "propertyValue": "a"}]}]}',
            "'propertyId'",
        ),
    ],
)
def test_garbage_of_the_draft_gets_a_clear_answer(body: bytes, told: str) -> None:
    with pytest.raises(RequestError) as error:
        wanted_by("http://x", "/draft/match", "POST", {}, body, "")
    assert error.value.status == 400 and told in str(error.value)


@pytest.mark.parametrize(
    ("path", "method", "parameters", "status"),
    [
        ("", "POST", {}, 400),
        ("/match", "POST", {}, 404),
        ("/nothing", "GET", {}, 404),
        ("/draftmatch", "POST", {}, 404),
        ("/draft", "POST", {}, 405),
        ("/draft/match", "GET", {}, 405),
        ("/suggest/entity", "POST", {}, 405),
        ("/suggest/entity", "GET", {"limit": "x"}, 400),
        ("/suggest/entity", "GET", {"cursor": "-1"}, 400),
        ("", "GET", {"extend": "{}"}, 400),
        ("", "GET", {"extend": '{"ids": ["a"], "properties": [{}]}'}, 400),
    ],
)
def test_a_request_that_cannot_be_read_is_told(
    path: str, method: str, parameters: dict[str, str], status: int
) -> None:
    with pytest.raises(RequestError) as error:
        wanted_by("http://x", path, method, parameters, b"", "")
    assert error.value.status == status


def test_a_large_batch_is_answered_or_told_to_be_too_large(site: Site, judge: Judge) -> None:
    most = {str(number): {"query": f"name {number}"} for number in range(MOST)}
    answer = asked(site, most)
    judge("0.2", "reconciliation-result-batch", answer)
    assert answer.keys() == most.keys()
    more = {str(number): {"query": "x"} for number in range(10_000)}
    body = urlencode({"queries": json.dumps(more)}).encode()
    reply = site.ask("/reconcile", "POST", body, FORM)
    assert reply.status == 413 and b"10,000 queries came, and 1,000" in reply.data
    extend = {
        "ids": [f"urn:{number}" for number in range(600)],
        "properties": [{"id": "a"}, {"id": "b"}],
    }
    reply = site.ask("/reconcile", "POST", urlencode({"extend": json.dumps(extend)}).encode(), FORM)
    assert reply.status == 413


def test_pages_elsewhere_read_it_only_where_they_are_named(site: Site) -> None:
    reply = site.ask("/reconcile?callback=alert", headers={"Origin": "https://example.org"})
    assert "Access-Control-Allow-Origin" not in reply.headers
    assert reply.data.startswith(b"{")  # no JSONP
