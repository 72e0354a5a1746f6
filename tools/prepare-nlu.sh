#!/usr/bin/env bash
# Installs the NLU's own environment and trains the model, unless both are there already.
set -euo pipefail
python="$(tools/find-python310.sh)"
echo "Preparing the NLU environment (Python 3.10, Rasa) …" >&2
.tools/bin/uv sync --quiet --locked --project nlu --python "$python"
cd nlu
.venv/bin/python -m faro_nlu train
