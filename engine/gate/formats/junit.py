"""The verdict as JUnit XML, as CI systems read it: a test case for each rule that holds, and for each violation."""

from __future__ import annotations

from xml.etree import ElementTree

from engine.gate.formats.names import in_xml
from engine.gate.verdict import Verdict, Violation
from engine.visible import display_path


def write(verdict: Verdict) -> str:
    """Write one test suite. A rule that only warns is a skipped case, since the format knows no warnings."""
    suite = ElementTree.Element("testsuite", name="packsight check")
    failures = skipped = cases = 0
    for outcome in verdict.outcomes:
        if not outcome.violations:
            cases += 1
            _case(suite, outcome.rule.kind.key, outcome.rule.demand)
        for found in outcome.violations:
            cases += 1
            subject = f": {display_path(found.subject)}" if found.subject else ""
            case = _case(suite, outcome.rule.kind.key, outcome.rule.demand + subject)
            if outcome.rule.severity == "error":
                failures += 1
                failure = ElementTree.SubElement(case, "failure", type=outcome.rule.kind.key)
                failure.set("message", in_xml(found.message))
                failure.text = in_xml(_details(found))
            else:
                skipped += 1
                ElementTree.SubElement(case, "skipped", message=in_xml(f"warning: {found.message}"))
    suite.attrib |= {"tests": str(cases), "failures": str(failures), "errors": "0", "skipped": str(skipped)}
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _case(suite: ElementTree.Element, kind: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=f"packsight.{kind}", name=in_xml(name))


def _details(found: Violation) -> str:
    lines = [found.message, f"fix: {found.remedy}"]
    lines += [f"{total.tokens:,} {display_path(total.path)}" for total in found.contributors]
    lines += [f"why: {found.rule.why}"] if found.rule.why else []
    return "\n".join(lines)
