#!/usr/bin/env bash
# Puts a pinned uv into .tools, once. Needs Python 3.11 or newer with venv.
set -euo pipefail
version="$1"
if [ -x .tools/bin/uv ] && [ "$(.tools/bin/uv --version | cut -d' ' -f2)" = "$version" ]; then
  exit 0
fi
for python in python3 python3.13 python3.12 python3.11; do
  if command -v "$python" >/dev/null && "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Installing uv $version …" >&2
    "$python" -m venv .tools
    .tools/bin/python -m pip install --quiet --disable-pip-version-check "uv==$version"
    exit 0
  fi
done
echo "Faro needs Python 3.11 or newer with the venv module; on Debian: apt-get install python3 python3-venv." >&2
exit 1
