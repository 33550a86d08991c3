"""Who plugs into what: adapters meet the ports of the rooms here and nowhere else."""

from tongqu.project.hooks import Found, Grants, Kept, Office, grants_of


def connect() -> None:
    """Connect adapters to ports and import the rooms' jobs. Called once, when Django is ready."""
    _keys()
    _standards()
    _receipts()
    _quality()
    _search()
    _usage()
    _projects()
    _probe()
    _one_source()
    _lake()
    _sources()
    _streams()
    _assets()
    _interchange()
    _jobs()
    _figures()
    _origins()


def _origins() -> None:
    """Show on an entry's page which activity writes it, in whose lane, with which system."""
    from tongqu.catalog.public import register_panel
    from tongqu.functions.public import panel

    register_panel(panel)


def _figures() -> None:
    """Put live figures beside the articles on the coverage page."""
    from tongqu.audit.public import entries
    from tongqu.catalog.public import stock
    from tongqu.delivery.public import grants
    from tongqu.kernel.actor import PLATFORM
    from tongqu.policy.public import count_for
    from tongqu.quality.public import tickets

    count_for(8, "现行目录", lambda: stock().entries)
    count_for(10, "有效授权", lambda: len(grants(open_only=True)))
    count_for(15, "质量工单", lambda: len(tickets(PLATFORM)))
    count_for(19, "审计事项", lambda: entries().count())


def _keys() -> None:
    from django.conf import settings

    from tongqu.adapters.keys.files import FileKeys
    from tongqu.audit.ports import connect_signer
    from tongqu.security.ports import connect_secrets

    keys = FileKeys(settings.KEYS)
    connect_signer(keys)
    connect_secrets(keys)


def _standards() -> None:
    """Let checks be tried on the engine that judges loads."""
    from tongqu.catalog.public import entries_following
    from tongqu.standards.ports import (
        Judge,
        TableFiles,
        register_followers,
        use_files,
        use_judge,
    )

    def judge() -> Judge:
        from tongqu.adapters.engines.judge import DuckJudge

        return DuckJudge()

    def files() -> TableFiles:
        from tongqu.adapters.interchange.tables import OneTable

        return OneTable()

    use_judge(judge)
    use_files(files)
    register_followers(entries_following)


def _receipts() -> None:
    from django.conf import settings

    from tongqu.adapters.documents.receipts import PdfReceipts
    from tongqu.audit.public import register_verifier
    from tongqu.catalog.ports import use_printer
    from tongqu.catalog.public import is_receipt, verify_receipt

    use_printer(PdfReceipts(settings.KEYS))
    register_verifier("receipt", is_receipt, verify_receipt)


def _quality() -> None:
    """Plug in gates of promotion, who may rate data, rules an entry needs, printed reports."""
    from tongqu.catalog.ports import use_notes, use_packs
    from tongqu.catalog.public import register_panel
    from tongqu.identity.ports import on_abolished
    from tongqu.ingest.public import use_gate as use_gate_between_levels
    from tongqu.lake.ports import use_gate
    from tongqu.quality import ports, public

    def printer() -> ports.ReportPrinter:
        from tongqu.adapters.documents.reports import PdfReports

        return PdfReports()

    ports.use_rejections(Kept())
    ports.use_oversight(Office())
    on_abolished(public.department_abolished)
    register_panel(public.marks_panel)
    use_notes(public.notes)
    use_packs(public.has_pack)
    use_gate(public.pass_layer)
    use_gate_between_levels(public.pass_level)
    ports.use_grants(grants_of)
    ports.use_printer(printer)


def _search() -> None:
    """Plug the catalogue's search index in; the engine is loaded at the first search."""
    from tongqu.adapters.search.lazy import LazyIndex
    from tongqu.catalog.ports import use_index
    from tongqu.catalog.public import search_feed

    use_index(LazyIndex(search_feed()))


def _usage() -> None:
    """Tell the catalogue who uses an entry: a change must give them notice (article 9)."""
    from tongqu.catalog.ports import use_usage

    use_usage(Grants())


