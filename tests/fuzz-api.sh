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
# An address of more than 8,190 characters is refused, be what it asks right or wrong.
cat > schemathesis.toml <<'END'
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 414, 429, "5xx"]
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 414, 415, 422, 428, 429, "5xx"]
END
"$work/venv/bin/st" run "http://127.0.0.1:$port/api/v1/openapi.json" --wait-for-schema 20 --max-examples "${EXAMPLES:-60}" ${SEED:+--seed "$SEED"}
