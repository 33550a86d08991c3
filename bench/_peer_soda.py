"""The rules in Soda Core's own language, over the same files; prints counts and seconds."""

import json
import resource
import sys
import time

import duckdb
from soda.scan import Scan

from bench import _quality_rules as rules


def checks() -> tuple[str, dict[str, str]]:
    """Return the checks as SodaCL, and the name of each check → our code."""
    named, lines = {}, ["checks for t:"]

    def add(code: str, line: str, *more: str) -> None:
        named[code] = line
        lines.extend([f"  - {line}:", f"      name: {code}", *(f"      {m}" for m in more)])

    add("plate.filled", "missing_count(vehicle_plate) = 0")
    add("plate.shape", "invalid_count(vehicle_plate) = 0", f"valid regex: ^{rules.PLATE}$")
    add("terminal.length", "invalid_count(terminal_id) = 0", "valid max length: 20")
    for name, (low, high) in rules.RANGES.items():
        add(
            f"{name}.range", f"invalid_count({name}) = 0", f"valid min: {low}", f"valid max: {high}"
        )
    for name, codes in rules.CODES.items():
        listed = ", ".join(f"'{code}'" for code in codes)
        add(f"{name}.codes", f"invalid_count({name}) = 0", f"valid values: [{listed}]")
    lines += [
        "  - late = 0:", "      name: time.late",
        "      late expression: count(*) FILTER (WHERE gps_time > recv_time + INTERVAL 60 SECONDS)",
        "  - repeated = 0:", "      name: key.unique",
        "      repeated query: SELECT count(*) - count(DISTINCT (vehicle_plate, plate_color,"
        " gps_time)) FROM t",
        "  - jumps = 0:", "      name: pace",
        f"      jumps query: SELECT count(*) FROM ({' '.join(rules.WINDOW.split())})"
        f" WHERE {rules.pace()}",
    ]  # fmt: skip
    return "\n".join(lines), named


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        files = json.load(file)["files"]
    connection = duckdb.connect(
        config={"threads": int(sys.argv[2]), "memory_limit": f"{sys.argv[3]}MB",
                "temp_directory": sys.argv[4]}
    )  # fmt: skip
    connection.read_parquet(files).create_view("t")
    text, _ = checks()
    started, before = time.perf_counter(), time.process_time()
    scan = Scan()
    scan.disable_telemetry()
    scan.add_duckdb_connection(connection)
    scan.set_data_source_name("duckdb")
    scan.add_sodacl_yaml_str(text)
    scan.execute()
    seconds = time.perf_counter() - started
    if scan.has_error_logs():
        raise RuntimeError(scan.get_error_logs_text())
    found = {
        check["name"]: check["diagnostics"]["value"] for check in scan.get_scan_results()["checks"]
    }
    used = resource.getrusage(resource.RUSAGE_SELF)
    answer = {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime - before,
              "peak_mb": used.ru_maxrss / 1024, "counts": found}  # fmt: skip
    print(json.dumps(answer, default=float))


if __name__ == "__main__":
    main()