def _projects() -> None:
    """Tell the catalogue which projects are in 立项: only these hold pre-entries (article 20)."""
    from tongqu.catalog.ports import use_projects
    from tongqu.supervision.public import ProjectRegister

    use_projects(ProjectRegister())


def _probe() -> None:
    """Let supervision look every minute whether the platform answers (article 4)."""
    from django.conf import settings

    from tongqu.adapters.outbound.probe import HubProbe
    from tongqu.supervision.public import use_probe

    use_probe(HubProbe(settings.BASE_URL))


def _one_source() -> None:
    """Tell the compliance check which system is the one source of a datum."""
    from tongqu.catalog.ports import use_sources
    from tongqu.onesource.public import sources_of

    use_sources(sources_of)


def _jobs() -> None:
    """Import every room's jobs, so that they are registered."""
    from importlib import import_module

    rooms = (
        "assets", "audit", "security", "standards", "catalog", "delivery", "ingest", "lake",
        "masters", "onesource",
        "opening", "quality",
    )  # fmt: skip
    for room in rooms:
        import_module(f"tongqu.{room}.jobs")


def _lake() -> None:
    """Plug the lake's store and engine in as factories: nothing heavy is loaded before use."""
    from django.conf import settings

    from tongqu.lake import public as lake
    from tongqu.lake.handlers import register

    def store() -> lake.TableStore:
        from tongqu.adapters.tables.iceberg import IcebergStore
        from tongqu.adapters.tables.warehouse import warehouse_of

        return IcebergStore(warehouse_of(settings.LAKE))

    def engine(tables: lake.TableStore) -> lake.Engine:
        from tongqu.adapters.engines.duck import DuckEngine
        from tongqu.adapters.tables.warehouse import warehouse_of

        warehouse = warehouse_of(settings.LAKE)
        return DuckEngine(tables, warehouse=warehouse, writable=[settings.EXPORTS])

    def computer(tables: lake.TableStore, local: lake.Engine) -> lake.Engine:
        if settings.LAKE.get("ENGINE", "duckdb") != "spark":
            return local
        from tongqu.adapters.engines.spark import SparkEngine

        return SparkEngine(local, tables, remote=settings.LAKE["SPARK_REMOTE"])

    lake.provide(store, engine, computer)
    _lineage()
    _copies()
    _backups()
    register()


def _lineage() -> None:
    """Say where events of lineage go, and who knows the jobs of the source layer."""
    from django.conf import settings

    from tongqu.ingest.public import load_jobs
    from tongqu.lake import ports

    def make() -> ports.Emit:
        from tongqu.adapters.outbound.lineage import emitter

        return emitter(settings.OPENLINEAGE["URL"], settings.OPENLINEAGE["TOKEN"])

    ports.use_emitter(make)
    ports.use_loads(load_jobs)


def _copies() -> None:
    """Say how a grant's rows become a table that readers of Iceberg may attach."""
    from tongqu.delivery import ports
    from tongqu.delivery.handlers import register

    def writer() -> ports.CopyWriter:
        from tongqu.adapters.tables.copies import IcebergCopies

        return IcebergCopies()

    ports.use_copy_writer(writer)
    register()


def _backups() -> None:
    """Say where backups go, and how the control database is copied."""
    from django.conf import settings

    from tongqu.lake import ports

    def vault() -> ports.Vault | None:
        from tongqu.adapters.backups.vaults import vault_at

        return vault_at(
            str(settings.BACKUP),
            scratch=settings.HOME / "vault",
            endpoint=settings.LAKE["S3_ENDPOINT"],
            region=settings.LAKE["S3_REGION"],
        )

    def control() -> ports.ControlCopy:
        from tongqu.adapters.backups.control import ControlFiles

        return ControlFiles()

    ports.provide_backup(vault, control)


