# Installs Debian packages where that is allowed, else says the line to type. Sourced, not run.

# apt_install WHAT_FOR PACKAGE…: always succeeds; set-up goes on, and what is missing was said.
apt_install() {
    purpose=$1
    shift
    if ! command -v apt-get >/dev/null; then
        echo "For $purpose this machine still needs what Debian calls: $*" >&2
        return 0
    fi
    if [ "$(id -u)" -eq 0 ]; then
        root=
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        root=sudo
    else
        root=none
    fi
    if [ "$root" != none ]; then
        echo "Installing for $purpose: $* …"
        # Without fresh lists a package that was replaced since cannot be fetched.
        $root env DEBIAN_FRONTEND=noninteractive apt-get update -qq || true
        if $root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
            --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" >/dev/null; then
            return 0
        fi
    fi
    echo "For $purpose this machine still needs some packages. Type:" >&2
    echo "    sudo apt-get update && sudo apt-get install $*" >&2
}
