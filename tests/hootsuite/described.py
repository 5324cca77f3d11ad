"""The requests that postcheck makes, as an OpenAPI document: written from what Hootsuite publishes of them, and no more
than that."""

from __future__ import annotations

from typing import Any


def _parameter(name: str, where: str, kind: str, *, required: bool = True, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "required": required, "schema": {"type": kind, **more}}


def _answers(data: Any) -> dict[str, Any]:
    """With what the data looks like, by an example."""
    return {
        "200": {"description": "Done", "content": {"application/json": {"example": {"data": data}}}},
        "400": {"description": "Refused", "content": {"application/json": {"example": {"errors": []}}}},
    }


def _get(data: Any, *parameters: dict[str, Any]) -> dict[str, Any]:
    return {"get": {"parameters": list(parameters), "responses": _answers(data)}}


def _decision(*required: str) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": {
            "sequenceNumber": {"type": "integer"},
            "reviewerType": {"type": "string", "enum": ["EXTERNAL", "MEMBER"]},
            "reason": {"type": "string", "minLength": 1},
        },
    }
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"post": {"parameters": [_ID], "requestBody": body, "responses": _answers({})}}


_ID = _parameter("id", "path", "string")
_MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
_MESSAGE = {
    "id": "4138476039",
    "state": "PENDING_APPROVAL",
    "text": "Leaf Day is Saturday.",
    "socialProfile": {"id": "115185509"},
    "sequenceNumber": 1,
}
_ACTION = {
    "actorType": "MEMBER",
    "actorId": "12345678",
    "actionType": "CREATE",
    "timestamp": "2027-02-15T18:51:13.000Z",
}
_TOKEN = {
    "type": "object",
    "required": ["grant_type", "code", "redirect_uri"],
    "properties": {name: {"type": "string"} for name in ("grant_type", "code", "redirect_uri", "code_verifier")},
}
DESCRIPTION: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "What postcheck asks of Hootsuite", "version": "1"},
    "components": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "app": {"type": "http", "scheme": "basic"},
        }
    },
    "security": [{"token": []}],
    "paths": {
        "/oauth2/token": {
            "post": {
                "security": [{"app": []}],
                "requestBody": {
                    "required": True,
                    "content": {"application/x-www-form-urlencoded": {"schema": _TOKEN}},
                },
                "responses": {
                    "200": {
                        "description": "Done",
                        "content": {
                            "application/json": {
                                "example": {"access_token": "a", "refresh_token": "r", "expires_in": 3599}
                            }
                        },
                    }
                },
            }
        },
        "/v1/messages": _get(
            [_MESSAGE],
            _parameter("startTime", "query", "string", pattern=_MOMENT),
            _parameter("endTime", "query", "string", pattern=_MOMENT),
            _parameter("state", "query", "string", required=False, enum=["PENDING_APPROVAL"]),
            _parameter("limit", "query", "integer", required=False, maximum=100),
            _parameter("cursor", "query", "string", required=False),
            _parameter("includeUnscheduledReviewMsgs", "query", "boolean", required=False),
        ),
        "/v1/messages/{id}": _get(_MESSAGE, _ID),
        "/v1/messages/{id}/history": _get({"actions": [_ACTION]}, _ID),
        "/v1/messages/{id}/approve": _decision("sequenceNumber"),
        "/v1/messages/{id}/reject": _decision("sequenceNumber", "reason"),
        "/v1/socialProfiles": _get([{"id": "115185509", "type": "FACEBOOKPAGE", "socialNetworkUsername": "Parks"}]),
        "/v1/me": _get({"id": "15240789"}),
        "/v1/members/{id}": _get({"id": "15240789", "fullName": "Jo Creator"}, _ID),
        "/v1/media/{id}": _get({"id": "bWVkaWE=", "state": "READY", "downloadUrl": "https://static.example/a"}, _ID),
    },
}
