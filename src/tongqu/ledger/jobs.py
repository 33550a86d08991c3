"""Work that the ledger repeats: stock, metadata, the general ledger, merged entries."""

from tongqu.kernel.jobs import job
from tongqu.ledger.actions import merges, metadata, resources, stock


@job("ledger.stock", cron="15 * * * *", title="存量测量")
def measure_stock() -> int:
    """Count the lake's tables, data items and rows once an hour."""
    return int(stock.measure().pk)


@job("ledger.metadata", cron="40 1 * * *", title="湖内元数据和数据文件采集")
def collect_metadata() -> int:
    return metadata.collect_lake() + metadata.collect_files()


@job("ledger.resources", cron="50 1 * * *", title="总账汇编")
def compile_resources() -> int:
    return resources.compile_ledger()


@job("ledger.merges", cron="25 * * * *", title="融合目录发布登记")
def note_published() -> int:
    return merges.note_published()
