#!/bin/sh
# Sees that the browser tests have Chromium and its driver, from Debian's packages where we may install them, and
# axe-core, from npm where that is.
# With --report: says as the last line of a run what was left out; under CI=true that is a failure.
have() { command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1; }
have_axe() { test -f "${AXE_CORE:-.venv/axe/node_modules/axe-core/axe.min.js}"; }

if [ "$1" = "--report" ]; then
    have && have_axe && exit 0
    have || echo "The browser tests were left out: no Chromium. On Debian: sudo apt-get install chromium chromium-driver"
    have_axe || echo "axe-core was left out: no npm. On Debian: sudo apt-get install npm"
    [ "$CI" = "true" ] && exit 1
    exit 0
fi
if ! have && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver; } >/dev/null 2>&1
fi
# A new version has new rules: it is raised on purpose, not from one day to the next.
if ! have_axe && command -v npm >/dev/null 2>&1; then
    echo "Installing axe-core"
    npm install --silent --no-audit --no-fund --prefix .venv/axe axe-core@4.14.1 >/dev/null 2>&1
fi
exit 0
