#!/bin/sh
# Serves the starter collection and has schemathesis hold the API against its description; for `make fuzz-api`.
# What it needs goes to an environment and a folder of its own, which are gone afterwards.
set -eu
pincite=${1:?the pincite command}
port=${2:-8399}
work=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

python3 -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -q install 'schemathesis>=4.32'
# Two generations, so that there is something to compare.
"$pincite" --data "$work/data" build --locked
"$pincite" --data "$work/data" build --locked
"$pincite" --data "$work/data" serve --port "$port" --no-rate-limit &
server=$!
cd "$work"
"$work/venv/bin/st" run "http://127.0.0.1:$port/api/v1/openapi.json" --wait-for-schema 20 --max-examples "${EXAMPLES:-60}"
