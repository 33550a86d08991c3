"""Classic Spark over our catalogue: run in an environment of its own, which has Java's Spark.

Reads a JSON document (see ``test_classic_spark``) and writes a Parquet file for every query.
Nothing of the platform is imported here.
"""

import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
from pyspark.sql import SparkSession


def main(told: dict) -> None:
    session = opened(told)
    for name in told["tables"]:
        session.table(f"{told['catalog']}.{name}").createOrReplaceTempView(
            f"v_{name.rsplit('.', 1)[-1]}"
        )
    into = Path(told["into"])
    for name, sql in told["queries"].items():
        try:
            pq.write_table(session.sql(sql).toArrow(), into / f"{name}.parquet")
        except Exception as error:
            (into / f"{name}.error").write_text(str(error)[:1000])
    session.stop()


def opened(told: dict) -> SparkSession:
    catalog = f"spark.sql.catalog.{told['catalog']}"
    builder = SparkSession.builder.master("local[2]").appName("golden")
    for key, value in {
        **told["settings"],
        "spark.jars": ",".join(told["jars"]),
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.log.level": "ERROR",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.type": "jdbc",
        f"{catalog}.uri": told["jdbc"],
        f"{catalog}.jdbc.user": told["user"],
        f"{catalog}.jdbc.password": told["password"],
        f"{catalog}.jdbc.schema-version": "V1",
        f"{catalog}.warehouse": told["warehouse"],
    }.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