def _sources() -> None:
    """Plug in the connectors of sources, each for its form."""
    from django.conf import settings

    from tongqu.catalog.public import register_panel
    from tongqu.ingest import public as ingest
    from tongqu.ingest.vocabulary import Form
    from tongqu.quality import public as quality

    def databases() -> ingest.Puller:
        from tongqu.adapters.sources.databases.puller import DatabasePuller

        return DatabasePuller(allowed=settings.SCAN_ALLOWED)

    def files() -> ingest.SourceConnector:
        from tongqu.adapters.sources.files.connector import FileConnector

        return FileConnector(memory_mb=settings.LAKE["MEMORY_MB"], threads=settings.LAKE["THREADS"])

    for form in Form:  # a piece of a pull is a file, whatever it was pulled from
        ingest.provide(form.value, files)
    ingest.provide_puller("database", databases)
    _ways_in()
    ingest.use_hooks(Found())
    register_panel(ingest.freshness_panel)
    register_panel(ingest.checks_panel)
    register_panel(quality.panel)


def _ways_in() -> None:
    """Plug in interfaces and the places where departments lay files down."""
    from django.conf import settings

    from tongqu.ingest import public as ingest

    def http() -> ingest.Puller:
        from tongqu.adapters.sources.http.connector import HttpPuller

        return HttpPuller(allowed=settings.SCAN_ALLOWED)

    def folder() -> ingest.Puller:
        from tongqu.adapters.sources.places.folder import FolderPuller

        return FolderPuller(allowed=settings.SCAN_ALLOWED)

    def sftp() -> ingest.Puller:
        from tongqu.adapters.sources.places.sftp import SftpPuller

        return SftpPuller(allowed=settings.SCAN_ALLOWED)

    def s3() -> ingest.Puller:
        from tongqu.adapters.sources.places.s3 import S3Puller

        return S3Puller(allowed=settings.SCAN_ALLOWED)

    for name, factory in (("http", http), ("folder", folder), ("sftp", sftp), ("s3", s3)):
        ingest.provide_puller(name, factory)


def _streams() -> None:
    """Plug in message streams; the clients of the brokers are loaded when a stream is pulled."""
    from django.conf import settings

    from tongqu.ingest import public as ingest

    def mqtt() -> ingest.Puller:
        from tongqu.adapters.sources.streams.mqtt import MqttPuller

        return MqttPuller(settings.LANDING / "streams", allowed=settings.SCAN_ALLOWED)

    def kafka() -> ingest.Puller:
        from tongqu.adapters.sources.streams.kafka import KafkaPuller

        return KafkaPuller(allowed=settings.SCAN_ALLOWED)

    ingest.provide_puller("mqtt", mqtt)
    ingest.provide_puller("kafka", kafka)


def _assets() -> None:
    """Plug in signatures, readers of files, their store, and the relay of pictures."""
    from django.conf import settings

    from tongqu.assets import ports
    from tongqu.assets import public as assets
    from tongqu.catalog.public import register_panel, use_words

    def signatures() -> ports.Signatures:
        from tongqu.adapters.keys.devices import DeviceSignatures

        return DeviceSignatures()

    def examiner() -> ports.Examiner:
        from tongqu.adapters.media.examiner import FileExaminer

        return FileExaminer()

    def store() -> ports.Store:
        from tongqu.adapters.media.store import FileStore

        return FileStore(settings.ASSETS)

    def relay() -> ports.Relay:
        from tongqu.adapters.media.relay import FrameRelay

        return FrameRelay(settings.SCAN_ALLOWED)

    assets.provide(signatures=signatures, examiner=examiner, store=store, relay=relay)
    register_panel(assets.devices_panel)
    register_panel(assets.media_panel)
    use_words(assets.media_words)


def _interchange() -> None:
    """Plug in files that carry a catalogue, and the scan of live databases, as factories."""
    from django.conf import settings

    from tongqu.catalog import ports

    def files() -> ports.Interchange:
        from tongqu.adapters.interchange.files import Files

        return Files()

    def scanner() -> ports.DatabaseScanner:
        from tongqu.adapters.sources.databases.scanner import SqlScanner

        return SqlScanner(allowed=settings.SCAN_ALLOWED)

    ports.use_interchange(files)
    ports.use_scanner(scanner)
