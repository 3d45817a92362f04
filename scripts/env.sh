#!/usr/bin/env bash
# Makes (or checks) an environment from a hash-pinned lock.  Usage: scripts/env.sh serving|tests|tools|teach
#
# serving -> .venv        locks/serving.lock                     what `make run` needs
# tests   -> .venv        locks/serving.lock + locks/tests.lock  the same environment with pytest and hypothesis added
# tools   -> .venv-tools  locks/tools.lock                       ruff, mypy, pip-audit, uv: newer than Rasa's pins allow
# teach   -> .venv-teach  locks/teach.lock                       PyTorch (several GB), only for `make teach`
#
# A stamp holds the hash of what was installed, so a second call installs nothing. Nothing here needs root.
set -euo pipefail
cd "$(dirname "$0")/.."
kind="${1:-serving}"
case "$kind" in
  serving) venv=.venv; locks=(locks/serving.lock) ;;
  tests)   venv=.venv; locks=(locks/serving.lock locks/tests.lock) ;;
  tools)   venv=.venv-tools; locks=(locks/tools.lock) ;;
  teach)   venv=.venv-teach; locks=(locks/teach.lock) ;;
  *) echo "env.sh: unknown environment '$kind' (serving, tests, tools, teach)" >&2; exit 2 ;;
esac

say() { printf '%s\n' "$*" >&2; }
runs() { "$@" >/dev/null 2>&1; }   # a pyenv shim may exist and fail: a found program must run before it is trusted
is310() { runs "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))'; }

find_uv() {
  if [ -n "${ASKFIRST_NO_UV:-}" ]; then return 1; fi
  local u
  for u in uv .venv-tools/bin/uv; do if runs "$u" --version; then echo "$u"; return 0; fi; done
  return 1
}

find_python() {
  local p
  for p in "${PYTHON:-}" python3.10 python3 python "$(pyenv prefix 3.10 2>/dev/null || true)/bin/python3.10"; do
    if [ -n "$p" ] && is310 "$p"; then command -v "$p"; return 0; fi
  done
  local u; if u=$(find_uv); then
    p=$(UV_PYTHON_DOWNLOADS=never "$u" python find 3.10 2>/dev/null || true)
    if [ -n "$p" ] && is310 "$p"; then echo "$p"; return 0; fi
    # uv can bring a Python of its own where the internet can be reached.
    if [ -z "${UV_PYTHON_DOWNLOADS:-}" ] && "$u" python install 3.10 >/dev/null 2>&1; then
      p=$("$u" python find 3.10 2>/dev/null || true)
      if [ -n "$p" ] && is310 "$p"; then echo "$p"; return 0; fi
    fi
  fi
  return 1
}

stamp_of() { cat "$@" | sha256sum | cut -c1-64; }
want_serving=$(stamp_of locks/serving.lock)
want=$(stamp_of "${locks[@]}")
stamp="$venv/.askfirst-$kind"
[ "$kind" = serving ] && want="$want_serving"

if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$want" ]; then exit 0; fi

if ! python=$(find_python); then
  say "AskFirst needs Python 3.10 (Rasa 3.6 supports nothing newer). Install it (for example 'apt install python3.10', 'brew install python@3.10', 'pyenv install 3.10' or 'uv python install 3.10') and run this again."
  exit 1
fi

# One installation at a time, also when `make run` and `make test` are started together.
mkdir -p var
exec 9>var/env.lock
if command -v flock >/dev/null; then flock 9; fi
if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$want" ]; then exit 0; fi

say "Installing the $kind environment into $venv (once; about a minute, longer on a slow line) ..."
if uv=$(find_uv); then
  if ! { [ -x "$venv/bin/python" ] && is310 "$venv/bin/python"; }; then
    rm -rf "$venv"
    UV_PYTHON_DOWNLOADS=never "$uv" venv --quiet --python "$python" "$venv"
  fi
  for lock in "${locks[@]}"; do
    VIRTUAL_ENV="$venv" "$uv" pip install --quiet --compile-bytecode --no-deps --require-hashes -r "$lock"
  done
else
  if ! { [ -x "$venv/bin/python" ] && is310 "$venv/bin/python"; }; then rm -rf "$venv"; "$python" -m venv "$venv"; fi
  for lock in "${locks[@]}"; do
    # --no-deps: the lock is complete, and pip would otherwise bring TensorFlow back.
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
  done
fi
[ "$venv" = .venv ] && printf '%s\n' "$want_serving" > "$venv/.askfirst-serving"
printf '%s\n' "$want" > "$stamp"
say "Done."
