#!/usr/bin/env bash
# Prints a Python 3.10 that works, for Rasa; ends with 1 and a sentence when none can be had.
set -euo pipefail
uv=.tools/bin/uv
works() { [ -n "$1" ] && "$1" -c 'import sys, ssl; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }
candidates=("${FARO_PYTHON310:-}" "nlu/.venv/bin/python" "$(command -v python3.10 || true)")
for python in "$HOME"/.pyenv/versions/3.10.*/bin/python3.10; do candidates+=("$python"); done
candidates+=("$("$uv" python find --no-python-downloads 3.10 2>/dev/null || true)")
for python in "${candidates[@]}"; do
  if works "$python"; then echo "$python"; exit 0; fi
done
if "$uv" python install 3.10 >/dev/null 2>&1; then
  "$uv" python find 3.10
  exit 0
fi
echo "No Python 3.10 can be had here, and Rasa needs it: Faro runs with the keyword understanding. Install python3.10 and run again." >&2
exit 1
