"""`coproduction export`: all graphs in scope in one file."""

from __future__ import annotations

import click

from ..errors import DataError
from ..files.endings import forms_of
from ..messages import counted
from .answers import write_bytes, write_text
from .options import force_option, lang_option, output_option, scope_options
from .progress import working
from .scope import Scope, check_output, open_graph
from .telling import note, tell

_FORMS = ("ttl", "owl", "nt", "nq", "jsonld", "trig", "graphml")


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMS),
    help="ttl, owl (RDF/XML, OWL 2 DL), nt, jsonld, trig and nq (graphs kept apart) or graphml; "
    "by default what the ending of FILE says, else ttl.",
)
@click.option(
    "--as",
    "form_of",
    type=click.Choice(("cases", "cpsv-ap", "skos", "roles", "terms", "cube")),
    help="cases: a case sheet (-o FILE.xlsx or .csv); cpsv-ap: the catalogues that were loaded, "
    "as they came, with what was coded (Turtle); skos: the value lists as SKOS concept schemes "
    "(Turtle); roles: the scheme of roles for cv:role (SKOS); terms: the reference of all terms "
    "(-o FILE.md or .html); cube: how many cases have which values, as RDF Data Cubes of the W3C "
    "(Turtle).",
)
@lang_option
@output_option
@force_option
@scope_options
def export(
    form: str | None,
    form_of: str | None,
    lang: str,
    output: str | None,
    force: bool,
    scope: Scope,
) -> None:
    """Write all graphs in scope, merged without imports; or the cases as a sheet.

    A FILE that exists is replaced, but a sheet of cases, which people fill in, only with --force.
    """
    check_output(output, scope.data, scope.store)
    if form_of == "cases":
        _write_cases(form, lang, output, force, scope)
        return
    if form_of == "terms":
        from ..export.reference_forms import FORMS, reference

        if form is not None:
            raise DataError("--as terms takes -o FILE.md or -o FILE.html, and no --format")
        (page, *_) = forms_of(output, None, tuple(FORMS)) or ("md",)
        write_text(reference(open_graph(scope).store, page, lang), output)
        return
    if form_of is not None:
        forms_of(output, form, ("ttl",))
    if form not in (None, "ttl") and form_of is not None:
        raise DataError(f"--as {form_of} is written as Turtle: leave --format {form} out")
    if form_of == "cpsv-ap":
        from ..export.cpsv_ap import export_catalogue

        text, services, enriched = export_catalogue(open_graph(scope).store)
        write_text(text, output)
        tell(f"{counted(services, 'service')}, {enriched:,} with what was coded")
        return
    if form_of == "roles":
        from ..export.cpsv_ap import role_scheme

        write_text(role_scheme(), output)
        return
    if form_of == "skos":
        write_bytes(open_graph(scope).export(form_of), output)
        return
    if form_of == "cube":
        from ..export.data_cube import cubes_of

        data, left_out = cubes_of(open_graph(scope).store)
        write_bytes(data, output)
        for each in left_out:
            note(each)
        return
    (chosen, *_) = forms_of(output, form, _FORMS) or ("ttl",)
    with working("writing the graphs"):
        data = open_graph(scope).export(chosen)
    write_bytes(data, output)


def _write_cases(
    form: str | None, lang: str, output: str | None, force: bool, scope: Scope
) -> None:
    """Write the cases in scope as a case sheet, and tell what a sheet cannot say."""
    from ..export.case_sheet import interpreted_cases, write_cases
    from ..files.output import check_writable

    if output is None or form is not None:
        raise DataError("--as cases takes -o FILE.xlsx or -o FILE.csv, and no --format")
    check_writable(output, force=force)
    store = open_graph(scope).store
    count = write_cases(store, output, lang, force=force)
    tell(f"{output}: {counted(count, 'case')}")
    interpreted = interpreted_cases(store)
    if interpreted:
        tell(
            f"coproduction: {counted(interpreted, 'case')} with interpreted values: a sheet "
            "cannot say so, nor the source of one value; loaded from it they count as stated "
            "(export RDF to keep both)"
        )
