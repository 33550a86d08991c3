"""Let the database copy a table into nothing: the fastest that it can be read at all."""

import sys

import psycopg

from bench._lap import Laps


def main() -> None:
    laps = Laps()
    with psycopg.connect(sys.argv[1], autocommit=True) as connection, laps.lap():
        connection.execute("COPY passages TO '/dev/null'")
    laps.tell()


if __name__ == "__main__":
    main()
