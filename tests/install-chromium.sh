#!/bin/sh
# Sees that the browser tests have Chromium and its driver, from Debian's packages where we may install them, and
# axe-core. That comes from a wheel that holds it whole; what else the wheel asks for, a browser driver, is not installed.
# With --report: says as the last line of a run what was left out; under CI=true that is a failure.
have() { command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1; }
have_axe() { test -f "${AXE_CORE:-.venv/axe/axe_playwright_python/axe.min.js}"; }

if [ "$1" = "--report" ]; then
    have && have_axe && exit 0
    have || echo "The browser tests were left out: no Chromium. On Debian: sudo apt-get install chromium chromium-driver"
    have_axe || echo "axe-core was left out: pip could not fetch it"
    [ "$CI" = "true" ] && exit 1
    exit 0
fi
if ! have && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver; } >/dev/null 2>&1
fi
# A new version has new rules: it is raised on purpose, not from one day to the next.
if ! have_axe && test -x .venv/bin/python; then
    echo "Installing axe-core"
    .venv/bin/python -m pip --disable-pip-version-check -q install --no-deps --target .venv/axe axe-playwright-python==0.1.8
fi
exit 0
