# Sourced by ./run and ./test: the Python to use, and a virtual environment with exactly the locked packages.

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# The first interpreter that really is 3.11 or newer; a name on the PATH may be a broken shim.
find_python() {
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

# What decides the content of .venv; when it is unchanged, nothing is installed and nothing is asked of the network.
fingerprint() { cat "$@" | cksum; }

# A moved checkout needs a new one: the programs in it name their interpreter by its full path.
venv_works() {
    { [ ! -f .venv/regulars-home ] || [ "$(cat .venv/regulars-home)" = "$(pwd)" ]; } \
        && .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

make_venv() {
    python=$(find_python) || fail "Regulars needs Python 3.11 or newer, and none was found, so nothing was installed." \
        "Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python) or name it: PYTHON=/path/to/python3 $0"
    # Only what venv itself made is replaced.
    if [ -e .venv ] && [ ! -f .venv/pyvenv.cfg ]; then
        fail "The folder .venv is in the way and is not a virtual environment, so it was left alone. Move it away and start again."
    fi
    say "Making a virtual environment in .venv with $("$python" --version)."
    rm -rf .venv
    if ! messages=$("$python" -m venv .venv 2>&1); then
        rm -rf .venv
        printf '%s\n' "$messages" >&2
        fail "$python cannot make virtual environments, so nothing was installed." \
            "Install what is missing (Debian, Ubuntu: apt install python3-venv) and start again."
    fi
}

# install_packages NAME LOCK…: what the LOCK files pin, and Regulars itself from this folder.
install_packages() {
    name=$1
    shift
    stamp=.venv/regulars-$name
    wanted=$(fingerprint "$@" pyproject.toml)
    if venv_works && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return 0
    fi
    # One without pip is what an interrupted or an incomplete `venv` leaves.
    { venv_works && .venv/bin/python -m pip --version >/dev/null 2>&1; } || make_venv
    rm -f "$stamp"
    pwd > .venv/regulars-home
    say "Installing the packages of $* (once, and again when they change)."
    arguments=""
    for lock in "$@"; do arguments="$arguments -r $lock"; done
    # shellcheck disable=SC2086  # file names of our own, without blanks
    .venv/bin/python -m pip install --quiet --disable-pip-version-check $arguments \
        || fail "The packages could not be installed (see above). With the network back, start again: it goes on where it stopped."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . \
        || fail "Regulars itself could not be installed (see above), so nothing was started."
    printf '%s\n' "$wanted" > "$stamp"
}
