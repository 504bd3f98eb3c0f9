#!/bin/sh
# Makes .venv and installs Embedscope into it, with the tested versions: environment.sh [EXTRA]
set -eu
cd "$(dirname "$0")/../.."
. resources/setup/apt.sh

python=${PYTHON:-}
if [ -z "$python" ]; then
    # 3.11 first: the tested versions in constraints.txt are tested with it.
    for candidate in python3.11 python3 python3.12 python3.13 python3.14 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$candidate
            break
        fi
    done
fi
if [ -z "$python" ]; then
    echo "Embedscope needs Python 3.11 or newer, and none was found. Name one: make PYTHON=…" >&2
    exit 1
fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "Making .venv with $("$python" --version) …"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # Debian keeps this part of Python in a package of its own.
        series=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        apt_install "making .venv" "$series-venv"
    fi
    if ! "$python" -m venv --clear .venv; then
        rm -rf .venv
        echo "$python cannot make .venv; what it says is above. Then type make again." >&2
        exit 1
    fi
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1
echo "Installing the Python packages (the first time this takes minutes) …"
.venv/bin/python -m pip install --quiet --constraint constraints.txt --editable ".${1:+[$1]}"
