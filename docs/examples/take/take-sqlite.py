# Takes the write lock of an SQLite database, and holds it until standard input ends.
import sqlite3
import sys

database = sqlite3.connect(sys.argv[1], timeout=86400, isolation_level=None)
print('waiting', flush=True)
database.execute('BEGIN IMMEDIATE')  # lock
print('inside', flush=True)
sys.stdin.read()
database.execute('ROLLBACK')
