"""`postcheck serve`."""

from __future__ import annotations

import click


@click.command()
@click.option("--drafts", metavar="DIR", type=click.Path(exists=True, file_okay=False), help="Their folder.")
@click.option("--sample", is_flag=True, help="Try it with three drafts and five accounts.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="The port to listen at.")
@click.option("--socket", metavar="FILE", type=click.Path(), help="A Unix socket to listen at instead, for a proxy.")
@click.option("--name", "names", multiple=True, metavar="HOST", help="The name that browsers call it by (repeatable).")
@click.option("--https", "is_https", is_flag=True, help="A proxy before it speaks https with the browsers.")
@click.option(
    "--certificate", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="For https without a proxy."
)
@click.option("--key", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="Of the certificate.")
@click.option("--proxy-headers", is_flag=True, help="A proxy says who asks (X-Forwarded-User); nobody signs in here.")
@click.option(
    "--upload-mb", default=500, show_default=True, type=click.IntRange(1), help="The most that one upload may have."
)
@click.option(
    "--hootsuite-minutes",
    default=0,
    type=click.IntRange(0, 1440),
    metavar="N",
    help="Every N minutes fetch what waits in Hootsuite, send decisions, see what became of it.",
)
@click.option("--policy", metavar="NAME", help="The city's rule book, as for check.")
@click.option("--config", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="The settings file.")
def serve(
    drafts: str | None,
    sample: bool,
    host: str,
    port: int,
    socket: str | None,
    names: tuple[str, ...],
    is_https: bool,
    certificate: str | None,
    key: str | None,
    proxy_headers: bool,
    upload_mb: int,
    hootsuite_minutes: int,
    policy: str | None,
    config: str | None,
) -> None:
    """Open the pages on which drafts are written, decided on and handed over.

    --drafts or --sample. Who may sign in: `postcheck accounts add`.
    """
    import shlex
    from pathlib import Path

    from postcheck.config import find_config
    from postcheck.errors import UsageError
    from postcheck.serving.place import Place
    from postcheck.serving.sample import begin_sample, new_passwords
    from postcheck.serving.server import desk_for, run

    if bool(drafts) == sample:
        raise click.UsageError("Name the folder with --drafts DIR, or try it with --sample.")
    if bool(certificate) != bool(key):
        raise click.UsageError("--certificate and --key belong together.")
    if sample:
        folder = Path("postcheck-sample")
        begin_sample(folder)
        drafts, config = str(folder / "posts"), str(folder / "postcheck.toml")
    root = Path(drafts or ".")
    settings = Path(config) if config else find_config([root])
    place = Place(
        host,
        port,
        Path(socket) if socket else None,
        names,
        is_https or certificate is not None,
        Path(certificate) if certificate else None,
        Path(key) if key else None,
    )
    desk = desk_for(
        root,
        settings,
        "" if policy == "none" else policy,
        None,
        proxy=proxy_headers,
        secure=place.is_https,
        upload_mb=upload_mb,
        hootsuite_minutes=hootsuite_minutes,
    )
    if sample:
        click.echo("Names and new passwords:")
        for name, password in new_passwords(desk.accounts).items():
            roles = next(person.roles for person in desk.accounts.list() if person.name == name)
            click.echo(f"  {name:<8} {password}  ({', '.join(sorted(roles))})")
    elif not desk.accounts.list():
        add = f"postcheck accounts add NAME --role creator --accounts {shlex.quote(str(desk.base))}"
        raise UsageError(f"{desk.base}: nobody has an account. Make one: {add}")
    listening = place.listen()
    click.echo(f"postcheck serves {root} at {place.address(listening)} until Ctrl-C.")
    run(desk, place, listening)
