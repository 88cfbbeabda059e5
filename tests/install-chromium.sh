#!/bin/sh
# Sees that the browser tests have Chromium and its driver: from Debian's packages, where we may install them.
# With --report: says as the last line of a run that those tests were left out; under CI=true that is a failure.
have() { command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1; }

if [ "$1" = "--report" ]; then
    have && exit 0
    echo "The browser tests were left out: no Chromium. On Debian: sudo apt-get install chromium chromium-driver"
    [ "$CI" = "true" ] && exit 1
    exit 0
fi
have && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver; } >/dev/null 2>&1
fi
exit 0
