"""Calls of OpenAI, Anthropic and Gemini under one decision, and answers of all three in the same words.

In: a ``Decision`` and what to send, or a response that somebody else got. Out: an ``Answer``, and one ``Event`` per
attempt, handed to whoever writes events. The official SDKs are imported when a call is made and not before; their own
retries and continuations are off, so that every request that is billed is an event. Prompts and answers are passed on,
never kept. Keys come from the environment or a keyring, and go nowhere but to the SDK.
"""

from __future__ import annotations

from engine.telemetry.providers.caller import ON_TRUNCATION, Answer, Caller, Plan
from engine.telemetry.providers.clock import Clock
from engine.telemetry.providers.escalation import Escalation, escalate
from engine.telemetry.providers.failure import CallFailed, Failure, FailureKind
from engine.telemetry.providers.keys import Key, find_key
from engine.telemetry.providers.own_call import OwnCall
from engine.telemetry.providers.reading import read_reply
from engine.telemetry.providers.recording import Labels, Recorder, event_of
from engine.telemetry.providers.reply import Reply, Usage
from engine.telemetry.providers.request import CallRequest
from engine.telemetry.providers.rules import Service, Wire, service_of, wire_of
from engine.telemetry.providers.sending import EFFORTS, Adapter, Sending, adapter_for

__all__ = [
    "EFFORTS",
    "ON_TRUNCATION",
    "Adapter",
    "Answer",
    "CallFailed",
    "CallRequest",
    "Caller",
    "Clock",
    "Escalation",
    "Failure",
    "FailureKind",
    "Key",
    "Labels",
    "OwnCall",
    "Plan",
    "Recorder",
    "Reply",
    "Sending",
    "Service",
    "Usage",
    "Wire",
    "adapter_for",
    "escalate",
    "event_of",
    "find_key",
    "read_reply",
    "service_of",
    "wire_of",
]
