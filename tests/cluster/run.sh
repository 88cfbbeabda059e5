#!/bin/sh
# Runs the tests of this folder against three nodes of OpenSearch, which Maven fetches; says in one line what is missing.
# Use: run.sh PYTHON [what pytest takes]
set -eu
VERSION=2.19.4
python=$1; shift
cd "$(dirname "$0")/../.."

left_out() { echo "tests/cluster is left out: $1" >&2; exit 0; }

command -v mvn >/dev/null 2>&1 || left_out "there is no mvn to fetch OpenSearch with"
PYTHONPATH=tests/cluster "$python" -c 'import nodes, sys; sys.exit(nodes.java() is None)' ||
    left_out "OpenSearch $VERSION needs a Java from 11 to 23, and there is none"
[ "$(id -u)" != 0 ] || command -v setpriv >/dev/null 2>&1 ||
    left_out "OpenSearch does not run as root, and there is no setpriv to become another"

folder=$(mktemp -d "${TMPDIR:-/tmp}/pincite-cluster-XXXXXX")
end() {
    for pid in $(cat "$folder"/nodes/*/pid 2>/dev/null); do kill -9 "-$pid" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap end EXIT
trap 'exit 1' INT TERM
chmod 755 "$folder"
timeout 240 mvn -B -q -Dstyle.color=never dependency:copy -DoutputDirectory="$folder" \
    -Dartifact=org.opensearch.distribution.integ-test-zip:opensearch:$VERSION:zip >"$folder/mvn.log" 2>&1 ||
    left_out "Maven does not fetch OpenSearch $VERSION ($(grep -m1 ERROR "$folder/mvn.log" | cut -c1-160))"
"$python" - "$folder" "$VERSION" <<'END'
import os, sys, zipfile
folder, version = sys.argv[1:]
with zipfile.ZipFile(f"{folder}/opensearch-{version}.zip") as packed:
    packed.extractall(folder)
    for one in packed.infolist():  # which zipfile leaves out
        os.chmod(f"{folder}/{one.filename}", (one.external_attr >> 16) & 0o777 | 0o444)
END
CLUSTER_DISTRIBUTION="$folder/opensearch-$VERSION" CLUSTER_FOLDER="$folder" \
    "$python" -m pytest tests/cluster "$@"
