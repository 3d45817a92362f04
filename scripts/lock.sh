#!/usr/bin/env bash
# Makes the lock files anew from pyproject.toml. Needs uv. Run it on purpose, read the diff, run `make test`.
# The files name no index, so the same lock installs from any registry or mirror; the hashes decide what is accepted.
set -euo pipefail
cd "$(dirname "$0")/.."
common=(--python-version 3.10 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet)
# TensorFlow is overridden away: nothing in config.yml needs it (askfirst/notf.py).
uv pip compile pyproject.toml "${common[@]}" --override locks/overrides.txt -o locks/serving.lock "$@"
uv pip compile locks/tests.in "${common[@]}" --constraint locks/serving.lock -o locks/tests.lock "$@"
uv pip compile locks/tools.in "${common[@]}" -o locks/tools.lock "$@"
uv pip compile locks/teach.in "${common[@]}" -o locks/teach.lock "$@"
if grep -nE 'https?://|file://|^--(extra-)?index' locks/*.lock; then echo "a lock file names an address: remove it" >&2; exit 1; fi
